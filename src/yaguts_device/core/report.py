"""The report of a job."""

from yaguts_device.core import dose_machine
from yaguts_device.core.interval import interval_mg
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
