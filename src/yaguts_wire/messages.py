"""Build, read and validate the messages about jobs.

A *message* is a dict with the wire's Portuguese keys and units (decimal grams and seconds). The
code uses dicts with English keys and integers (see `shapes`), because the ESP32's floats have 24
bits. The functions here convert between the two. `read_…` raises `Malformed` with the key at fault.
"""

from yaguts_wire import dispenser_words as w
from yaguts_wire.codec import Entries
from yaguts_wire.values import (
    grams,
    seconds,
)

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from collections.abc import Callable

    from yaguts_wire.shapes import (
        DoseReport,
        Message,
        Place,
    )


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
