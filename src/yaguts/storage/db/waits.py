"""Waiting that lets others go on: a thread sleeps, a caller on an event loop is suspended.

SQLite answers most statements faster than a thread is handed a call. So callers run on the event
loop, each in a greenlet, and stay plain functions. What may take long there, a turn, a lock of the
file or the disk, suspends the caller.
"""

import asyncio
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, local
from typing import Any, ParamSpec, TypeVar

from greenlet import GreenletExit, getcurrent, greenlet

P = ParamSpec("P")
T = TypeVar("T")

MOST_KEPT = 64
"""So many greenlets are kept for later calls: to begin one takes longer than most queries."""


class _Worker(greenlet):
    """Makes one call after another. It is given calls, and gives outcomes and what to await."""

    def __init__(self) -> None:
        super().__init__(self._work)

    def _work(self, call: Callable[[], object]) -> None:
        while True:
            outcome = _outcome_of(call)
            del call  # Nothing of a call is kept until the next one.
            call = _give(outcome)


class _Outcome:
    """What a call returned or raised."""

    __slots__ = ("error", "value")

    def __init__(self, value: Any = None, error: BaseException | None = None) -> None:
        self.value, self.error = value, error


def _outcome_of(call: Callable[[], object]) -> _Outcome:
    try:
        return _Outcome(call())
    except GreenletExit:  # Nobody waits for the outcome any more.
        raise
    except BaseException as error:
        return _Outcome(error=error)


def _returned(outcome: _Outcome) -> Any:
    if outcome.error is None:
        return outcome.value
    try:
        raise outcome.error
    finally:
        outcome.error = None  # Or it would refer to itself, by way of its traceback.


class _Kept(local):
    """The workers of a thread that have nothing to do."""

    def __init__(self) -> None:
        self.workers: list[_Worker] = []


_kept = _Kept()


async def on_loop(call: Callable[[], T]) -> T:
    """What a plain function returns or raises. Where it waits, others go on."""
    here, kept = getcurrent(), _kept.workers
    worker = kept.pop() if kept else _Worker()
    worker.parent, worker.gr_context = here, here.gr_context
    given: Any = worker.switch(call)
    while type(given) is not _Outcome:
        try:
            value = await given
        except BaseException as error:
            given = worker.throw(error)
        else:
            given = worker.switch(value)
    if len(kept) < MOST_KEPT:
        kept.append(worker)
    return _returned(given)


def is_on_loop() -> bool:
    """Whether the caller is on an event loop, where nothing may block."""
    return isinstance(getcurrent(), _Worker)


def _await(awaitable: Awaitable[T]) -> T:
    return _give(awaitable)


def _give(given: object) -> Any:
    """Give the event loop something, and return what it gives back."""
    event_loop = getcurrent().parent
    assert event_loop is not None
    return event_loop.switch(given)


class Gate:
    """Closed until somebody opens it, from any thread. It stays open."""

    __slots__ = ("_is_open", "_lock", "_wakes")

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_open = False
        self._wakes: list[Callable[[], object]] = []

    @property
    def is_open(self) -> bool:
        """Whether it has been opened."""
        return self._is_open

    def open(self) -> None:
        """Let all pass, who wait and who come."""
        with self._lock:
            self._is_open, wakes = True, self._wakes
        for wake in wakes:
            wake()

    def wait(self) -> None:
        """Wait until it is open."""
        with self._lock:
            if self._is_open:
                return
            wake, sleep = _suspending() if is_on_loop() else _sleeping()
            self._wakes.append(wake)
        sleep()


def _suspending() -> tuple[Callable[[], object], Callable[[], object]]:
    loop = asyncio.get_running_loop()
    woken = loop.create_future()

    def wake() -> None:
        if not woken.done():  # It is cancelled with the task that waits.
            woken.set_result(None)

    return lambda: loop.call_soon_threadsafe(wake), lambda: _await(woken)


def _sleeping() -> tuple[Callable[[], object], Callable[[], object]]:
    closed = Lock()
    closed.acquire()
    return closed.release, closed.acquire


class Aside:
    """One thread for what blocks, so that an event loop does not. Who has a thread uses their own.

    What has begun there is waited for, even by a task that is cancelled meanwhile.
    """

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None

    def run(self, function: Callable[[], T]) -> T:
        """What the function returns or raises."""
        if not is_on_loop():
            return function()
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="commits")
        outcomes, ended = list[_Outcome](), Gate()

        def work() -> None:
            outcomes.append(_outcome_of(function))
            ended.open()

        self._threads.submit(work)
        _wait_to_the_end(ended)
        return _returned(outcomes[0])

    def close(self) -> None:
        """End the thread."""
        if self._threads is not None:
            self._threads.shutdown()


def _wait_to_the_end(ended: Gate) -> None:
    cancelled: CancelledError | None = None
    while not ended.is_open:
        try:
            ended.wait()
        except CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
