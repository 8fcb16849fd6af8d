"""A browser whose requests take one hop to the server's event loop.

`TestClient` takes seven, because it can hand over an answer in parts: half of what a small call of
the API costs in a test.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import anyio
import httpx2
from anyio.from_thread import BlockingPortal
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Scope


class Browser(TestClient):
    """A `TestClient` whose answers come as a whole. WebSockets go its own way.

    The server's exceptions are what they are to a real client: an answer 500.
    """

    def __init__(
        self, app: ASGIApp, portal: BlockingPortal | None, base_url: str, client: tuple[str, int]
    ) -> None:
        """`portal` leads to the event loop; without one, each request starts a loop."""
        super().__init__(app, base_url, raise_server_exceptions=False, client=client)
        self.portal = portal
        if portal is not None:
            self._transport = _OneHop(portal.call, app, client, self._transport)


class _OneHop(httpx2.BaseTransport):
    def __init__(
        self,
        call: Callable[..., Any],
        app: ASGIApp,
        client: tuple[str, int],
        for_web_sockets: httpx2.BaseTransport,
    ) -> None:
        self._call, self._app, self._client = call, app, client
        self._for_web_sockets = for_web_sockets

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.scheme in {"ws", "wss"}:
            return self._for_web_sockets.handle_request(request)
        exchange = _Exchange(request.read())
        self._call(exchange.run, self._app, self._scope_of(request))
        content = b"" if request.method == "HEAD" else b"".join(exchange.parts)
        return httpx2.Response(
            exchange.status,
            headers=exchange.headers,
            stream=httpx2.ByteStream(content),
            request=request,
        )

    def _scope_of(self, request: httpx2.Request) -> Scope:
        url = request.url
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": unquote(url.path),
            "raw_path": url.raw_path.partition(b"?")[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": self._client,
            "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
            "extensions": {},
            "state": {},
        }


class _Exchange:
    """One request, and what the server says to it."""

    def __init__(self, body: bytes) -> None:
        self._unread, self._ended = [body], anyio.Event()
        self.status, self.headers, self.parts = 500, list[tuple[bytes, bytes]](), list[bytes]()

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        with suppress(Exception):
            await app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if self._unread:
            return {"type": "http.request", "body": self._unread.pop()}
        await self._ended.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                self._ended.set()
