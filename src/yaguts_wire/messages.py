"""Build, read and validate the messages about jobs.

A *message* is a dict with the wire's Portuguese keys and units (decimal grams and seconds). The
code uses dicts with English keys and integers (see `shapes`), because the ESP32's floats have 24
bits. The functions here convert between the two. `read_…` raises `Malformed` with the key at fault.
"""

from yaguts_wire import dispenser_words as w
from yaguts_wire.codec import Entries
from yaguts_wire.limits import MAX_DOSE_MG, MAX_JARS, MAX_KEY_BYTES
from yaguts_wire.values import (
    MAX_ID,
    Malformed,
    grams,
    identity,
    optional_word,
    part,
    parts,
    seconds,
    thousandths,
    whole,
    word,
)

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from collections.abc import Callable

    from yaguts_wire.shapes import (
        DoseReport,
        JobOffer,
        Message,
        OfferedDose,
        OfferedMotor,
        Place,
    )


# Jobs, from the server to the dispenser


def read_job(message: "Message") -> "JobOffer":
    """The offer in the message. `Malformed` also without doses, or with an order twice.

    Takes the doses out of the message: a small heap has no room for them twice.
    """
    doses = _take_doses(message)
    if not doses or len({dose["order"] for dose in doses}) != len(doses):
        raise Malformed(w.ITEMS)
    job_key = word(message, w.JOB_KEY, MAX_KEY_BYTES)
    if len(job_key.encode()) > MAX_KEY_BYTES:
        raise Malformed(w.JOB_KEY)
    return {
        "id": identity(message, w.ID),
        "job_key": job_key,
        "ttl_s": whole(message, w.TIME_TO_LIVE_S, 0, MAX_ID),
        "status": word(message, w.STATUS, 20),
        "recipe_id": None if message.get(w.RECIPE_ID) is None else identity(message, w.RECIPE_ID),
        "people": whole(message, w.PEOPLE, 1, 100),
        "multiplier": whole(message, w.MULTIPLIER, 1, 100),
        "created_at": word(message, w.CREATED_AT, 40),
        "started_at": optional_word(message, w.STARTED_AT, 40),
        "doses": doses,
        "motor": _read_motor(part(message, w.MOTOR)),
        "asks": message.get(w.ASKS) is True,
    }


def _take_doses(message: "Message") -> "list[OfferedDose]":
    items = parts(message, w.ITEMS)
    doses: "list[OfferedDose]" = []
    while items:
        doses.append(_read_dose(items.pop(0)))
    return doses


def _read_dose(item: "Message") -> "OfferedDose":
    return {
        "id": identity(item, w.ID),
        "order": whole(item, w.ORDER, 1, 255),
        "jar": whole(item, w.JAR, 1, MAX_JARS),
        "spice": word(item, w.SPICE, 60),
        "quantity_mg": thousandths(item, w.QUANTITY_G, MAX_DOSE_MG),
        "duration_ms": thousandths(item, w.SECONDS, MAX_ID),
        "status": word(item, w.STATUS, 20),
    }


def _read_motor(motor: "Message") -> "OfferedMotor":
    return {
        "intensity": whole(motor, w.INTENSITY, 0, 100),
        "pre_start_ms": whole(motor, w.PRE_START_MS, 0, 5000),
        "post_stop_ms": whole(motor, w.POST_STOP_MS, 0, 5000),
        "max_runtime_s": whole(motor, w.MAX_RUNTIME_S, 30, 600),
    }


# Reports, from the dispenser to the server


def build_report(job_key: str, report_of: "Callable[[int], DoseReport]", count: int) -> "Message":
    """The report of a job with `count` doses. `report_of` gives the report of a dose, from 0."""
    done = sum([report_of(place)["done"] for place in range(count)])
    return {
        w.JOB_KEY: job_key,
        w.COMPLETED: done,
        w.FAILED_COUNT: count - done,
        w.LOGS: Entries(lambda place: _build_dose_report(report_of(place)), count),
    }


def _build_dose_report(dose: "DoseReport") -> "Message":
    entry = {
        w.ITEM_ORDER: dose["order"],
        w.JAR: dose["jar"],
        w.SPICE: dose["spice"],
        w.QUANTITY_G: grams(dose["fell_at_most_mg"]),
        w.AT_LEAST_G: grams(dose["fell_at_least_mg"]),
        w.SECONDS: seconds(dose["duration_ms"]),
        w.RESUMES: dose["resumes"],
        w.STATUS: w.DONE if dose["done"] else w.FAILED,
    }
    if dose["error"]:
        entry[w.ERROR] = dose["error"]
    return entry


# The small messages


def build_accept(job_key: str, acceptance: int) -> "Message":
    """The dispenser has the job in its journal and asks the server to accept it.

    `acceptance`: the number that it drew when it wrote the job.
    """
    return {w.JOB_KEY: job_key, w.ACCEPTANCE: acceptance}


def read_accepted(message: "Message", job_key: str) -> bool:
    """Whether the server accepted this very job."""
    return message.get(w.OK) is True and message.get(w.JOB_KEY) == job_key


def build_progress(
    job_key: str, dose: "Place", fell_at_least_mg: int, status: str, question: int = 0
) -> "Message":
    """Progress of a dose, for display. `question`: the number of the question whether to resume."""
    message = {
        w.JOB_KEY: job_key,
        w.ITEM_ORDER: dose["order"],
        w.JAR: dose["jar"],
        w.DISPENSED_G: grams(fell_at_least_mg),
        w.STATUS: status,
    }
    if question:
        message[w.QUESTION] = question
    return message


def read_cancel(message: "Message") -> bool:
    """Whether the answer to progress asks the dispenser to stop."""
    return message.get(w.CANCEL) is True


def read_resume(message: "Message", question: int) -> bool:
    """Whether the answer to progress says yes to this very question."""
    answered = message.get(w.RESUME)
    return answered is not True and answered == question


def read_ok(message: "Message") -> bool:
    """Whether the server has stored the report. No other answer has these keys."""
    return message.get(w.OK) is True and w.STOCK_DEDUCTED in message
