"""A server that ends answers whatever has reached it, and says that its connections end."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from functools import partial

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from yaguts.cli import connections
from yaguts.cli.connections import Connections, GuardedProtocol
from yaguts.cli.ending import EndingServer
from yaguts.cli.serve import listening

POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nsalt"
ANSWERED, CLOSES = b"HTTP/1.1 204", b"connection: close\r\n"
WITHIN_S = 20


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that takes everything."""
    assert scope["type"] == "http"
    await receive()
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Served:
    """A server with one listener."""

    def __init__(self, listener: socket.socket, config: uvicorn.Config) -> None:
        self.listener, self.address = listener, listener.getsockname()
        self.server = EndingServer(config)
        self._serving = asyncio.create_task(self.server.serve([listener]))

    def connect(self) -> socket.socket:
        """A connection. The server's loop has no turn meanwhile, and accepts it later."""
        return socket.create_connection(self.address, WITHIN_S)

    async def begins_to_end(self) -> None:
        """Nobody can connect any more."""
        self.server.should_exit = True
        async with asyncio.timeout(WITHIN_S):
            while True:
                try:
                    self.connect().close()
                except ConnectionRefusedError:
                    return
                await asyncio.sleep(0.01)

    async def ends(self) -> None:
        """All is answered."""
        async with asyncio.timeout(WITHIN_S):
            await self._serving


@asynccontextmanager
async def served() -> AsyncGenerator[Served]:
    guarded = partial(GuardedProtocol, Connections(100, lambda _: True))
    config = uvicorn.Config(
        answering,
        port=0,
        http=guarded,  # type: ignore[arg-type]
        lifespan="off",
        log_config=None,
    )
    with closing(listening(config)) as listener:
        served = Served(listener, config)
        async with asyncio.timeout(WITHIN_S):
            while not served.server.started:
                await asyncio.sleep(0.01)
        yield served


async def asked(connection: socket.socket) -> bytes:
    connection.sendall(POST)
    return await asyncio.to_thread(connection.recv, 4096)


def test_a_kept_connection_takes_one_more_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LAST_CALLS_S", WITHIN_S)

    async def story() -> None:
        async with served() as one:
            with one.connect() as kept:
                before = await asked(kept)
                assert before.startswith(ANSWERED)
                assert CLOSES not in before
                await one.begins_to_end()
                last = await asked(kept)
                assert last.startswith(ANSWERED)
                assert CLOSES in last
                assert kept.recv(1) == b""
                await one.ends()

    asyncio.run(story())


def test_a_connection_without_a_call_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LAST_CALLS_S", WITHIN_S)

    async def story() -> None:
        async with served() as one:
            with one.connect() as silent:
                await one.begins_to_end()
                last = await asked(silent)
                assert last.startswith(ANSWERED)
                assert CLOSES in last
                await one.ends()

    asyncio.run(story())


def test_who_says_nothing_is_not_waited_for_long() -> None:
    async def story() -> None:
        async with served() as one:
            with one.connect() as silent:
                await one.begins_to_end()
                await one.ends()
                assert silent.recv(1) == b""

    asyncio.run(story())


def test_who_has_connected_and_was_not_accepted_yet_is_answered() -> None:
    async def story() -> None:
        async with served() as one:
            late = [one.connect() for _ in range(3)]
            for each in late:
                each.sendall(POST)
            await one.server.shutdown([one.listener])
            for each in late:
                with each:
                    last = each.recv(4096)
                    assert last.startswith(ANSWERED)
                    assert CLOSES in last
            one.server.should_exit = True
            await one.ends()

    asyncio.run(story())
