"""Strangers hold connections of a real server; it goes on serving those it knows."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import Person, Server, furnished_person
from yaguts.cli.connections import (
    BODY_WITHIN_S,
    HEAD_WITHIN_S,
    LARGEST_HEAD,
    STRANGERS_OF_ADDRESS,
)

ELSEWHERE = "127.0.0.2"
ROOM = 256
"""The connections that a server with 512 files keeps."""
HALF_A_HEAD = b"GET /health HTTP/1.1\r\nHost: "
HALF_A_BODY = (
    b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 50\r\n\r\n{"
)
CHUNKS = (
    b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
)


class SmallServer(Server):
    """A server that may open 512 files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self._arguments = ["prlimit", "--nofile=512", *self._arguments]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallServer]:
    server = SmallServer(tmp_path_factory.mktemp("small"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def person(server: Server) -> Iterator[Person]:
    with furnished_person(server, f"pessoa {time.monotonic_ns()}") as person:
        yield person


@pytest.fixture
def open_sockets() -> Iterator[ExitStack]:
    with ExitStack() as sockets:
        yield sockets


def connected(
    server: Server, sockets: ExitStack, says: bytes = b"", source: str = "127.0.0.1"
) -> socket.socket:
    """A new connection on which a stranger has said this."""
    stranger = socket.create_connection(("127.0.0.1", server.port), 5, (source, 0))
    sockets.enter_context(stranger)
    stranger.sendall(says)
    return stranger


def bearer(board: Arduino) -> dict[str, str]:
    return {"Authorization": f"Bearer {board.token}"}


def is_cut(stranger: socket.socket, within_s: float = 5) -> bool:
    """Whether the server closes the connection in this time, without an answer."""
    stranger.settimeout(within_s)
    try:
        return stranger.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def has_answered(stranger: socket.socket) -> bool:
    """Whether the server still answers on the connection."""
    stranger.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    stranger.settimeout(5)
    return stranger.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize("says", [b"", HALF_A_HEAD, HALF_A_BODY], ids=["silent", "head", "body"])
def test_strangers_take_no_room_from_those_who_are_known(
    server: SmallServer, person: Person, open_sockets: ExitStack, says: bytes
) -> None:
    board = Arduino.paired(person, f"board-{len(says)}", "0.2.0")
    with httpx.Client(base_url=server.address, headers=bearer(board)) as kept:
        assert kept.post("/devices/me/heartbeat", json={}).status_code == 200
        log = server.folder / "server.log"
        before = log.stat().st_size

        strangers = [connected(server, open_sockets, says) for _ in range(2 * ROOM)]

        assert is_cut(strangers[0])
        assert httpx.get(f"{server.address}/health").status_code == 200
        assert kept.post("/devices/me/heartbeat", json={}).status_code == 200
        assert log.stat().st_size - before < 1000


def test_a_person_takes_no_room_from_dispensers(
    server: SmallServer, person: Person, open_sockets: ExitStack
) -> None:
    """On each connection somebody who is signed in has asked for something."""
    board = Arduino.paired(person, "board-beside-a-person", "0.2.0")
    cookie = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
    asks = f"GET /auth/me HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
    with httpx.Client(base_url=server.address, headers=bearer(board)) as kept:
        assert kept.post("/devices/me/heartbeat", json={}).status_code == 200

        for _ in range(ROOM + 10):
            assert connected(server, open_sockets, asks).recv(12) == b"HTTP/1.1 200"

        assert kept.post("/devices/me/heartbeat", json={}).status_code == 200
        assert board.call("GET", "/devices/me/next_job")[0] in (200, 204)


def test_one_address_holds_a_hundred_at_most(server: Server, open_sockets: ExitStack) -> None:
    first, *others = [
        connected(server, open_sockets, source=ELSEWHERE) for _ in range(STRANGERS_OF_ADDRESS + 1)
    ]

    assert is_cut(first)
    assert has_answered(others[0])


def test_many_may_come_from_a_proxy(server: Server, open_sockets: ExitStack) -> None:
    first, *_ = [connected(server, open_sockets) for _ in range(STRANGERS_OF_ADDRESS + 1)]

    assert has_answered(first)


@pytest.mark.parametrize("says", [b"GET /health HTTP/1.1\r\nX: ", b"\r\n"], ids=["head", "lines"])
def test_a_head_without_end_is_cut(server: Server, open_sockets: ExitStack, says: bytes) -> None:
    stranger = connected(server, open_sockets, says)

    with pytest.raises(OSError):
        for _ in range(LARGEST_HEAD):
            stranger.sendall(b"\r\n" * 512 if says == b"\r\n" else b"x" * 1024)


def test_two_lengths_end_the_connection(server: Server, open_sockets: ExitStack) -> None:
    stranger = connected(
        server,
        open_sockets,
        b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: y\r\n\r\n",
    )
    stranger.settimeout(5)
    answer = b"".join(iter(lambda: stranger.recv(4096), b""))

    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.more
def test_a_request_arrives_in_time_or_not_at_all(
    server: Server, person: Person, open_sockets: ExitStack
) -> None:
    board = Arduino.paired(person, "patient", "0.2.0")
    began = time.monotonic()
    late = {
        says: connected(server, open_sockets, says)
        for says in (b"", b"\r\n", HALF_A_HEAD, HALF_A_BODY, CHUNKS)
    }
    poll = "GET /devices/me/next_job?wait=25 HTTP/1.1\r\nHost: y\r\n"
    token = f"Authorization: {bearer(board)['Authorization']}\r\n\r\n"
    held = connected(server, open_sockets, (poll + token).encode())

    for says, stranger in late.items():
        is_body = says in (HALF_A_BODY, CHUNKS)
        assert is_cut(stranger, 40), says
        took_s = time.monotonic() - began
        assert took_s > (BODY_WITHIN_S if is_body else HEAD_WITHIN_S) - 1, says
    held.settimeout(5)
    assert held.recv(12) == b"HTTP/1.1 204"
