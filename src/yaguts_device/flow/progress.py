"""Tell the server how far a job is, when that costs the pour nothing, and hear whether to stop."""

import asyncio

from yaguts_device.core.report import status_word
from yaguts_device.net.errors import LinkError

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Record
    from yaguts_device.net.server import ServerClient
    from yaguts_wire.shapes import Place

EVERY_MS = 1_000
PATIENCE_MS = 5_000
CONNECT_PATIENCE_MS = 3_000
RECONNECT_EVERY_MS = 15_000


class ProgressReporter:
    """Best effort, one message under way at most, and no new connection while a relay is on.

    It holds no job: MicroPython may keep the task that sent last, and this with it, until the next
    job comes, and a small heap has no room for two.
    """

    def __init__(self, board: "Board", server: "ServerClient") -> None:
        self.cancelled = False
        self._board = board
        self._server = server
        self._told_at: "int | None" = None
        self._tried_at: "int | None" = None
        self._sending = False
        self._task: "asyncio.Task[None] | None" = None

    def tell(self, record: "Record", place: int, remaining_ms: int) -> None:
        """Send how far the dose is, in the background, if the connection is open and idle."""
        if self._server.link.is_open() and self._is_due(self._told_at, EVERY_MS):
            self._told_at = self._board.ticks_ms()
            news = _news(record, place, remaining_ms)
            self._task = asyncio.create_task(self._send(news, PATIENCE_MS))

    async def tell_end(self, record: "Record", place: int) -> None:
        """Send how a dose ended. No relay is on: here a lost connection is made anew."""
        if self._server.link.is_open():
            self._told_at = None
            self.tell(record, place, 0)
        elif not self._sending and self._is_due(self._tried_at, RECONNECT_EVERY_MS):
            self._tried_at = self._board.ticks_ms()
            await self._send(_news(record, place, 0), CONNECT_PATIENCE_MS)

    async def _send(self, news: "tuple[int, str, Place, int, str]", patience_ms: int) -> None:
        self._sending = True
        try:
            if await self._server.progress(*news, patience_ms):
                self.cancelled = True
        except LinkError as error:
            self._board.log("progress not told: %s" % error)
        finally:
            self._sending = False

    def _is_due(self, last: "int | None", every_ms: int) -> bool:
        return last is None or self._board.ticks_diff(self._board.ticks_ms(), last) >= every_ms


def _news(record: "Record", place: int, remaining_ms: int) -> "tuple[int, str, Place, int, str]":
    """Of which job and dose, how many mg of it fell, and how it stands."""
    plan, dose = record.plan, record.doses[place]
    planned = plan["doses"][place]
    fell_ms = max(0, dose.granted_ms - remaining_ms)
    mg = planned["quantity_mg"] * fell_ms // max(1, dose.target_ms)
    return plan["id"], plan["job_key"], planned, mg, status_word(dose)
