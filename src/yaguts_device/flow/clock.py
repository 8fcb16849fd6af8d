"""The board's clock: NTP sets it, or the server's `Date` where nobody answers NTP.

Without a time there is no TLS, for certificates have dates. And the clock outlives resets, so a
wrong time would break TLS until the plug is pulled. So the time is asked for until there is one,
then once a day, and anew when the server's certificate is not valid by it.

How it is asked for, and what is believed: `flow.time_setting`.
"""

from yaguts_device.net.backoff import jittered_ms
from yaguts_device.phases import Phase

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.net.link import Link

FIRST_MS = 4_000
LONGEST_MS = 256_000
CORRECTED_EVERY_MS = 86_400_000
_DAY_S = 86_400


class BoardClock:
    """When the time is asked for, and of whom."""

    def __init__(self, board: "Board", link: "Link") -> None:
        self._board = board
        self._link = link
        self._asked_at = board.ticks_ms()
        self._pause_ms = 0
        self._failures = 0
        self._answered = False
        self.doubted = False
        self._server_first = False
        self._proved_day = 0

    async def keep(self) -> None:
        """Ask for the time if that is due. It may fail: then it is due again soon."""
        now = self._board.ticks_ms()
        if 0 <= self._board.ticks_diff(now, self._asked_at) < self._pause_ms:
            return
        self._asked_at = now
        self._answered = await self._ask()
        if self._answered:
            self._pause_ms = jittered_ms(self._board, CORRECTED_EVERY_MS)
        else:
            self._ask_again()

    def doubt(self) -> None:
        """The server's certificate is not valid by this clock: ask again, the other one first."""
        self.doubted = True
        if self._answered:
            self._answered, self._server_first = False, not self._server_first
            self._ask_again()

    def prove(self) -> None:
        """The server was heard. Note the day, once a day."""
        self._failures, self.doubted = 0, False
        day = (self._board.unix_s() or 0) // _DAY_S
        if self._link.tls and day != self._proved_day:
            self._proved_day = day
            with Phase():
                from yaguts_device.flow.time_setting import note_day

                note_day(self._board, day)

    async def _ask(self) -> bool:
        try:
            with Phase():
                from yaguts_device.flow.time_setting import set_time

                return await set_time(self._board, self._link, self._server_first, self.doubted)
        except (OSError, MemoryError):  # no Wi-Fi, or no memory
            return False

    def _ask_again(self) -> None:
        self._pause_ms = jittered_ms(self._board, min(LONGEST_MS, FIRST_MS << self._failures))
        self._failures = min(self._failures + 1, 8)
