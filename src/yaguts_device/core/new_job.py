"""What becomes of an offer: the job that is kept of it, and the first state of its doses. Pure."""

from yaguts_device.core import dose_machine
from yaguts_wire.limits import MAX_OPEN_MS

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.core.held_job import HeldDose, HeldJob
    from yaguts_wire.shapes import JobOffer, OfferedDose


def held_job_of(offer: "JobOffer") -> "HeldJob":
    """The part of the offer that the journal keeps.

    Takes the doses out of the offer: a small heap has no room for them twice.
    """
    return {
        "id": offer["id"],
        "job_key": offer["job_key"],
        "ttl_s": offer["ttl_s"],
        "motor": offer["motor"],
        "doses": [_held_dose(offer["doses"].pop(0)) for _ in range(len(offer["doses"]))],
        "asks": offer["asks"],
    }


def _held_dose(dose: "OfferedDose") -> "HeldDose":
    return {
        "order": dose["order"],
        "jar": dose["jar"],
        "spice": dose["spice"],
        "quantity_mg": dose["quantity_mg"],
        "duration_ms": dose["duration_ms"],
    }


def first_doses(job: "HeldJob", jars: int) -> "list[dose_machine.DoseState]":
    """Each dose at first: waiting, or failed if a board with `jars` jars can't pour it."""
    return [_first(held, job, jars) for held in job["doses"]]


def failed_doses(job: "HeldJob", reason: int) -> "list[dose_machine.DoseState]":
    """The state of each dose of a job that is refused."""
    return [dose_machine.advance(_blank(held), dose_machine.STOP, reason) for held in job["doses"]]


def _first(held: "HeldDose", job: "HeldJob", jars: int) -> dose_machine.DoseState:
    dose = _blank(held)
    if held["jar"] > jars:
        return dose_machine.advance(dose, dose_machine.STOP, dose_machine.NO_DRIVER)
    # Over all doses of the jar: a broken server could repeat a dose without end.
    if sum([one["duration_ms"] for one in job["doses"] if one["jar"] == held["jar"]]) > MAX_OPEN_MS:
        return dose_machine.advance(dose, dose_machine.STOP, dose_machine.TOO_LONG)
    if held["duration_ms"] < 1:
        return dose_machine.advance(dose, dose_machine.STOP, dose_machine.NOT_POSSIBLE)
    return dose


def _blank(held: "HeldDose") -> dose_machine.DoseState:
    return dose_machine.new_dose(held["quantity_mg"], held["duration_ms"])
