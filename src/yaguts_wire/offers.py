"""Read the message by which a job is offered. What a message is: `messages`."""

from yaguts_wire import dispenser_words as w
from yaguts_wire.limits import MAX_DOSE_MG, MAX_JARS, MAX_KEY_BYTES
from yaguts_wire.values import (
    MAX_ID,
    Malformed,
    identity,
    optional_word,
    part,
    parts,
    thousandths,
    whole,
    word,
)

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_wire.shapes import JobOffer, Message, OfferedDose, OfferedMotor


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
