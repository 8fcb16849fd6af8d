"""Waiting that lets others go on: a thread sleeps, a caller on an event loop is suspended.

SQLite answers most statements faster than a thread is handed a call. So callers run on the event
loop, each in a greenlet, and stay plain functions. What may take long there, a turn, a lock of the
file or the disk, suspends the caller.
"""

import asyncio
from asyncio import CancelledError
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock, local
from typing import Any, TypeVar

from greenlet import GreenletExit, getcurrent, greenlet

T = TypeVar("T")

MOST_KEPT = 64
"""So many greenlets are kept for later calls: to begin one takes longer than most queries."""


class _Worker(greenlet):
    """Makes one call after another. It is given calls, and gives outcomes, and futures before.

    What it runs does not refer to it. It would otherwise refer to itself while it is suspended,
    where the search for garbage cannot look, and would never be freed.
    """

    def __init__(self) -> None:
        super().__init__(_work)


def _work(call: Callable[[], object]) -> None:
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
    value, error = outcome.value, outcome.error
    outcome.value = outcome.error = None  # A worker keeps its last outcome.
    try:
        if error is not None:
            raise error
        return value
    finally:
        del error  # Or it would refer to itself, by way of its traceback.


class _Kept(local):
    """The workers of a thread that have nothing to do."""

    def __init__(self) -> None:
        self.workers: list[_Worker] = []


_kept = _Kept()


async def on_loop(call: Callable[[], T]) -> T:
    """What a plain function returns or raises. Where it waits, others go on.

    It is made to its end, as in a thread: a task that is cancelled meanwhile hears of it then.
    """
    here, kept = getcurrent(), _kept.workers
    worker = kept.pop() if kept else _Worker()
    worker.parent, worker.gr_context = here, here.gr_context
    cancelled: CancelledError | None = None
    given: Any = worker.switch(call)
    while type(given) is not _Outcome:
        try:
            await asyncio.shield(given)
        except CancelledError as error:
            cancelled = error
        if given.done():
            given = worker.switch(None)
    if len(kept) < MOST_KEPT:
        kept.append(worker)
    if cancelled is not None:
        raise cancelled
    return _returned(given)


def is_on_loop() -> bool:
    """Whether the caller is on an event loop, where nothing may block."""
    return isinstance(getcurrent(), _Worker)


def _give(given: object) -> Any:
    """Give the event loop an outcome, or a future that it waits for, and return what comes back."""
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
        woken.set_result(None)

    def wake_from_anywhere() -> None:
        with suppress(RuntimeError):  # The loop is closed, and nobody waits there.
            loop.call_soon_threadsafe(wake)

    return wake_from_anywhere, lambda: _give(woken)


def _sleeping() -> tuple[Callable[[], object], Callable[[], object]]:
    closed = Lock()
    closed.acquire()
    return closed.release, closed.acquire


class Aside:
    """One thread for what blocks, so that an event loop does not. A thread uses itself."""

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
        ended.wait()
        return _returned(outcomes[0])

    def close(self) -> None:
        """End the thread."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()
