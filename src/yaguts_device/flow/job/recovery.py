"""What happens to the job in the journal after a boot, an outage or a refusal."""

from yaguts_device.core import dose_machine

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Journal, JournaledJob
    from yaguts_device.journal.ticks import Ticks

RESUME_WITHIN_S = 15 * 60
"""A longer outage ends the job."""


def resume(board: "Board", journal: "Journal", journaled: "JournaledJob", ticks: "Ticks") -> None:
    """After a boot: count the restart of a pouring dose. A long outage ends the job.

    So does a press of the button, of which the power cut has left the first dose only.
    """
    for place, dose in enumerate(journaled.doses):
        resumed = dose_machine.advance(dose, dose_machine.RESTART)
        if resumed != dose:
            ticks.count_restart(journaled, place)
            journaled.doses[place] = resumed
            journal.write(journaled, place)
    if dose_machine.STOPPED_HERE in [dose.reason for dose in journaled.doses]:
        stop_all(journal, journaled, dose_machine.STOPPED_HERE)
    elif _was_long_outage(journal.noted_time(), board.unix_s()):
        stop_all(journal, journaled, dose_machine.INTERRUPTED)


def stop_all(journal: "Journal", journaled: "JournaledJob", reason: int) -> None:
    """End every dose that is not over."""
    for place, dose in enumerate(journaled.doses):
        if not dose_machine.is_over(dose):
            journaled.doses[place] = dose_machine.advance(dose, dose_machine.STOP, reason)
            journal.write(journaled, place)


def _was_long_outage(then: "int | None", now: "int | None") -> bool:
    return then is not None and now is not None and now - then > RESUME_WITHIN_S
