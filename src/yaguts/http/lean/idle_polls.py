"""Answers polls for which there is nothing, which are nearly all polls.

What is known without the database says "nothing"; every other poll goes on to the API, which asks
the database. So a poll that is answered here, by firmware 0.1 too, hands out no job.
"""

import asyncio
import re
from dataclasses import dataclass
from types import SimpleNamespace

from anyio import Lock
from anyio.lowlevel import RunVar
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yaguts.domain.errors import Unavailable
from yaguts.http.access import HEARD_BEFORE, recognised
from yaguts.http.public_address import route_path
from yaguts.services.dispensers.last_seen import store_returning
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import dispenser_topic
from yaguts.services.runtime.threads import briefly, in_dispensers_thread, lock_of_loop
from yaguts.services.runtime.tokens import token_hash
from yaguts_wire import words as w
from yaguts_wire.limits import MAX_POLL_S

PATH = "/devices/me/next_job"
_ROUTE = SimpleNamespace(path_format=PATH)
"""What `http.watching` counts it as."""
_HOLDING = w.HOLDING_HEADER.lower().encode()
_LONGEST_HOLDING = 64
_BEARER = b"bearer "
_WAIT = re.compile(rb"(?:wait=([0-9]{1,3}(?:\.[0-9]{1,3})?))?")
_UNUSUAL = frozenset({b"content-length", b"transfer-encoding", b"expect"})
_looking: RunVar[Lock] = RunVar("who looks for all that poll")
_storing: RunVar[Lock] = RunVar("who stores for all that return")
_NOTHING: Message = {"type": "http.response.start", "status": 204, "headers": []}
_END: Message = {"type": "http.response.body", "body": b""}


@dataclass(frozen=True, slots=True)
class _Poll:
    token_hash: str
    wait_s: float


class IdlePolls:
    """ASGI middleware. A poll that is unusual in any way, or may be refused, goes on to `app`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        poll = _poll_in(scope)
        if poll is None:
            await self._app(scope, receive, send)
            return
        left_s = await _held_until_busy(scope["app"].state.site, poll, scope)
        if left_s is None:
            scope["route"] = _ROUTE
            await send({**_NOTHING})
            await send(_END)
        else:
            if left_s != poll.wait_s:
                _wait_only(scope, left_s)
            await self._app(scope, receive, send)


def _poll_in(scope: Scope) -> _Poll | None:
    """The poll, if it is one, as firmware sends it."""
    if scope["type"] != "http" or scope["method"] != "GET" or route_path(scope) != PATH:
        return None
    token = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            if token is not None or value[: len(_BEARER)].lower() != _BEARER:
                return None
            token = value[len(_BEARER) :].decode("latin-1").strip()
        elif name in _UNUSUAL or (name == _HOLDING and len(value) > _LONGEST_HOLDING):
            return None
    wait = _WAIT.fullmatch(scope["query_string"])
    if not token or wait is None or (wait_s := float(wait[1] or 0)) > MAX_POLL_S:
        return None
    return _Poll(token_hash(token), wait_s)


async def _held_until_busy(site: Site, poll: _Poll, scope: Scope) -> float | None:
    """How many seconds of the wait are left when the database must be asked. None: it is over, and
    there was nothing.
    """
    dispenser_id = await _idle(site, poll)
    if dispenser_id is None or not await _heard(site, dispenser_id):
        return poll.wait_s
    recognised(scope, is_dispenser=True)
    if not poll.wait_s:
        return None
    clock = asyncio.get_running_loop().time
    until = clock() + poll.wait_s
    with site.hub.listen(dispenser_topic(dispenser_id)) as subscription:
        while (left_s := until - clock()) > 0 and not site.hub.closing:
            if await _idle(site, poll) != dispenser_id:
                return left_s
            _held(site, dispenser_id, 1)
            try:
                await subscription.next(left_s)
            finally:
                _held(site, dispenser_id, -1)
    return None


def _held(site: Site, dispenser_id: int, more: int) -> None:
    site.idle.held(dispenser_id, more)
    site.observer.polls_held(more)


async def _heard(site: Site, dispenser_id: int) -> bool:
    """Note the sign of life. What ends a silence is stored at once: False if it cannot be."""
    now = site.clock()
    if site.signs_of_life.is_online(dispenser_id, now):
        site.signs_of_life.gather(dispenser_id, now)
        return True
    site.signs_of_life.returns(dispenser_id, now)
    try:
        async with lock_of_loop(_storing):
            if site.signs_of_life.is_returning(dispenser_id):  # Nobody stored it meanwhile.
                await briefly(store_returning)(site)
    except Unavailable:
        site.signs_of_life.forget(dispenser_id)
        return False
    return True


async def _idle(site: Site, poll: _Poll) -> int | None:
    """The dispenser that polls, if it is known to have nothing to do."""
    return site.idle.dispenser_of(poll.token_hash) if await is_looked_up(site) else None


async def is_looked_up(site: Site) -> bool:
    """Whether it is known now which dispensers have nothing to do. If need be, the database is
    asked, once for all who wait for that.
    """
    if not site.idle.is_fresh:
        try:
            async with lock_of_loop(_looking):
                if not site.idle.is_fresh:  # Nobody looked meanwhile.
                    await _look(site)
        except Unavailable:
            return False
    return True


@in_dispensers_thread
def _look(site: Site) -> None:
    site.idle.look(site.database)


def _wait_only(scope: Scope, wait_s: float) -> None:
    """Make it the rest of a poll. It is no sign of life: the board may be gone since it polled.

    A copy would hide the route from `http.watching`, which reads it in this scope.
    """
    scope["query_string"] = f"wait={wait_s:.3f}".encode()
    scope[HEARD_BEFORE] = True
