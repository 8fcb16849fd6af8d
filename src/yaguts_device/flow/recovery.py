"""What becomes of a held job that does not simply go on: after a boot, an outage, a refusal."""

from yaguts_device.core import dose_machine

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Journal, Record
    from yaguts_device.journal.ticks import Ticks

RESUME_WITHIN_S = 15 * 60
"""An outage known to be longer than this ends the job: nobody wants pepper an hour later."""


def resume(board: "Board", journal: "Journal", record: "Record", ticks: "Ticks") -> None:
    """After a boot: count the restart of a dose that was pouring, before anything moves."""
    for place, dose in enumerate(record.doses):
        resumed = dose_machine.advance(dose, dose_machine.RESTART)
        if resumed != dose:
            ticks.count_restart(record, place)
            record.doses[place] = resumed
            journal.write(record, place)
    if _was_long(journal.noted_time(), board.unix_s()):
        stop_all(journal, record, dose_machine.INTERRUPTED)


def stop_all(journal: "Journal", record: "Record", reason: int) -> None:
    """End every dose that is not over."""
    for place, dose in enumerate(record.doses):
        if not dose_machine.is_over(dose):
            record.doses[place] = dose_machine.advance(dose, dose_machine.STOP, reason)
            journal.write(record, place)


def _was_long(then: "int | None", now: "int | None") -> bool:
    return then is not None and now is not None and now - then > RESUME_WITHIN_S
