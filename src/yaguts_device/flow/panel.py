"""What the log and the happenings say of the dispenser's state.

Loaded between jobs when it is needed, and let go: see `flow.shown`.
"""

from yaguts_device.core import dose_machine
from yaguts_device.journal import happenings
from yaguts_device.net.errors import Unauthorised, WrongDates
from yaguts_wire import dispenser_words as w
from yaguts_wire import happenings as h

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.flow.shown import Shown
    from yaguts_wire.shapes import Message

_ASKED_FOR = (dose_machine.CANCELLED, dose_machine.STOPPED_HERE, dose_machine.EXPIRED)
"""Doses that ended so are no trouble."""


def note(shown: "Shown", code: int, first: int = 0, second: int = 0) -> None:
    """Note one of the happenings of `yaguts_wire.happenings` with its two numbers."""
    shown.is_untold = True
    happenings.note(shown.board, code, first, second)


def start(shown: "Shown", crashes: int) -> None:
    """The firmware starts, after so many errors in a row."""
    if crashes:
        note(shown, h.RESTARTED, crashes)
    else:
        note(shown, h.STARTED, shown.board.reset_cause)


def hear(shown: "Shown", server: str, status: "Message") -> None:
    """The server answers, for the first time or again."""
    silent_ms = shown.board.ticks_diff(shown.board.ticks_ms(), shown.silent_since or 0)
    shown.silent_since = None
    shown.board.log("linked to " + server)
    note(shown, h.HEARD, silent_ms // 1000, status.get("rssi", 0))


def lose(shown: "Shown", error: Exception) -> None:
    """The server does not answer any more, or refuses the token."""
    shown.silent_since = shown.board.ticks_ms()
    loss = h.WRONG_DATES if isinstance(error, WrongDates) else h.NO_ANSWER
    note(shown, h.LOST, h.TOKEN_REFUSED if isinstance(error, Unauthorised) else loss)


def end(shown: "Shown", job_id: int, reasons: "list[int]", refused: int) -> None:
    """A job is over: why doses of it failed, and the status of HTTP that refused its report."""
    shown.is_troubled = bool(refused) or any([one not in _ASKED_FOR for one in reasons])
    shown.board.log("job %d is over, %d of its doses failed" % (job_id, len(reasons)))
    is_stopped = dose_machine.STOPPED_HERE in reasons
    note(shown, h.STOPPED if is_stopped else h.FINISHED, job_id, len(reasons))
    if refused:
        note(shown, h.REPORT_REFUSED, job_id, refused)


def tell(shown: "Shown", status: "Message") -> None:
    """Add the happenings that are untold to a heartbeat's status."""
    told = happenings.untold(shown.board)
    if told:
        status[w.HAPPENINGS] = told


def forget(shown: "Shown", told: "list[object]") -> None:
    """The heartbeat with these was answered."""
    happenings.forget_told(shown.board, told)
    shown.is_untold = bool(happenings.untold(shown.board))
