"""Read one HTTP/1.1 answer in bounded memory. LinkError for an answer that is not well-formed.

Status and content type are judged before the body is read: a portal's page never comes in.
"""

from yaguts_device.net.errors import LinkError

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Reader

MAX_HEAD_BYTES = 2048
MAX_BODY_BYTES = 4096
"""Of a job. Every other message is shorter."""
_AT_ONCE = 512
_USED = ("connection", "content-length", "content-type", "date", "transfer-encoding")
"""The headers that are kept: a small heap has no room for all."""


class Inbox:
    """Reads a connection by line, by count or to its end. LinkError when it is cut off."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader
        self._held = b""
        self.untouched = True

    async def line(self, room: int) -> bytes:
        """The next line without its end. LinkError when it is not shorter than `room` bytes."""
        while b"\n" not in self._held:
            if len(self._held) >= room:
                raise LinkError("line too long")
            await self._more()
        line, self._held = self._held.split(b"\n", 1)
        if len(line) >= room:
            raise LinkError("line too long")
        return line.rstrip(b"\r")

    async def exactly(self, count: int) -> bytearray:
        """The next `count` bytes. One buffer for all of them: a small heap fragments quickly."""
        taken = bytearray(count)
        filled = 0
        while True:
            piece = self._held[: count - filled]
            self._held = self._held[len(piece) :]
            taken[filled : filled + len(piece)] = piece
            filled += len(piece)
            if filled == count:
                return taken
            await self._more()

    def is_empty(self) -> bool:
        """Whether no byte is left over. Otherwise request and answer no longer match."""
        return not self._held

    async def rest(self, room: int) -> bytes:
        """The bytes until the other side closes. LinkError when they are more than `room`."""
        while True:
            if len(self._held) > room:
                raise LinkError("body too long")
            data = await self._reader.read(_AT_ONCE)
            if not data:
                return self._held
            if len(self._held) + len(data) > room:  # before a small heap needs room for both
                raise LinkError("body too long")
            self._held += data

    async def _more(self) -> None:
        data = await self._reader.read(_AT_ONCE)
        if not data:
            raise LinkError("cut off")
        self.untouched = False
        self._held += data


async def read_answer(inbox: Inbox, room: int) -> "tuple[int, bytes | bytearray, bool]":
    """(status, body, whether the connection can be used again). LinkError if it is no message.

    A message is JSON of at most `room` bytes with a status of 2xx or 4xx, or a 204 without a body.
    """
    status, headers = await read_head(inbox)
    body, delimited = b"", True
    if status != 204:
        _insist_on_message(status, headers.get("content-type", "").lower())
        body, delimited = await _body(inbox, headers, room)
    return status, body, delimited and headers.get("connection", "").lower() != "close"


async def read_head(inbox: Inbox) -> "tuple[int, dict[str, str]]":
    """(status, those headers that are used)."""
    status = _status(await inbox.line(MAX_HEAD_BYTES))
    return status, await _headers(inbox)


def _insist_on_message(status: int, kind: str) -> None:
    if not (200 <= status < 300 or 400 <= status < 500) or "json" not in kind:
        raise LinkError("status %d, %s" % (status, kind))


def _status(line: bytes) -> int:
    parts = _text(line).split(" ", 2)
    if len(parts) < 2 or not parts[0].startswith("HTTP/1.") or len(parts[1]) != 3:
        raise LinkError("not HTTP")
    return _number(parts[1], 10)


async def _headers(inbox: Inbox) -> "dict[str, str]":
    headers: "dict[str, str]" = {}
    room = MAX_HEAD_BYTES
    while True:
        line = await inbox.line(room)
        room -= len(line) + 2
        if not line:
            return headers
        name, colon, value = _text(line).partition(":")
        name, value = name.lower(), value.strip()
        if not colon or headers.get(name, value) != value:
            raise LinkError("headers")  # two values of one header contradict each other
        if name in _USED:
            headers[name] = value


async def _body(
    inbox: Inbox, headers: "dict[str, str]", room: int
) -> "tuple[bytes | bytearray, bool]":
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(inbox, room), True
    length = headers.get("content-length")
    if length is None:
        return await inbox.rest(room), False
    count = _number(length, 10)
    if count > room:
        raise LinkError("body too long")
    return await inbox.exactly(count), True


async def _chunks(inbox: Inbox, room: int) -> bytes:
    body = b""
    while True:
        count = _number(_text(await inbox.line(64)).split(";")[0].strip(), 16)
        if len(body) + count > room:
            raise LinkError("body too long")
        if not count:
            await _headers(inbox)  # trailers are ignored
            return body
        body += await inbox.exactly(count)
        if await inbox.line(64):
            raise LinkError("chunk")


def _number(text: str, base: int) -> int:
    try:
        number = int(text, base)
    except ValueError:
        raise LinkError("number") from None
    if number < 0:
        raise LinkError("number")
    return number


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except ValueError:
        raise LinkError("encoding") from None
