"""Threads for the calls of dispensers, which never wait behind those of people.

FastAPI runs plain functions in threads that all callers share. A crowd of people fills them; a
dispenser gives a call up after ten seconds.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar

PEOPLE_AT_ONCE = 24
DISPENSERS_AT_ONCE = 16
"""Each thread may need a connection to the database: see `storage.db.database.CONNECTIONS`."""

P = ParamSpec("P")
R = TypeVar("R")

_limiter: RunVar[CapacityLimiter] = RunVar("the threads of dispensers")


def in_dispensers_thread(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The function as a coroutine that runs it in one of the dispensers' threads."""

    @wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return await anyio.to_thread.run_sync(
            lambda: function(*args, **kwargs), limiter=_dispensers()
        )

    return run


def limit_people() -> None:
    """Leave people, on this event loop, so many threads."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = PEOPLE_AT_ONCE


def _dispensers() -> CapacityLimiter:
    """One limiter for each event loop."""
    try:
        return _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(DISPENSERS_AT_ONCE)
        _limiter.set(limiter)
        return limiter
