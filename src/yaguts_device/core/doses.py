"""The doses of a job before anything is poured: waiting, or failed from the start. Pure."""

from yaguts_device.core import dose_machine
from yaguts_wire.messages import MAX_DOSE_MS

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.core.plan import HeldDose, HeldJob


def first_doses(plan: "HeldJob", jars: int) -> "list[dose_machine.DoseState]":
    """The job's doses, already failed where a board with so many jars can't or must not pour."""
    return [_first(planned, jars) for planned in plan["doses"]]


def failed_doses(plan: "HeldJob", reason: int) -> "list[dose_machine.DoseState]":
    """The doses of a job that is refused whole."""
    return [
        dose_machine.advance(_blank(planned), dose_machine.STOP, reason)
        for planned in plan["doses"]
    ]


def _first(planned: "HeldDose", jars: int) -> dose_machine.DoseState:
    dose = _blank(planned)
    if planned["jar"] > jars:
        return dose_machine.advance(dose, dose_machine.STOP, dose_machine.NO_DRIVER)
    if planned["duration_ms"] > MAX_DOSE_MS:
        return dose_machine.advance(dose, dose_machine.STOP, dose_machine.TOO_LONG)
    if planned["duration_ms"] < 1:
        return dose_machine.advance(dose, dose_machine.STOP, dose_machine.NOT_POSSIBLE)
    return dose


def _blank(planned: "HeldDose") -> dose_machine.DoseState:
    return dose_machine.new_dose(planned["quantity_mg"], planned["duration_ms"])
