"""What a proxy changes: the address of this server, and how a request seems to come."""

from collections.abc import Iterable
from contextvars import ContextVar
from ipaddress import ip_network

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from yaguts.http.lan_addresses import seen_by_others
from yaguts.settings import Settings
from yaguts_wire import words as w

RESET_PAGE = "/app/new-password"

_SCHEME = b"x-forwarded-proto"
_SAID_BY_PROXIES = (_SCHEME, b"x-forwarded-for")
_sub_path: ContextVar[str] = ContextVar("sub_path", default="")


def sub_path() -> str:
    """What the paths of this server begin with for a browser, such as "/yaguts"; mostly ""."""
    return _sub_path.get()


def route_path(scope: Scope) -> str:
    """The path of a request without the sub-path."""
    return scope["path"].removeprefix(scope.get("root_path", ""))


def server_address(connection: HTTPConnection, settings: Settings) -> str:
    """The public address, or else the one by which this request came. No slash is at its end.

    Where only this computer knows that one, it is an address that telephones and boards know, if
    the server listens there.
    """
    if settings.public_url:
        return settings.public_url
    return seen_by_others(f"{connection.url.scheme}://{connection.url.netloc}{sub_path()}")


def reset_link(server: str, code: str) -> str:
    """Return the address of the page on which somebody chooses a new password."""
    return f"{server.rstrip('/')}{RESET_PAGE}?{w.CODE}={code}"


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


class Forwarded:
    """ASGI middleware that believes proxies in the `trusted` networks.

    After several proxies the first scheme counts, which is the browser's. uvicorn understands one
    scheme only, and would take `https,http` for HTTP.
    """

    def __init__(self, app: ASGIApp, trusted: Iterable[str]) -> None:
        self._app = app
        self._believing: ASGIApp = ProxyHeadersMiddleware(app, _and_mapped(trusted))  # pyright: ignore[reportAttributeAccessIssue, reportArgumentType]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Called by the server. Most requests come with no word of a proxy."""
        headers = scope.get("headers", ())
        if not any(name in _SAID_BY_PROXIES for name, _ in headers):
            await self._app(scope, receive, send)
            return
        scope["headers"] = _with_one_scheme(headers)
        await self._believing(scope, receive, send)


def _with_one_scheme(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    said = b",".join(value for name, value in headers if name == _SCHEME)
    if not said:
        return headers
    first = said.partition(b",")[0].strip().lower()
    return [*(pair for pair in headers if pair[0] != _SCHEME), (_SCHEME, first)]


def _and_mapped(networks: Iterable[str]) -> list[str]:
    """The networks, those of IPv4 also as a server on `::` sees them."""
    all_of_them: list[str] = []
    for network in map(ip_network, networks):
        all_of_them.append(str(network))
        if network.version == 4:
            all_of_them.append(f"::ffff:{network.network_address}/{96 + network.prefixlen}")
    return all_of_them
