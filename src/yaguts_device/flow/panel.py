"""What people see of the dispenser's state: the LED, the log, the happenings.

`shown` is a `Shown`, which stays while this module is loaded when it is needed and let go: see
`flow.shown`.
"""

from yaguts_device.core import dose_machine
from yaguts_device.hal import led
from yaguts_device.journal import happenings
from yaguts_device.net.errors import Unauthorised, WrongDates
from yaguts_wire import dispenser_words as w
from yaguts_wire import happenings as h

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.flow.shown import Shown
    from yaguts_device.journal.journal import JournaledJob
    from yaguts_wire.shapes import Message


_ASKED_FOR = (dose_machine.CANCELLED, dose_machine.STOPPED_HERE, dose_machine.EXPIRED)
"""Doses that ended so are no trouble."""


def show(shown: "Shown", state: int) -> None:
    """Show one of the states of `hal.led`. An LED that fails is tried again at the next one."""
    shown.state = state
    try:
        shown.board.light(state)
    except Exception as error:
        shown.board.log("LED: %r" % (error,))


def note(shown: "Shown", code: int, first: int = 0, second: int = 0) -> None:
    """Note one of the happenings of `yaguts_wire.happenings` with its two numbers."""
    shown.is_untold = True
    happenings.note(shown.board, code, first, second)


def start(shown: "Shown", crashes: int) -> None:
    """The firmware starts, after so many errors in a row."""
    show(shown, led.CONNECTING)
    if crashes:
        note(shown, h.RESTARTED, crashes)
    else:
        note(shown, h.STARTED, shown.board.reset_cause)


def hold(shown: "Shown") -> None:
    """Somebody has held the button: the set-up begins."""
    show(shown, led.SET_UP)
    note(shown, h.HELD)


def hear(shown: "Shown", server: str, status: "Message") -> None:
    """The server answers, for the first time or again."""
    show(shown, led.TROUBLE if shown.is_troubled else led.IDLE)
    if shown.silent_since is not None:
        silent_ms = shown.board.ticks_diff(shown.board.ticks_ms(), shown.silent_since)
        shown.silent_since = None
        shown.board.log("linked to " + server)
        note(shown, h.LINKED, silent_ms // 1000, status.get("rssi", 0))


def lose(shown: "Shown", error: Exception) -> None:
    """The server does not answer, or refuses the token."""
    refused = isinstance(error, Unauthorised)
    show(shown, led.TROUBLE if refused else led.CONNECTING)
    if shown.silent_since is None:
        shown.silent_since = shown.board.ticks_ms()
        dates = isinstance(error, WrongDates)
        note(shown, h.LOST, h.TOKEN_REFUSED if refused else h.WRONG_DATES if dates else h.NO_ANSWER)


def accept(shown: "Shown", journaled: "JournaledJob") -> None:
    """The server lets the job start."""
    shown.is_troubled = False
    job = journaled.job
    shown.board.log("job %d accepted" % job["id"])
    note(shown, h.ACCEPTED, job["id"], len(job["doses"]))


def end(shown: "Shown", journaled: "JournaledJob") -> None:
    """The report of the job is answered."""
    job_id = journaled.job["id"]
    reasons = [dose.reason for dose in journaled.doses if dose.reason]
    shown.board.log("job %d reported, %d of its doses failed" % (job_id, len(reasons)))
    shown.is_troubled = any([reason not in _ASKED_FOR for reason in reasons])
    is_stopped = dose_machine.STOPPED_HERE in reasons
    note(shown, h.STOPPED if is_stopped else h.FINISHED, job_id, len(reasons))


def refuse(shown: "Shown", journaled: "JournaledJob", error: Exception) -> None:
    """The server refuses the report of the job, with a status of HTTP."""
    shown.is_troubled = True
    note(shown, h.REPORT_REFUSED, journaled.job["id"], int(str(error)))


def tell(shown: "Shown", status: "Message") -> None:
    """Add the happenings that are untold to a heartbeat's status."""
    told = happenings.untold(shown.board)
    if told:
        status[w.HAPPENINGS] = told


def forget(shown: "Shown", told: "list[object]") -> None:
    """The heartbeat with these was answered."""
    happenings.forget_told(shown.board, told)
    shown.is_untold = bool(happenings.untold(shown.board))
