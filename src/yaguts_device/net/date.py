"""The server's `Date`, for a board that has no time."""

from yaguts_device.core.calendar import unix_seconds
from yaguts_device.net.answer import Inbox, read_head
from yaguts_device.net.errors import LinkError
from yaguts_device.net.link import ANSWER_MS, BROKEN, Link, link_error

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board, Writer


async def server_date(board: "Board", link: Link, checked: bool) -> int:
    """The `Date` of an answer, in unix seconds, over a connection of its own.

    Sends no token, and reads no body. LinkError when there is none. Without `checked` anybody may
    answer, whatever the certificate.
    """
    async with link.lock:
        await link.close()  # there is no memory for two connections
        inbox, writer = await link.connect(ANSWER_MS, checked)
        try:
            date = await board.within(ANSWER_MS, _read(link, inbox, writer))
        except BROKEN as error:
            await link.shut(writer)
            raise link_error(LinkError, "no date", error) from None
        await link.shut(writer)
        return date


async def _read(link: Link, inbox: Inbox, writer: "Writer") -> int:
    writer.write(link.request("GET", "/time", None, ("Connection: close",))[0])
    await writer.drain()
    _, headers = await read_head(inbox)
    return unix_seconds(headers.get("date", ""))
