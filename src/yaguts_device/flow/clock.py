"""The board's clock: NTP sets it, or the server's `Date` where nobody answers NTP.

Without a time there is no TLS, for certificates have dates. And the clock outlives resets, so a
wrong time would break TLS until the plug is pulled. So the time is asked for until there is one,
then once a day, and anew when the server's certificate is not valid by it.

The cell `clock` of the namespace `config` holds the last day on which the server was heard with its
certificate checked. A `Date` from before it counts only if it is itself from a checked connection.
"""

from yaguts_device import RELEASED_S
from yaguts_device.core.journal_format import pack_flag, unpack_flag
from yaguts_device.journal.cells import read_cell, write_cell
from yaguts_device.net.backoff import jittered_ms
from yaguts_device.net.errors import LinkError

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board, Flash
    from yaguts_device.net.link import Link

FIRST_MS = 4_000
LONGEST_MS = 256_000
CORRECTED_EVERY_MS = 86_400_000
_DAY_S = 86_400
_KIND = 4


class BoardClock:
    """When the time is asked for, of whom, and what is believed."""

    def __init__(self, board: "Board", link: "Link", flash: "Flash") -> None:
        self._board = board
        self._link = link
        self._flash = flash
        self._asked_at = board.ticks_ms()
        self._pause_ms = 0
        self._failures = 0
        self._answered = False
        self._doubted = False
        self._server_first = False

    async def keep(self) -> None:
        """Ask for the time if that is due. It may fail: then it is due again soon."""
        now = self._board.ticks_ms()
        if 0 <= self._board.ticks_diff(now, self._asked_at) < self._pause_ms:
            return
        self._asked_at = now
        try:
            await self._board.up()
            first = self._server_first
            self._answered = await self._ask(first) or await self._ask(not first)
        except (OSError, MemoryError):  # no Wi-Fi, or no memory
            self._answered = False
        if self._answered:
            self._pause_ms = jittered_ms(self._board, CORRECTED_EVERY_MS)
        else:
            self._ask_again()

    def doubt(self) -> None:
        """The server's certificate is not valid by this clock: ask again, the other one first."""
        self._doubted = True
        if self._answered:
            self._answered, self._server_first = False, not self._server_first
            self._ask_again()

    def prove(self) -> None:
        """The server was heard. Note the day, at most once a day: flash wears out."""
        self._failures, self._doubted = 0, False
        day = (self._board.unix_s() or 0) // _DAY_S
        if self._link.tls and day != self._noted_day():
            try:
                write_cell(self._flash, "clock", pack_flag(day, _KIND))
            except OSError:  # the flash is full
                pass

    async def _ask(self, server: bool) -> bool:
        """Whether the server, or else NTP, gave a time that is believed."""
        whom = "the server" if server else "NTP"
        try:
            unix_s = await (self._server_date() if server else self._board.network_time())
            if unix_s < RELEASED_S:
                raise ValueError(unix_s)
            self._board.set_clock(unix_s)
        except (LinkError, OSError, ValueError, MemoryError) as error:
            self._board.log("no time from %s: %r" % (whom, error))
            return False
        self._board.log("time from " + whom)
        return True

    async def _server_date(self) -> int:
        checked = not self._doubted and self._board.unix_s() is not None
        unix_s = await self._link.date(checked)
        if not checked and unix_s < self._noted_day() * _DAY_S:
            raise ValueError(unix_s)
        return unix_s

    def _ask_again(self) -> None:
        self._pause_ms = jittered_ms(self._board, min(LONGEST_MS, FIRST_MS << self._failures))
        self._failures = min(self._failures + 1, 8)

    def _noted_day(self) -> int:
        return unpack_flag(read_cell(self._flash, "clock") or 0, _KIND)
