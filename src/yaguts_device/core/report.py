"""How much fell of a dose at least and at most, and the report that says it."""

from yaguts_device.core import dose_machine
from yaguts_wire import dispenser_words as w
from yaguts_wire import messages as m

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.core.held_job import HeldDose, HeldJob
    from yaguts_wire.shapes import DoseReport, Message

WORDS = (
    None,
    w.NO_FLOW,
    w.STUCK_RELAY,
    w.NO_DRIVER,
    w.INTERRUPTED,
    w.STOPPED,
    w.TOO_LONG,
    w.DAMAGED_RECORD,
    w.MOTOR_FAULT,
    w.EXPIRED,
    w.REPEATED,
    w.NOT_POSSIBLE,
    w.STOPPED_HERE,
)
"""What a report says of each of `dose_machine.REASONS`, in their order."""

_ANYTHING_FELL = (dose_machine.CORRUPTED, dose_machine.REPEATED, dose_machine.STUCK)
"""Anything from nothing to the whole dose may have fallen: its cell is lost, or the relay stuck."""
_MAYBE_NOTHING_FELL = (dose_machine.NO_FLOW, dose_machine.NO_DRIVER, dose_machine.MOTOR)
"""The relay was on, but the fault puts in doubt whether anything fell."""

STOPPED_DOUBT_MS = 10
"""For a pulse that was ended early: its rest is read from another clock, in whole ms."""


def widest_doubt_ms(dose: dose_machine.DoseState, restarts: int) -> int:
    """How much of `permitted_ms` may not have been poured after so many restarts."""
    return restarts * (dose.slice_ms + dose_machine.lead_ms(dose))


def interval_mg(
    dose: dose_machine.DoseState, quantity_mg: int, in_doubt_ms: "int | None" = None
) -> "tuple[int, int]":
    """How many mg fell at least and at most. `in_doubt_ms`: None for the widest doubt."""
    if dose.reason in _ANYTHING_FELL:
        return 0, quantity_mg
    if not dose.permitted_ms:
        return 0, 0
    at_most = -(-quantity_mg * dose.permitted_ms // dose.target_ms)
    if dose.reason in _MAYBE_NOTHING_FELL:
        return 0, at_most
    if in_doubt_ms is None:
        in_doubt_ms = widest_doubt_ms(dose, dose.restarts)
    if dose.reason in (dose_machine.CANCELLED, dose_machine.STOPPED_HERE):
        in_doubt_ms += STOPPED_DOUBT_MS
    surely_ms = max(0, dose.permitted_ms - in_doubt_ms)
    return quantity_mg * surely_ms // dose.target_ms, at_most


def build_report(
    job: "HeldJob", doses: "list[dose_machine.DoseState]", doubts_ms: "list[int] | None" = None
) -> "Message":
    """The report of the job as a message. `doubts_ms`: of each dose, see `interval_mg`."""

    def report_of(place: int) -> "DoseReport":
        in_doubt_ms = doubts_ms[place] if doubts_ms else None
        return _report_of_dose(job["doses"][place], doses[place], in_doubt_ms)

    return m.build_report(job["job_key"], report_of, len(doses))


def _report_of_dose(
    held: "HeldDose", dose: dose_machine.DoseState, in_doubt_ms: "int | None"
) -> "DoseReport":
    at_least, at_most = interval_mg(dose, held["quantity_mg"], in_doubt_ms)
    return {
        "order": held["order"],
        "jar": held["jar"],
        "spice": held["spice"],
        "fell_at_most_mg": at_most,
        "fell_at_least_mg": at_least,
        "duration_ms": dose.permitted_ms,
        "resumes": dose.restarts,
        "done": dose.state == dose_machine.DONE,
        "error": WORDS[dose.reason],
    }


def status_word(dose: dose_machine.DoseState) -> str:
    """The status of a dose in progress messages."""
    return {dose_machine.DONE: w.DONE, dose_machine.FAILED: w.FAILED}.get(dose.state, w.RUNNING)
