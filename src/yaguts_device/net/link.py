"""One HTTP/1.1 connection to the server, kept open.

An answer is a JSON object with a status of 2xx or 4xx, or a 204. Anything else, such as the page of
a captive portal or a redirect, is a LinkError, and so is a lack of memory. Every step has a
deadline and a limit of bytes.
"""

import asyncio
from collections import namedtuple

from yaguts_device.net.address import Address
from yaguts_device.net.answer import MAX_BODY_BYTES, Inbox, read_answer
from yaguts_device.net.errors import LinkError, WrongDates
from yaguts_device.phases import Phase
from yaguts_wire.codec import decode, write
from yaguts_wire.values import Malformed

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Awaitable, Callable

    from yaguts_device.hal.board import Board, Reader, Writer
    from yaguts_wire.shapes import Message

    ReadAnswer = Callable[[Inbox, int], Awaitable[tuple[int, bytes | bytearray | None, bool]]]

HttpAnswer = namedtuple("Answer", ("status", "message"))
"""A status (2xx or 4xx) and the JSON object that came with it; None with 204."""

CONNECT_MS = 20_000
ANSWER_MS = 10_000
CLOSE_MS = 1_000
SHORT_BODY_BYTES = 1024
_PIECE_BYTES = 512


# MicroPython does the TLS handshake at the first write. A refused certificate is a ValueError.
BROKEN = (LinkError, OSError, ValueError, asyncio.TimeoutError, MemoryError)


class _Stale(LinkError):
    """The connection was closed before a byte of the answer came."""


class Link:
    """The connection. One call at a time: the others wait."""

    def __init__(self, board: "Board", address: Address) -> None:
        self.tls = address.tls
        host = "[%s]" % address.host if ":" in address.host else address.host
        self.place = "%s:%d" % (host, address.port)
        self._board = board
        self._address = address
        self.lock = asyncio.Lock()
        self._connection: "tuple[Inbox, Writer] | None" = None
        self.read: "ReadAnswer" = read_answer  # `update.download` has answers that are no messages
        self.sent: "Callable[[], None] | None" = None
        """Called while an answer is on the way. It may not raise, and may be called again."""

    def is_open(self) -> bool:
        """Whether there is a connection that no call is using. It may have been lost unnoticed."""
        return self._connection is not None

    async def call(
        self,
        method: str,
        path: str,
        body: "Message | None" = None,
        headers: "tuple[str, ...]" = (),
        patience_ms: int = ANSWER_MS,
    ) -> HttpAnswer:
        """Send a request and return the answer. Opens a connection if there is none.

        LinkError when no usable answer comes within `patience_ms`. Only a GET may be answered with
        as much as a job: a small heap has no room for that while it pours.
        """
        request = self.request(method, path, body, headers)
        async with self.lock:
            kept, self._connection = self._connection, None
            if kept:
                try:
                    return await self._ask(kept, request, patience_ms)
                except _Stale:  # the server closed it while it was idle
                    pass
            return await self._ask(await self.connect(patience_ms), request, patience_ms)

    async def close(self) -> None:
        """Close the connection, if there is one."""
        kept, self._connection = self._connection, None
        if kept:
            await self.shut(kept[1])

    async def connect(self, patience_ms: int, checked: bool = True) -> "tuple[Inbox, Writer]":
        """A new connection, for who holds the lock. LinkError when there is none."""
        try:
            reader, writer = await self._board.within(
                min(CONNECT_MS, patience_ms), self._reach(checked)
            )
        except BROKEN as error:
            raise link_error(LinkError, "no connection", error) from None
        return Inbox(reader), writer

    async def _reach(self, checked: bool) -> "tuple[Reader, Writer]":
        host, port, tls, _ = self._address
        await self._board.up()
        return await self._board.connect(host, port, tls, checked)

    async def _ask(
        self,
        connection: "tuple[Inbox, Writer]",
        request: "tuple[bytes, Message | None]",
        patience_ms: int,
    ) -> HttpAnswer:
        inbox, writer = connection
        inbox.untouched = True
        try:
            answer, reusable = await self._board.within(
                patience_ms, self._exchange(inbox, writer, request)
            )
        except BROKEN as error:
            await self.shut(writer)
            is_late = isinstance(error, asyncio.TimeoutError)
            kind = _Stale if inbox.untouched and not is_late else LinkError
            raise link_error(kind, "no answer", error) from None
        if reusable:
            self._connection = connection
        else:
            await self.shut(writer)
        return answer

    async def _exchange(
        self, inbox: Inbox, writer: "Writer", request: "tuple[bytes, Message | None]"
    ) -> "tuple[HttpAnswer, bool]":
        head, body = request
        room = MAX_BODY_BYTES if body is None else SHORT_BODY_BYTES
        writer.write(head)
        pieces = _Pieces(writer)
        if body is not None:
            write(pieces, body)
        pieces.flush()
        await writer.drain()
        if self.sent:
            self.sent()
        status, data, reusable = await self.read(inbox, room)
        return _decoded(status, data), reusable and inbox.is_empty()

    async def shut(self, writer: "Writer") -> None:
        """Close a connection. It is given up in any case."""
        try:
            writer.close()
            await self._board.within(CLOSE_MS, writer.wait_closed())
        except BROKEN:
            pass  # the connection is given up anyway

    def request(
        self, method: str, path: str, body: "Message | None", headers: "tuple[str, ...]"
    ) -> "tuple[bytes, Message | None]":
        """The head of a request as bytes, and its body."""
        length = _Length()
        if body is not None:
            write(length, body)
        lines = [method + " " + self._address.prefix + path + " HTTP/1.1"]
        lines.append("Host: " + self.place)
        lines.extend(headers)
        if body is not None:
            lines.append("Content-Type: application/json")
        if method != "GET":
            lines.append("Content-Length: %d" % length.count)
        return ("\r\n".join(lines) + "\r\n\r\n").encode(), body


class _Length:
    """Counts the bytes of a body. The body is built again to be sent."""

    def __init__(self) -> None:
        self.count = 0

    def __iadd__(self, data: bytes) -> "_Length":
        self.count += len(data)
        return self


class _Pieces:
    """Sends a body in pieces while it is built: a small heap has no room for all of it."""

    def __init__(self, writer: "Writer") -> None:
        self._writer = writer
        self._piece = bytearray()

    def __iadd__(self, data: bytes) -> "_Pieces":
        if len(self._piece) + len(data) > _PIECE_BYTES:
            self.flush()
        self._piece += data
        return self

    def flush(self) -> None:
        """Send the bytes that have not been sent yet."""
        self._writer.write(self._piece)
        self._piece = bytearray()  # a new one: the writer may keep the old one


def _decoded(status: int, body: "bytes | bytearray | None") -> HttpAnswer:
    if status == 204 or body is None:
        return HttpAnswer(status, None)
    try:
        return HttpAnswer(status, decode(body))
    except Malformed:
        raise LinkError("status %d without a message" % status) from None


def link_error(kind: "type[LinkError]", what: str, error: Exception) -> LinkError:
    """The error for what went wrong: `WrongDates` if it is a certificate's dates, else `kind`."""
    if not isinstance(error, (ValueError, OSError)):
        return kind("%s: %r" % (what, error))
    with Phase():
        from yaguts_device.net.certificates import explained

        text, wrong_dates = explained(repr(error))
    return (WrongDates if wrong_dates else kind)("%s: %s" % (what, text))
