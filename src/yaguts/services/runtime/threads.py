"""Threads for the calls of dispensers, which never wait behind those of people, and for live pages.

FastAPI runs plain functions in threads that all callers share. A crowd of people fills them; a
dispenser gives a call up after ten seconds. Live pages are rendered by themselves, however many
there are, so they get few.
"""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter, Lock
from anyio.lowlevel import RunVar

from yaguts.storage.db.turns import goes_first

PEOPLE_AT_ONCE = 22
DISPENSERS_AT_ONCE = 16
LIVE_AT_ONCE = 2
"""Each thread may need a connection to the database: see `storage.db.database.CONNECTIONS`."""

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_dispensers: RunVar[CapacityLimiter] = RunVar("the threads of dispensers")
_live: RunVar[CapacityLimiter] = RunVar("the threads of live pages")


def in_dispensers_thread(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The function as a coroutine that runs it in one of the dispensers' threads."""

    @wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        def first() -> R:
            goes_first.set(True)  # In a copy of the context, as threads of anyio's have it.
            return function(*args, **kwargs)

        limiter = _of_loop(_dispensers, partial(CapacityLimiter, DISPENSERS_AT_ONCE))
        return await anyio.to_thread.run_sync(first, limiter=limiter)

    return run


async def in_live_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What the function returns in one of the threads of live pages."""
    limiter = _of_loop(_live, partial(CapacityLimiter, LIVE_AT_ONCE))
    return await anyio.to_thread.run_sync(lambda: function(*args, **kwargs), limiter=limiter)


def limit_people() -> None:
    """Leave people, on this event loop, so many threads."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = PEOPLE_AT_ONCE


def lock_of_loop(of: RunVar[Lock]) -> Lock:
    """One lock for each event loop. What it guards may wait for a thread."""
    return _of_loop(of, partial(Lock, fast_acquire=True))


def _of_loop(of: RunVar[T], make: Callable[[], T]) -> T:
    """One for each event loop, made when it is first asked for."""
    try:
        return of.get()
    except LookupError:
        made = make()
        of.set(made)
        return made
