"""Refuses requests to a name that is not this server's.

A page elsewhere can have its name lead to this address (DNS rebinding). To a browser it is then a
page of this server, which may call it, with the cookies of that name. It needs a name for that: an
address cannot be made to lead elsewhere.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from yaguts.http.bodies import Refuse
from yaguts.http.lan_addresses import is_local, literal
from yaguts.http.public_address import route_path

_BY_ANY_NAME = re.compile(r"/devices/(claim|me/.*)|/time|/healthz?|/readyz|/metrics")
"""What boards and watchers call, by whatever name they know the server. No cookie counts there, so
a page gains nothing: it has neither a token nor a pairing code.
"""


class HostCheck:
    """ASGI middleware that refuses requests whose Host is neither a literal address, `localhost`
    nor one of `names`. `refuse` makes the answer.

    No browser leaves Host out, so a request without one is let through.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str], refuse: Refuse) -> None:
        self._app, self._refuse = app, refuse
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._is_ours(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._refuse(scope, 421, "request.host")(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        if is_called_by_any_name(route_path(scope)):
            return True
        return all(map(self._is_known, Headers(scope=scope).getlist("host")))

    def _is_known(self, host: str) -> bool:
        name = _name_in(host)
        return name in self._names or is_local(name) or literal(name) is not None


def is_called_by_any_name(path: str) -> bool:
    """Whether the Host of a request for this path is not looked at."""
    return _BY_ANY_NAME.fullmatch(path) is not None


def _name_in(host: str) -> str:
    """The name in a Host header, without its port; what cannot be read is returned as it is."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return host
