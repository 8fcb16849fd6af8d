"""Where calls run: on the event loop, or in threads, where dispensers never wait behind people.

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

from yaguts.storage.db.database import Database
from yaguts.storage.db.turns import goes_first
from yaguts.storage.db.waits import on_loop

PEOPLE_AT_ONCE = 22
DISPENSERS_AT_ONCE = 16
LIVE_AT_ONCE = 2
"""Each thread may need a connection to the database: see `storage.db.database.CONNECTIONS`."""

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_dispensers: RunVar[CapacityLimiter] = RunVar("the threads of dispensers")
_on_loop: RunVar[bool] = RunVar("whether short calls run on the event loop")
_live: RunVar[CapacityLimiter] = RunVar("the threads of live pages")


def briefly(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The function as a coroutine, for what takes no longer than a few short transactions of a
    dispenser. It runs on the event loop where the database answers at once, and otherwise in one of
    the dispensers' threads.
    """

    @wraps(function)
    def first(*args: P.args, **kwargs: P.kwargs) -> R:
        before = goes_first.set(True)
        try:
            return function(*args, **kwargs)
        finally:
            goes_first.reset(before)  # The next request on its connection may be somebody else's.

    return _on_loop_or(in_dispensers_thread(function), first)


def briefly_for_people(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The same for a short call of a person. It waits behind dispensers."""

    @wraps(function)
    async def threaded(*args: P.args, **kwargs: P.kwargs) -> R:
        return await anyio.to_thread.run_sync(partial(function, *args, **kwargs))

    return _on_loop_or(threaded, function)


def _on_loop_or(
    threaded: Callable[P, Awaitable[R]], function: Callable[P, R]
) -> Callable[P, Awaitable[R]]:
    @wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _of_loop(_on_loop, bool):
            return await on_loop(partial(function, *args, **kwargs))
        return await threaded(*args, **kwargs)

    return run


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


def prepare_loop(database: Database) -> None:
    """Leave people, on this event loop, so many threads. See `briefly`."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = PEOPLE_AT_ONCE
    _on_loop.set(database.answers_at_once)


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
