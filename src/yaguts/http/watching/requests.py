"""Gives each request its id, counts it, and writes of it what the log is to have."""

import logging
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yaguts.http.head import asked_method
from yaguts.http.watching.request_id import HEADER, begin_request
from yaguts.services.runtime.context import Site

_log = logging.getLogger(__name__)
_HEADER = HEADER.lower().encode()
_METHODS = frozenset("GET POST PUT DELETE HEAD OPTIONS PATCH WS".split())
_OUTCOMES = ("gone", "1xx", "2xx", "3xx", "4xx", "5xx")
"""By the first digit of a status. Where there was no answer, nobody waits for one any more."""
_REFUSALS = frozenset({401, 403, 413, 421, 429})
OTHER = "other"
"""The route of a request that none takes, and a method that nobody knows."""
_ACCEPTED, _CRASHED, _DENIED = 101, 500, 403


class Observed:
    """ASGI middleware. It stands where nobody copies the scope behind it: the route is read there.

    `new_id` gives the id of a request.
    """

    def __init__(self, app: ASGIApp, new_id: Callable[[], str]) -> None:
        self._app, self._new_id = app, new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        begin_request(request_id := self._new_id())
        site: Site = scope["app"].state.site
        monotonic = site.observer.monotonic
        prefix, began, status, ended = scope.get("root_path", ""), monotonic(), 0, False

        async def observed_send(message: Message) -> None:
            nonlocal status
            kind = message["type"]
            if kind == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (_HEADER, request_id.encode())]
            elif kind.startswith("websocket") and not status:
                status = _ACCEPTED if kind == "websocket.accept" else _DENIED
            await send(message)

        try:
            await self._app(scope, receive, observed_send)
            ended = True
        finally:
            status = status if status or ended else _CRASHED
            _note(site, scope, prefix, status, monotonic() - began)


def _note(site: Site, scope: Scope, prefix: str, status: int, seconds: float) -> None:
    refused, access_log = status in _REFUSALS, site.settings.access_log
    if not (refused or access_log or site.observer.counts):
        return
    method, route = asked_method(scope), _route(scope, prefix)
    method = method if method in _METHODS else OTHER
    if site.observer.counts:
        site.observer.request(method, route, _OUTCOMES[status // 100], seconds)
    if refused:
        _tell(scope, method, route, status, {}, refused=True)
    elif access_log:
        _tell(scope, method, route, status, {"ms": round(seconds * 1000, 1)}, refused=False)


def _tell(
    scope: Scope, method: str, route: str, status: int, more: dict[str, object], *, refused: bool
) -> None:
    """The line has the template of the path and the numbers in it: a path may hold a secret."""
    address = scope["client"][0] if scope.get("client") else None
    parameters = scope.get("path_params", {}).items()
    numbers = {name: value for name, value in parameters if isinstance(value, int)}
    about = {"status": status, **numbers, **more, "address": address}
    extra = {"about": about, "seldom": (route, status, address)} if refused else {"about": about}
    level, begin = (logging.WARNING, "refused ") if refused else (logging.INFO, "")
    _log.log(level, "%s%s %s", begin, method, route, extra=extra)


def _route(scope: Scope, prefix: str) -> str:
    """The template of the path that was asked for, without the sub-path."""
    path = getattr(scope.get("route"), "path_format", None)
    mounted: str = scope.get("root_path", "")
    return OTHER if path is None else f"{mounted.removeprefix(prefix)}{path}"
