"""Refuses changes and WebSockets that another web site makes a signed-in browser send."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from yaguts.http.bodies import Refuse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class OriginCheck:
    """ASGI middleware that refuses foreign origins. `refuse` makes the answer.

    Dispensers and scripts send no Origin header; browsers always send it with these requests.
    """

    def __init__(self, app: ASGIApp, allowed: tuple[str, ...], refuse: Refuse) -> None:
        self._app, self._refuse = app, refuse
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _may_change(scope) or self._trusted(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._refuse(scope, 403, "request.origin")(scope, receive, send)

    def _trusted(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site") != "cross-site"
        return origin in self._allowed or _is_own(origin, headers.get("host", ""), scope["scheme"])


def _may_change(scope: Scope) -> bool:
    kind = scope["type"]
    return kind == "websocket" or (kind == "http" and scope["method"] not in SAFE_METHODS)


def _is_own(origin: str, host: str, scheme: str) -> bool:
    """Whether the origin is this server. A proxy may turn HTTPS into HTTP, but not the reverse."""
    try:
        theirs, ours = urlsplit(origin), urlsplit(f"//{host}")
        their_port = theirs.port or _DEFAULT_PORTS.get(theirs.scheme)
        our_port = ours.port or _DEFAULT_PORTS.get(theirs.scheme)
    except ValueError:
        return False
    if scheme in ("https", "wss") and theirs.scheme != "https":
        return False
    return bool(ours.hostname) and (theirs.hostname, their_port) == (ours.hostname, our_port)
