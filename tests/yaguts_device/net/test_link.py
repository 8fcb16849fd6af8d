"""The link against real sockets: a server that breaks off, lies, redirects, and comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from yaguts_device.hal.virtual import VirtualBoard
from yaguts_device.net import link as link_module
from yaguts_device.net.address import parse_url
from yaguts_device.net.date import server_date
from yaguts_device.net.errors import LinkError, RefusedByServer, Unauthorised
from yaguts_device.net.job_calls import JobCalls
from yaguts_device.net.link import Link
from yaguts_device.net.server import ServerClient

HTML = b"<html><body>Entre na rede do hotel</body></html>"


def answer(message: object, status: str = "200 OK", kind: str = "application/json") -> bytes:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Wire:
    """A server that answers each request with the next of its lines, b"" for hanging up."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines
        self.requests: list[bytes] = []
        self.connections = 0
        self.hang_up_after: Callable[[bytes], bool] = lambda line: not line.endswith(b"}")
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.lines:
                self.requests.append(await self._request(reader))
                line = self.lines.pop(0)
                writer.write(line)
                await writer.drain()
                if self.hang_up_after(line):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @staticmethod
    async def _request(reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [
            line[16:] for line in head.split(b"\r\n") if line.startswith(b"Content-Length: ")
        ]
        return head + await reader.readexactly(int(lengths[0]) if lengths else 0)


@asynccontextmanager
async def talking(folder: Path, *lines: bytes) -> AsyncIterator[tuple[Link, Wire]]:
    """A link and the server it talks to."""
    wire = Wire(list(lines))
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    link = Link(VirtualBoard("v-1", str(folder)), parse_url(f"http://127.0.0.1:{wire.port}/api/"))
    try:
        yield link, wire
    finally:
        await link.close()
        server.close()


class Starved:
    """A connection for which there is no memory left: the piece of this number does not fit."""

    def __init__(self, board: VirtualBoard, number: int) -> None:
        self._connect, self._left = board.connect, number
        self.closed = 0

    async def connect(self, *where: Any) -> tuple[Any, Any]:
        reader, writer = await self._connect(*where)
        self._read, self._write, self._close = reader.read, writer.write, writer.close
        reader.read, writer.write, writer.close = self.read, self.write, self.close  # type: ignore[method-assign]
        return reader, writer

    async def read(self, n: int = -1) -> bytes:
        self._count()
        return await self._read(n)

    def write(self, data: bytes) -> None:
        self._count()
        self._write(data)

    def close(self) -> None:
        self.closed += 1
        self._close()

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise MemoryError


Story = Callable[[], Coroutine[Any, Any, None]]


def told(story: Story) -> None:
    asyncio.run(asyncio.wait_for(story(), 30))


def test_a_question_is_asked_and_answered_over_one_connection(tmp_path: Path) -> None:
    async def story() -> None:
        async with talking(tmp_path, answer({"a": 1}), answer({"a": 2})) as (link, wire):
            first = await link.call("POST", "/x", {"tempero": "Orégano"}, ("Yaguts-Holding: ",))
            second = await link.call("GET", "/y")

            assert (first, second) == ((200, {"a": 1}), (200, {"a": 2}))
            assert wire.connections == 1
            assert (
                wire.requests[0]
                == (
                    f"POST /api/x HTTP/1.1\r\nHost: 127.0.0.1:{wire.port}\r\nYaguts-Holding: \r\n"
                    "Content-Type: application/json\r\nContent-Length: 22\r\n\r\n"
                    '{"tempero":"Orégano"}'
                ).encode()
            )
            assert b"Content-Length" not in wire.requests[1]

    told(story)


@pytest.mark.parametrize(
    "foreign",
    [
        answer(HTML, kind="text/html"),
        answer(HTML, kind="application/json"),
        answer([1, 2]),
        answer(b'{"ok": true'),
        answer(b'{"ok": "\xff"}'),
        answer({}, status="302 Found"),
        answer({}, status="301 Moved Permanently"),
        answer({}, status="500 Internal Server Error"),
        answer({}, status="101 Switching Protocols"),
        answer(HTML, status="401 Unauthorized", kind="text/html"),
        answer(HTML, status="409 Conflict", kind="text/html"),
    ],
)
def test_what_a_portal_says_does_not_count(tmp_path: Path, foreign: bytes) -> None:
    async def story() -> None:
        async with talking(tmp_path, foreign, answer({"ok": True})) as (link, _):
            with pytest.raises(LinkError):
                await link.call("GET", "/x")
            assert (await link.call("GET", "/x")).message == {"ok": True}

    told(story)


def test_an_answer_that_breaks_off_at_any_byte_does_not_count(tmp_path: Path) -> None:
    whole = answer({"ok": True, "job_key": "ab12"})

    async def story() -> None:
        pieces = [whole[:length] for length in range(len(whole))]
        async with talking(tmp_path, *pieces, whole) as (link, wire):
            for _ in pieces:
                with pytest.raises(LinkError):
                    await link.call("GET", "/x")
            assert (await link.call("GET", "/x")).message == {"ok": True, "job_key": "ab12"}
            assert wire.connections == len(pieces) + 1

    told(story)


def test_a_connection_that_the_server_closed_meanwhile_is_made_anew(tmp_path: Path) -> None:
    async def story() -> None:
        async with talking(tmp_path, answer({"a": 1}), answer({"a": 2})) as (link, wire):
            wire.hang_up_after = lambda _line: True
            await link.call("GET", "/x")
            assert link.is_open()
            assert (await link.call("GET", "/y")).message == {"a": 2}
            assert wire.connections == 2

    told(story)


def test_a_question_is_not_asked_twice_once_an_answer_began(tmp_path: Path) -> None:
    async def story() -> None:
        async with talking(tmp_path, answer({"a": 1}), b"HTTP/1.1 2", answer({})) as (link, wire):
            await link.call("POST", "/x", {})
            with pytest.raises(LinkError):
                await link.call("POST", "/y", {})
            assert len(wire.requests) == 2

    told(story)


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with talking(tmp_path, b"", answer({"a": 1})) as (link, wire):
            wire.hang_up_after = lambda _line: False
            with pytest.raises(LinkError):
                await link.call("GET", "/x", patience_ms=50)
            assert not link.is_open()
            assert (await link.call("GET", "/x")).message == {"a": 1}

    told(story)


def test_calls_wait_for_each_other(tmp_path: Path) -> None:
    async def story() -> None:
        async with talking(tmp_path, answer({"a": 1}), answer({"a": 2})) as (link, wire):
            both = await asyncio.gather(link.call("GET", "/x"), link.call("GET", "/y"))
            assert [said.message for said in both] == [{"a": 1}, {"a": 2}]
            assert wire.connections == 1

    told(story)


@pytest.mark.parametrize("piece", [1, 2, 3])
def test_a_lack_of_memory_is_a_link_error_and_closes_the_connection(
    tmp_path: Path, piece: int
) -> None:
    async def story() -> None:
        async with talking(tmp_path, answer({"a": 1}), answer({"a": 2})) as (_, wire):
            board = VirtualBoard("v-1", str(tmp_path))
            starved = Starved(board, piece)
            board.connect = starved.connect  # type: ignore[method-assign]
            link = Link(board, parse_url(f"http://127.0.0.1:{wire.port}"))
            with pytest.raises(LinkError, match="MemoryError"):
                await link.call("POST", "/x", {"b": 1})
            assert starved.closed == 1
            assert not link.is_open()
            assert (await link.call("GET", "/y")).message
            assert wire.connections == 2
            await link.close()

    told(story)


DATED = b"HTTP/1.1 %s\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\nSet-Cookie: a\r\n\r\n" + HTML


@pytest.mark.parametrize("status", [b"200 OK", b"404 Not Found", b"302 Found", b"502 Bad Gateway"])
def test_any_answer_has_a_date_and_nothing_else_of_it_is_read(
    tmp_path: Path, status: bytes
) -> None:
    async def story() -> None:
        async with talking(tmp_path, answer({"a": 1}), DATED % status, answer({})) as (link, wire):
            await link.call("GET", "/x", None, ("Authorization: Bearer secret",))
            assert (
                await server_date(VirtualBoard("v-1", str(tmp_path)), link, checked=False)
                == 1_795_521_600
            )
            assert not link.is_open()
            await link.call("GET", "/y")
            assert wire.connections == 3
            host = f"Host: 127.0.0.1:{wire.port}"
            asked = f"GET /api/time HTTP/1.1\r\n{host}\r\nConnection: close\r\n\r\n"
            assert wire.requests[1] == asked.encode()

    told(story)


@pytest.mark.parametrize("said", [answer({}), b"", b"HTTP/1.1 200 OK\r\nDate: today\r\n\r\n"])
def test_an_answer_without_a_date_is_a_link_error(tmp_path: Path, said: bytes) -> None:
    async def story() -> None:
        async with talking(tmp_path, said) as (link, _):
            with pytest.raises(LinkError):
                await server_date(VirtualBoard("v-1", str(tmp_path)), link, checked=False)

    told(story)


def test_nobody_listens(tmp_path: Path) -> None:
    async def story() -> None:
        async with talking(tmp_path) as (_, wire):
            port = wire.port
        link = Link(VirtualBoard("v-1", str(tmp_path)), parse_url(f"http://127.0.0.1:{port}"))
        with pytest.raises(LinkError):
            await link.call("GET", "/x")

    told(story)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("401 Unauthorized", Unauthorised),
        ("409 Conflict", RefusedByServer),
        ("429 Too Many", LinkError),
    ],
)
def test_what_the_server_refuses_is_told_apart(
    tmp_path: Path, status: str, expected: type[LinkError]
) -> None:
    async def story() -> None:
        async with talking(tmp_path, answer({"detail": "Não."}, status=status)) as (link, _):
            with pytest.raises(LinkError) as refusal:
                await JobCalls(ServerClient(link)).accept(7, "ab12", 5)
            assert refusal.type is expected

    told(story)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://cozinha", ("cozinha", 80, False, "")),
        ("https://yaguts.example/casa/", ("yaguts.example", 443, True, "/casa")),
        ("http://10.0.0.7:8000", ("10.0.0.7", 8000, False, "")),
        ("http://[fd12::7]:8000/casa", ("fd12::7", 8000, False, "/casa")),
        ("https://[fd12::7]", ("fd12::7", 443, True, "")),
    ],
)
def test_addresses(url: str, expected: tuple[str, int, bool, str]) -> None:
    assert parse_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cozinha:8000",
        "ftp://cozinha",
        "http://cozinha:porta",
        "http://fd12::7",
        "http://[fd12::7]8",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ValueError):
        parse_url(url)


def test_an_exchange_is_over_before_the_watchdog_would_bite() -> None:
    assert link_module.CONNECT_MS + link_module.ANSWER_MS < 60_000
