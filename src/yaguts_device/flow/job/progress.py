"""Send progress to the server without delaying the pour, and learn of a cancel."""

import asyncio

from yaguts_device.core import dose_machine
from yaguts_device.net.errors import LinkError
from yaguts_wire import dispenser_words as w

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import JournaledJob
    from yaguts_device.net.job_calls import JobCalls
    from yaguts_wire.shapes import Place

EVERY_MS = 1_000
PATIENCE_MS = 5_000
CONNECT_PATIENCE_MS = 3_000
RECONNECT_EVERY_MS = 15_000


class ProgressReporter:
    """Sends one message at a time, and makes no new connection while a relay is on.

    Nothing here may stop the pour, not even a lack of memory.

    It keeps no job: MicroPython may keep the task that sent last, and this object with it, until
    the next job comes. A small heap has no room for two jobs.
    """

    def __init__(self, board: "Board", calls: "JobCalls") -> None:
        self.cancelled = False
        self._board = board
        self._calls = calls
        self._sent_at: "int | None" = None
        self._reconnected_at: "int | None" = None
        self._sending = False
        self._task: "asyncio.Task[None] | None" = None

    def send(self, journaled: "JournaledJob", place: int, remaining_ms: int) -> None:
        """Send progress in the background, if the connection is open and idle."""
        if self._calls.link.is_open() and self._is_due(self._sent_at, EVERY_MS):
            self._sent_at = self._board.ticks_ms()
            try:
                progress = _progress_of(journaled, place, remaining_ms)
                self._task = asyncio.create_task(self._send(progress, PATIENCE_MS))
            except MemoryError:
                pass

    async def send_end(self, journaled: "JournaledJob", place: int) -> None:
        """Send how a dose ended. No relay is on, so a lost connection is opened again."""
        if self._calls.link.is_open():
            self._sent_at = None
            self.send(journaled, place, 0)
        elif not self._sending and self._is_due(self._reconnected_at, RECONNECT_EVERY_MS):
            self._reconnected_at = self._board.ticks_ms()
            try:
                await self._send(_progress_of(journaled, place, 0), CONNECT_PATIENCE_MS)
            except MemoryError:
                pass

    async def _send(self, progress: "tuple[int, str, Place, int, str]", patience_ms: int) -> None:
        self._sending = True
        try:
            await self._try_to_send(progress, patience_ms)
        except MemoryError:
            pass
        self._sending = False

    async def _try_to_send(
        self, progress: "tuple[int, str, Place, int, str]", patience_ms: int
    ) -> None:
        try:
            if await self._calls.progress(*progress, patience_ms):
                self.cancelled = True
        except LinkError as error:
            self._board.log("progress not sent: %s" % error)

    def _is_due(self, last: "int | None", every_ms: int) -> bool:
        return last is None or self._board.ticks_diff(self._board.ticks_ms(), last) >= every_ms


def _progress_of(
    journaled: "JournaledJob", place: int, remaining_ms: int
) -> "tuple[int, str, Place, int, str]":
    """Id and key of the job, which dose, how many mg of it fell, and its status."""
    job, dose = journaled.job, journaled.doses[place]
    held = job["doses"][place]
    fell_ms = max(0, dose.permitted_ms - remaining_ms)
    mg = held["quantity_mg"] * fell_ms // max(1, dose.target_ms)
    return job["id"], job["job_key"], held, mg, _status_word(dose)


def _status_word(dose: dose_machine.DoseState) -> str:
    """The status of a dose in progress messages."""
    return {dose_machine.DONE: w.DONE, dose_machine.FAILED: w.FAILED}.get(dose.state, w.RUNNING)
