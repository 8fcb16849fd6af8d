"""A server that ends with nothing lost that has reached it.

A proxy gives a call to another server when it cannot connect. What it has sent may have been done,
so it must not send it again elsewhere: somebody would be told that it failed.
"""

import asyncio
import socket
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from itertools import islice

import uvicorn

from yaguts.cli.connections import GuardedProtocol


class EndingServer(uvicorn.Server):
    """uvicorn's server. Its connections end as `GuardedProtocol.shutdown` says."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Called when the server is to end.

        A socket that is closed resets connections that were made and not accepted yet. So these are
        accepted first, and nothing else happens until it is closed.
        """
        late = [one for listener in sockets or () for one in self._made(listener)]
        for server in self.servers:
            server.close()
        await self._take(late)
        await super().shutdown(sockets)

    def _made(self, listener: socket.socket) -> Iterable[socket.socket]:
        """The connections that wait to be accepted."""
        return islice(_accepted(listener), self.config.backlog)

    async def _take(self, accepted: Iterable[socket.socket]) -> None:
        loop = asyncio.get_running_loop()
        kind: Callable[..., GuardedProtocol]
        kind = self.config.http_protocol_class  # type: ignore[assignment]
        state = {"server_state": self.server_state, "app_state": self.lifespan.state}

        def connection() -> GuardedProtocol:
            made = kind(config=self.config, **state, _loop=loop)
            made.is_last = True
            return made

        for each in accepted:
            with suppress(OSError):  # It has gone again.
                await loop.connect_accepted_socket(connection, each)


def _accepted(listener: socket.socket) -> Generator[socket.socket]:
    with suppress(OSError):
        while True:
            yield listener.accept()[0]
