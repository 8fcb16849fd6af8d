"""The server's side of the messages: what it sends to dispensers, and how it reads reports.

It is a module of its own because a board has a small heap and does not need it.
"""

from yaguts_wire import dispenser_words as w
from yaguts_wire.limits import MAX_DOSE_MG, MAX_JARS
from yaguts_wire.values import (
    MAX_ID,
    Malformed,
    grams,
    is_list,
    optional_word,
    parts,
    seconds,
    thousandths,
    whole,
    word,
)

TYPE_CHECKING = False  # type checkers take this for true; MicroPython runs this file in the tests
if TYPE_CHECKING:
    from typing import Any

    from yaguts_wire.shapes import (
        DoseReport,
        JobOffer,
        JobReport,
        Message,
        OfferedDose,
        OfferedMotor,
    )

MOST_HAPPENINGS = 100
"""A heartbeat tells of eight, and is no longer than 1,024 bytes."""


def build_job(job: "JobOffer") -> "Message":
    """The message that offers a job to a dispenser."""
    message = {
        w.ID: job["id"],
        w.JOB_KEY: job["job_key"],
        w.TIME_TO_LIVE_S: job["ttl_s"],
        w.STATUS: job["status"],
        w.RECIPE_ID: job["recipe_id"],
        w.PEOPLE: job["people"],
        w.MULTIPLIER: job["multiplier"],
        w.CREATED_AT: job["created_at"],
        w.STARTED_AT: job["started_at"],
        w.ITEMS: [_build_dose(dose) for dose in job["doses"]],
        w.MOTOR: build_motor(job["motor"]),
    }
    if job["asks"]:
        message[w.ASKS] = True
    return message


def _build_dose(dose: "OfferedDose") -> "Message":
    return {
        w.ID: dose["id"],
        w.ORDER: dose["order"],
        w.JAR: dose["jar"],
        w.SPICE: dose["spice"],
        w.QUANTITY_G: grams(dose["quantity_mg"]),
        w.SECONDS: seconds(dose["duration_ms"]),
        w.STATUS: dose["status"],
    }


def build_motor(motor: "OfferedMotor") -> "Message":
    """The four settings of the vibration motor."""
    return {
        w.INTENSITY: motor["intensity"],
        w.PRE_START_MS: motor["pre_start_ms"],
        w.POST_STOP_MS: motor["post_stop_ms"],
        w.MAX_RUNTIME_S: motor["max_runtime_s"],
    }


def build_accepted(job_key: str) -> "Message":
    """The server accepts the job. The key is repeated, so that no foreign answer starts a job."""
    return {w.OK: True, w.JOB_KEY: job_key}


def read_report(message: "Message") -> "JobReport":
    """The report of a dispenser with firmware 0.2, as `build_report` wrote it.

    A report that was parked names no spices.
    """
    return {
        "job_key": word(message, w.JOB_KEY, 64),
        "doses": [_read_dose_report(entry) for entry in parts(message, w.LOGS)],
    }


def read_happenings(status: "Message") -> "list[list[int]]":
    """Of a heartbeat's status, each as life, number, code, its two numbers, age in seconds.

    Empty when there are none, or when something else stands there.
    """
    told = status.get(w.HAPPENINGS)
    if not is_list(told) or not told or len(told) > MOST_HAPPENINGS:
        return []
    found = [told[:1] + entry if is_list(entry) else [] for entry in told[1:]]
    return found if all(_is_happening(one) for one in found) else []


def _is_happening(told: "list[Any]") -> bool:
    whole_numbers = [type(number) is int and abs(number) <= MAX_ID for number in told]
    return len(told) == 6 and all(whole_numbers)


def _read_dose_report(entry: "Message") -> "DoseReport":
    status = entry.get(w.STATUS)
    if status not in (w.DONE, w.FAILED):
        raise Malformed(w.STATUS)
    return {
        "order": whole(entry, w.ITEM_ORDER, 1, 255),
        "jar": whole(entry, w.JAR, 1, MAX_JARS),
        "spice": "" if entry.get(w.SPICE) == "" else word(entry, w.SPICE, 60),
        "fell_at_most_mg": thousandths(entry, w.QUANTITY_G, MAX_DOSE_MG),
        "fell_at_least_mg": thousandths(entry, w.AT_LEAST_G, MAX_DOSE_MG),
        "duration_ms": thousandths(entry, w.SECONDS, MAX_ID),
        "resumes": whole(entry, w.RESUMES, 0, 255),
        "done": status == w.DONE,
        "error": optional_word(entry, w.ERROR, 200),
    }
