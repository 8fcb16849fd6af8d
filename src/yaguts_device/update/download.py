"""One GET whose answer goes into a sink, piece by piece: no body is ever held whole."""

from yaguts_device.net.answer import read_answer, read_head
from yaguts_device.net.errors import LinkError, ReleaseRefused
from yaguts_wire.update_words import NO_ROOM

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from collections.abc import Callable

    from yaguts_device.net.answer import Inbox
    from yaguts_device.net.server import ServerClient

_AT_ONCE = 512


async def download(
    server: "ServerClient",
    path: str,
    room: int,
    reason: str,
    sink: "Callable[[bytearray], None]",
) -> int:
    """The status of the answer; only with 200 there was a body.

    `ReleaseRefused` for `reason` when it is longer than `room` or does not say how long it is, and
    for want of room when the sink raises OSError. LinkError when no whole answer comes.
    """
    reader = _BodyReader(room, reason, sink)
    server.link.read = reader.read
    try:
        return (await server.call("GET", path, None)).status
    except LinkError:
        if reader.refused:
            raise ReleaseRefused(reader.refused) from None
        raise
    finally:
        server.link.read = read_answer


class _BodyReader:
    def __init__(self, room: int, reason: str, sink: "Callable[[bytearray], None]") -> None:
        self._room = room
        self._reason = reason
        self._sink = sink
        self.refused = ""

    async def read(self, inbox: "Inbox", _room: int) -> "tuple[int, None, bool]":
        status, headers = await read_head(inbox)
        if not (status == 200 or 400 <= status < 500):
            raise LinkError("status %d" % status)
        if status != 200:
            return status, None, False
        if "octet-stream" not in headers.get("content-type", "").lower():
            raise LinkError("not a piece of a release")
        left = self._length(headers.get("content-length", ""))
        while left:
            piece = await inbox.exactly(min(left, _AT_ONCE))
            left -= len(piece)
            self._keep(piece)
        return status, None, headers.get("connection", "").lower() != "close"

    def _length(self, text: str) -> int:
        length = int(text) if text.isdigit() else self._room + 1
        if length > self._room:
            self.refused = self._reason
            raise LinkError("body too long")
        return length

    def _keep(self, piece: bytearray) -> None:
        try:
            self._sink(piece)
        except OSError:
            self.refused = NO_ROOM
            raise LinkError("flash full") from None
