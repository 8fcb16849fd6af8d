"""The doses of a job before anything is poured: waiting, or failed from the start. Pure."""

from yaguts_device.core import run
from yaguts_wire.messages import MAX_DOSE_MS

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.core.plan import Plan, PlannedDose


def first_doses(plan: "Plan", jars: int) -> "list[run.Dose]":
    """The job's doses, already failed where a board with so many jars can't or must not pour."""
    return [_first(planned, jars) for planned in plan["doses"]]


def failed_doses(plan: "Plan", reason: int) -> "list[run.Dose]":
    """The doses of a job that is refused whole."""
    return [run.advance(_blank(planned), run.STOP, reason) for planned in plan["doses"]]


def _first(planned: "PlannedDose", jars: int) -> run.Dose:
    dose = _blank(planned)
    if planned["jar"] > jars:
        return run.advance(dose, run.STOP, run.NO_DRIVER)
    if planned["duration_ms"] > MAX_DOSE_MS:
        return run.advance(dose, run.STOP, run.TOO_LONG)
    if planned["duration_ms"] < 1:
        return run.advance(dose, run.STOP, run.NOT_POSSIBLE)
    return dose


def _blank(planned: "PlannedDose") -> run.Dose:
    return run.new_dose(planned["quantity_mg"], planned["duration_ms"])
