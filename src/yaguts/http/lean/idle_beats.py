"""Answers heartbeats that tell nothing but the board's health, without the database."""

import json
from types import SimpleNamespace
from typing import Any, cast

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from yaguts.http.access import recognised, token_in
from yaguts.http.bodies import replay
from yaguts.http.lean.idle_polls import is_looked_up
from yaguts.http.public_address import route_path
from yaguts.services.dispensers import heartbeats
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import token_hash
from yaguts_wire import words as w

PATH = "/devices/me/heartbeat"
_ROUTE = SimpleNamespace(path_format=PATH)
"""What `http.watching` counts it as."""
_LONGEST = 256
_TOLD = {w.FIRMWARE, w.STATUS}
_HEALTH = {"rssi", "heap", w.PARKED, w.LOST}
"""What decides nothing, and is only shown."""
_HEAD = [(b"content-length", b"11"), (b"content-type", b"application/json")]
_OK = b'{"ok":true}'


class IdleBeats:
    """ASGI middleware behind `BodyCheck`. A heartbeat that tells anything else goes on to `app`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Called by the server."""
        if scope["type"] != "http" or scope["method"] != "POST" or route_path(scope) != PATH:
            await self._app(scope, receive, send)
            return
        message = await receive()
        body = message.get("body", b"")
        if not await _is_gathered(scope, body):
            await self._app(scope, replay(body, receive), send)
            return
        recognised(scope, is_dispenser=True)
        scope["route"] = _ROUTE
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEAD]})
        await send({"type": "http.response.body", "body": _OK})


async def _is_gathered(scope: Scope, body: bytes) -> bool:
    """Whether the heartbeat is taken without the database."""
    site: Site = scope["app"].state.site
    connection = HTTPConnection(scope)
    is_json = connection.headers.get("content-type") == "application/json"
    told = _health_in(body) if is_json and 0 < len(body) <= _LONGEST else None
    if told is None or not await is_looked_up(site):
        return False
    return heartbeats.gather(site, token_hash(token_in(connection)), *told)


def _health_in(body: bytes) -> tuple[str, dict[str, int]] | None:
    """The version and the numbers that a heartbeat tells; None when it tells anything else."""
    told: Any = json.loads(body)
    if not isinstance(told, dict) or told.keys() != _TOLD:
        return None
    firmware, status = cast("tuple[object, object]", (told[w.FIRMWARE], told[w.STATUS]))
    if not isinstance(firmware, str) or not isinstance(status, dict):
        return None
    numbers = cast("dict[str, int]", status)
    is_health = all(key in _HEALTH and type(value) is int for key, value in numbers.items())
    return (firmware, numbers) if is_health else None
