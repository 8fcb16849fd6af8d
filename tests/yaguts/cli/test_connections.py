"""What a connection takes in memory: there are as many as held polls."""

import asyncio
import gc
import socket
import struct
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from yaguts.cli.connections import Connections, GuardedProtocol
from yaguts.cli.serve import listening

SHARED_BY_ALL = 30
"""Python keeps so many names of a class once for all its instances."""


GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf"
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eWFndXRzIHlhZ3V0cyB5YQ==\r\n\r\n"
)
AT_ONCE = 5


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application."""


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that recognises whoever calls."""
    if scope["type"] == "http":
        if "recognised" in scope["state"]:
            scope["state"]["recognised"](is_dispenser=True)
        await receive()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def test_a_connection_has_no_dictionary_of_its_own() -> None:
    async def story() -> None:
        config = uvicorn.Config(nothing, log_config=None)
        connection = GuardedProtocol(
            Connections(1, lambda _: True), config=config, server_state=ServerState(), app_state={}
        )
        assert len(vars(connection)) <= SHARED_BY_ALL

    asyncio.run(story())


def answered(connection: socket.socket) -> None:
    connection.sendall(GET)
    assert connection.recv(4096).startswith(b"HTTP/1.1 204")


def twice(connection: socket.socket) -> None:
    answered(connection)
    answered(connection)


def unanswered(connection: socket.socket) -> None:
    connection.sendall(GET)


def pipelined(connection: socket.socket) -> None:
    connection.sendall(GET * 3)


def half(connection: socket.socket) -> None:
    connection.sendall(POST)


def upgraded(connection: socket.socket) -> None:
    connection.sendall(UPGRADE)
    assert connection.recv(4096)


def silent(_connection: socket.socket) -> None:
    """Nothing is said."""


@pytest.mark.parametrize("is_reset", [True, False])
@pytest.mark.parametrize("says", [answered, twice, unanswered, pipelined, half, upgraded, silent])
def test_nothing_is_left_of_a_connection(
    says: Callable[[socket.socket], None], is_reset: bool
) -> None:
    """Neither a timer that holds it, nor garbage: all objects are searched for that seldom."""
    connections = Connections(100, lambda _: True)
    config = uvicorn.Config(
        answering,
        port=0,
        http=partial(GuardedProtocol, connections),  # type: ignore[arg-type]
        lifespan="off",
        log_config=None,
    )

    async def story() -> None:
        with closing(listening(config)) as listener:
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve([listener]))
            address = listener.getsockname()
            for _ in range(AT_ONCE):
                await asyncio.to_thread(meet, address)
            async with asyncio.timeout(10):
                while kept():
                    await asyncio.sleep(0.01)
            server.should_exit = True
            await serving

    def meet(address: tuple[str, int]) -> None:
        with socket.create_connection(address) as connection:
            says(connection)
            if is_reset:
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    gc.collect()
    gc.disable()
    try:
        asyncio.run(story())
    finally:
        gc.enable()


def kept() -> int:
    """How many connections are in memory."""
    return sum(isinstance(each, GuardedProtocol) for each in gc.get_objects())
