"""Answers calls that come often before FastAPI looks for a route.

FastAPI compares a request with one route after the other, and opens what only its own dependencies
need. That takes longer than most of these calls.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from yaguts.http.lean.route import Handler, LeanRoute
from yaguts.http.public_address import route_path

Errors = Mapping[Any, Callable[[Request, Exception], Any]]
_HANDLER = "yaguts.handler"
_FIRST = ("/devices/me/", "/jobs")
"""What the paths of all such calls begin with."""


class LeanFirst:
    """ASGI middleware, the last before FastAPI. What none of these routes takes goes on to `app`.

    `errors` is how FastAPI answers errors.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[object], errors: Errors) -> None:
        self._app = app
        self._routes = [(one, one.get_route_handler()) for one in _taken(routes)]
        self._answered = ExceptionMiddleware(
            _answer, {kind: handle for kind, handle in errors.items() if kind is not Exception}
        )

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Called by the server."""
        if scope["type"] == "http" and (path := route_path(scope)).startswith(_FIRST):
            for route, handler in self._routes:
                if scope["method"] in route.methods and (match := route.path_regex.match(path)):
                    _note(scope, route, match.groupdict(), handler)
                    return self._answered(scope, receive, send)
        return self._app(scope, receive, send)


def _taken(routes: Iterable[object]) -> list[LeanRoute]:
    taken = [one for one in routes if isinstance(one, LeanRoute) and one.is_lean]
    if elsewhere := [one.path for one in taken if not one.path.startswith(_FIRST)]:
        raise ValueError(f"{elsewhere} begin with none of {_FIRST}")
    return taken


def _note(scope: Scope, route: LeanRoute, texts: Mapping[str, str], handler: Handler) -> None:
    convertors = route.param_convertors
    scope["path_params"] = {name: convertors[name].convert(text) for name, text in texts.items()}
    scope["route"], scope["endpoint"], scope[_HANDLER] = route, route.endpoint, handler


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    response = await scope[_HANDLER](Request(scope, receive, send))
    await response(scope, receive, send)
