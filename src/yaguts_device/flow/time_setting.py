"""Ask NTP or the server for the time, and set the board's clock if it can be right.

The cell `clock` of the namespace `config` holds the last day on which the server was heard with its
certificate checked. A `Date` from before it counts only if it is itself from a checked connection.
"""

from yaguts_device import RELEASED_S
from yaguts_device.core.journal_format import pack_flag, unpack_flag
from yaguts_device.journal.cells import read_cell, write_cell
from yaguts_device.journal.identity import NAMESPACE
from yaguts_device.net.date import server_date
from yaguts_device.net.errors import LinkError

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.net.link import Link

DAY_S = 86_400
_KIND = 4


async def set_time(board: "Board", link: "Link", server_first: bool, doubted: bool) -> bool:
    """Whether NTP or the server gave a time that is believed. OSError without Wi-Fi.

    `doubted`: by the clock of now, the server's certificate is not valid.
    """
    await board.up()
    for server in (server_first, not server_first):
        if await _ask(board, link, server, doubted):
            return True
    return False


def note_day(board: "Board", day: int) -> None:
    """Note a day on which the server was heard, unless it is noted: flash wears out."""
    if day != _noted_day(board):
        try:
            write_cell(board.flash(NAMESPACE), "clock", pack_flag(day, _KIND))
        except OSError:  # the flash is full
            pass


async def _ask(board: "Board", link: "Link", server: bool, doubted: bool) -> bool:
    whom = "the server" if server else "NTP"
    try:
        unix_s = await (_server_date(board, link, doubted) if server else board.network_time())
        if unix_s < RELEASED_S:
            raise ValueError(unix_s)
        board.set_clock(unix_s)
    except (LinkError, OSError, ValueError, MemoryError) as error:
        board.log("no time from %s: %r" % (whom, error))
        return False
    board.log("time from " + whom)
    return True


async def _server_date(board: "Board", link: "Link", doubted: bool) -> int:
    checked = not doubted and board.unix_s() is not None
    unix_s = await server_date(board, link, checked)
    if not checked and unix_s < noted_s(board):
        raise ValueError(unix_s)
    return unix_s


def noted_s(board: "Board") -> int:
    """When the last noted day began, in unix seconds."""
    return _noted_day(board) * DAY_S


def _noted_day(board: "Board") -> int:
    return unpack_flag(read_cell(board.flash(NAMESPACE), "clock") or 0, _KIND)
