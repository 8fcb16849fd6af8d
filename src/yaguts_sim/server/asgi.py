"""Call an ASGI application in the world: one request, one whole answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

AsgiMessage = dict[str, Any]
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]
AsgiApp = Callable[[AsgiMessage, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the server. Header names are lower-case."""

    method: str
    target: str
    headers: Headers
    body: bytes = b""

    def scope(self) -> AsgiMessage:
        path, _, query = self.target.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": self.headers,
            "client": ("127.0.0.1", 40000),
            "server": ("127.0.0.1", 8000),
        }


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """The server's whole answer."""

    status: int
    headers: Headers
    body: bytes


class Exchange:
    """A request while it is answered. `hang_up()` tells the application that the client left."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.answer = ServerAnswer(500, (), b"")
        self._given = False
        self._gone = asyncio.Event()

    def hang_up(self) -> None:
        self._gone.set()

    async def run(self, app: AsgiApp) -> ServerAnswer:
        """The application's whole answer."""
        await app(self.request.scope(), self._receive, self._send)
        return self.answer

    async def _receive(self) -> AsgiMessage:
        if not self._given:
            self._given = True
            return {"type": "http.request", "body": self.request.body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: AsgiMessage) -> None:
        if message["type"] == "http.response.start":
            self.answer = ServerAnswer(message["status"], message["headers"], b"")
        elif message["type"] == "http.response.body":
            said = self.answer
            self.answer = ServerAnswer(
                said.status, said.headers, said.body + message.get("body", b"")
            )
