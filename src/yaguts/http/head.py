"""HEAD, answered as GET without the body. FastAPI itself answers GET only."""

from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yaguts.http.public_address import route_path

_FETCHES = ("/devices/me/next_job",)
"""A GET that changes something: firmware 0.1 accepts a job by it."""
_ASKED = "yaguts.asked"
_DISCONNECTED: Message = {"type": "http.disconnect"}


def takes_head(scope: Scope) -> bool:
    """Whether HEAD is answered where GET is."""
    return route_path(scope) not in _FETCHES


def asked_method(scope: Scope) -> str:
    """The method that the sender of a request named. WS: it opens a WebSocket."""
    return scope.get(_ASKED) or scope.get("method", "WS")


class HeadAsGet:
    """ASGI middleware. To what is behind it, the sender has gone once the headers are sent, so that
    a stream of events ends.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http" or scope["method"] != "HEAD" or not takes_head(scope):
            return self._app(scope, receive, send)
        return self._as_get(scope, receive, send)

    async def _as_get(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = False

        async def send_headers(message: Message) -> None:
            nonlocal sent
            if not sent:
                sent = True
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        async def receive_until_sent() -> Message:
            return _DISCONNECTED if sent else await receive()

        as_get = {**scope, "method": "GET", _ASKED: "HEAD"}
        await self._app(as_get, receive_until_sent, send_headers)
