"""The address by which people and dispensers know this server, where a proxy has put it."""

from contextvars import ContextVar

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from yaguts.settings import Settings

_sub_path: ContextVar[str] = ContextVar("sub_path", default="")


def sub_path() -> str:
    """What the paths of this server begin with for a browser, such as "/yaguts"; mostly ""."""
    return _sub_path.get()


def route_path(scope: Scope) -> str:
    """The path of a request without the sub-path."""
    return scope["path"].removeprefix(scope.get("root_path", ""))


def server_address(connection: HTTPConnection, settings: Settings) -> str:
    """The public address, or else the one by which this request came. No slash is at its end."""
    if settings.public_url:
        return settings.public_url
    return f"{connection.url.scheme}://{connection.url.netloc}{sub_path()}"


class SubPath:
    """ASGI middleware that takes requests with the sub-path and without.

    Some proxies cut it off and some don't; on the local network nobody says it.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path == self._prefix:
            path = f"{path}/"
        elif not path.startswith(f"{self._prefix}/"):
            path = self._prefix + path
        before = _sub_path.set(self._prefix)
        try:
            await self._app({**scope, "root_path": self._prefix, "path": path}, receive, send)
        finally:
            _sub_path.reset(before)
