"""One request over one connection, in bounded memory and bounded time.

Whatever the other side does, a connection holds little more than `MOST_BODY` bytes, and that for
its time at most.
"""

from collections import namedtuple

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import Board

Asked = namedtuple("Asked", ("method", "path", "query", "headers", "body"))

MOST_HEAD, MOST_LINE, MOST_BODY = 2048, 768, 1024
IN_ALL_MS = 6_000
LOOK_MS = 20
_AT_ONCE = 256
_NOT_YET = (11, 35, 110, 115, 116)
"""EAGAIN here and on macOS, ETIMEDOUT here, EINPROGRESS, ETIMEDOUT of lwIP."""
_USED = ("accept-language", "content-length", "host", "origin")


class BadRequest(Exception):
    """What came is no request that is answered. Its argument is the status to answer with."""


class Conversation:
    """A connection that was accepted. OSError when it breaks off or takes too long."""

    def __init__(self, board: "Board", connection: "Any") -> None:
        connection.setblocking(False)
        self._board = board
        self._connection = connection
        self._began = board.ticks_ms()
        self._held = b""
        self._taken = 0

    async def request(self) -> Asked:
        """What is asked. BadRequest for what is too long or no HTTP."""
        method, path = _call(await self._line())
        path, _, query = path.partition("?")
        headers: "dict[str, str]" = {}
        while True:
            line = await self._line()
            if not line:
                break
            name, colon, value = _text(line).partition(":")
            if not colon:
                raise BadRequest(400)
            if name.lower() in _USED:
                headers[name.lower()] = value.strip()
        body = b""
        if method == "POST":
            body = await self._body(headers.get("content-length", "0"))
        return Asked(method, path, query, headers, body)

    async def say(self, data: bytes) -> None:
        """Send all of it."""
        sent = 0
        while sent < len(data):
            try:
                sent += self._connection.send(data[sent : sent + _AT_ONCE])
            except OSError as error:
                await self._wait(error)

    async def _line(self) -> bytes:
        """The next line of the head. Only one of them is in memory at a time."""
        while b"\n" not in self._held:
            if len(self._held) >= MOST_LINE or self._taken >= MOST_HEAD:
                raise BadRequest(431)
            await self._more(_AT_ONCE)
        line, self._held = self._held.split(b"\n", 1)
        return line.rstrip(b"\r")

    async def _body(self, length: str) -> bytes:
        if not length or any([c not in "0123456789" for c in length]) or len(length) > 9:
            raise BadRequest(400)
        count = int(length)
        if count > MOST_BODY:
            raise BadRequest(413)
        while len(self._held) < count:
            await self._more(count - len(self._held))
        return self._held[:count]

    async def _more(self, most: int) -> None:
        while True:
            try:
                data = self._connection.recv(min(most, _AT_ONCE))
            except OSError as error:
                await self._wait(error)
                continue
            if not data:
                raise OSError(104, "cut off")
            self._held += data
            self._taken += len(data)
            return

    async def _wait(self, error: OSError) -> None:
        waited_ms = self._board.ticks_diff(self._board.ticks_ms(), self._began)
        if error.args[0] not in _NOT_YET or waited_ms >= IN_ALL_MS:
            raise error
        await self._board.sleep_ms(LOOK_MS)


def _call(line: bytes) -> "tuple[str, str]":
    """Method and path of the first line."""
    parts = _text(line).split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1.") or parts[1][:1] != "/":
        raise BadRequest(400)
    return parts[0], parts[1]


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except ValueError:
        raise BadRequest(400) from None
