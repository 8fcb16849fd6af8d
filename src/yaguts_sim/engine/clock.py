"""Virtual time: the event loops of a kitchen, on one clock that jumps.

Each dispenser and the server has an event loop of its own. It can lose power (its loop ends between
two steps), hang (its loop makes no step while time passes) or start anew. A `World` runs all loops
in one thread, in a fixed order.
"""

import asyncio
import heapq
from asyncio import events
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from contextvars import Context
from typing import Any

Microseconds = int
US_PER_MS = 1000
US_PER_S = 1_000_000


class Halted(KeyboardInterrupt):
    """Raised in an interpreter at the instant at which it loses power.

    It is a KeyboardInterrupt because asyncio lets those out at once.
    """


class _Call(asyncio.Handle):
    """A callback in the queue."""

    def __init__(
        self, callback: Callable[..., object], args: tuple[Any, ...], loop: "Loop", context: Any
    ) -> None:
        super().__init__(callback, args, loop, context)
        self.loop = loop

    def run(self) -> None:
        self._run()


class _Timer(asyncio.TimerHandle):
    def __init__(
        self,
        when: float,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: "Loop",
        context: Any,
    ) -> None:
        super().__init__(when, callback, args, loop, context)
        self.loop = loop

    def run(self) -> None:
        self._run()


class World:
    """The clock, and the queue of callbacks. `now` is in microseconds since the world began."""

    def __init__(self) -> None:
        self.now: Microseconds = 0
        self.steps = 0
        self.running: Loop | None = None
        self._ready: deque[_Call | _Timer] = deque()
        self._later: list[tuple[Microseconds, int, _Call | _Timer]] = []
        self._count = 0
        self._own = Loop(self, "world")

    def at(self, when: Microseconds, callback: Callable[..., object], *args: Any) -> asyncio.Handle:
        """Call back at an instant, outside every interpreter."""
        return self._own.at(when, callback, *args)

    def after(
        self, delay: Microseconds, callback: Callable[..., object], *args: Any
    ) -> asyncio.Handle:
        """Call back after a delay, outside every interpreter."""
        return self._own.at(self.now + delay, callback, *args)

    def run(self, until: Microseconds, done: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass until `done()`, at most until the given instant. Whether it was done."""
        while not done():
            if not self._ready and not self._advance(until):
                return False
            self._run_ready()
        return True

    def push(self, call: "_Call | _Timer") -> None:
        """Queue a call for this instant."""
        self._ready.append(call)

    def push_later(self, when: Microseconds, call: "_Call | _Timer") -> None:
        """Queue a call for a later instant. Calls of one instant keep their order."""
        self._count += 1
        heapq.heappush(self._later, (max(when, self.now), self._count, call))

    def _advance(self, until: Microseconds) -> bool:
        """Move to the next instant with a call. False when it is past `until`."""
        later = self._later
        while later and later[0][2].cancelled():
            heapq.heappop(later)
        if not later or later[0][0] > until:
            self.now = max(self.now, until)
            return False
        self.now = later[0][0]
        while later and later[0][0] == self.now:
            self._ready.append(heapq.heappop(later)[2])
        return True

    def _run_ready(self) -> None:
        for _ in range(len(self._ready)):
            call = self._ready.popleft()
            loop = call.loop
            if loop.dead or call.cancelled():
                continue
            if loop.hung_until > self.now:
                self.push_later(loop.hung_until, call)
                continue
            self._step(loop, call)

    def _step(self, loop: "Loop", call: "_Call | _Timer") -> None:
        self.steps += 1
        loop.steps += 1
        self.running = loop
        events._set_running_loop(loop)  # noqa: SLF001  (this is an event loop)
        try:
            call.run()
        except Halted:
            loop.kill()
        finally:
            events._set_running_loop(None)  # noqa: SLF001
            self.running = None


class Loop(asyncio.AbstractEventLoop):
    """The event loop of one interpreter in the world."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.dead = False
        self.hung_until: Microseconds = 0
        self.steps = 0
        self.failures: list[dict[str, Any]] = []
        self._tasks: list[asyncio.Task[Any]] = []

    def kill(self) -> None:
        """End the interpreter. Nothing of it ever runs again.

        Closes the coroutines at once, so that their `finally` blocks run at this instant and in a
        fixed order. Python's garbage collector would do it at some other time.
        """
        self.dead = True
        for task in self._tasks:
            if not task.done():
                task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001
                with suppress(RuntimeError, ValueError, Halted):
                    coroutine: Any = task.get_coro()
                    coroutine.close()
        self._tasks.clear()

    def unheard_errors(self) -> list[str]:
        """What ended a task that nobody awaited, so far.

        asyncio would tell when the garbage collector finds the task, which may be never.
        """
        ended: list[Any] = [task for task in self._tasks if task.done()]
        unheard = [task for task in ended if task._log_traceback]  # noqa: SLF001  (a Task's own flag)
        return [repr(task.exception()) for task in unheard]

    def hang(self, until: Microseconds) -> None:
        """Make no step before an instant."""
        self.hung_until = max(self.hung_until, until)

    # The interface of asyncio

    def time(self) -> float:
        return self.world.now / US_PER_S

    def at(self, when: Microseconds, callback: Callable[..., object], *args: Any) -> asyncio.Handle:
        """Call back in this loop at an instant. Other loops of the world may call this."""
        call = _Call(callback, args, self, None)
        self.world.push_later(when, call)
        return call

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        call = _Call(callback, args, self, context)
        self.world.push(call)
        return call

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        timer = _Timer(when, callback, args, self, context)
        # Time must have passed when a timer ends, however short it is.
        soonest = self.world.now + (when > self.time())
        self.world.push_later(max(soonest, round(when * US_PER_S)), timer)
        return timer

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(
        self,
        coro: Generator[Any, None, Any] | Coroutine[Any, Any, Any],
        *,
        name: object = None,
        context: Context | None = None,
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=self, name=str(name or "task"), context=context)
        if len(self._tasks) > 32:
            self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(task)
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), Halted):
            self.failures.append(context)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return self.world.running is self

    def is_closed(self) -> bool:
        return self.dead

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Does nothing: the world drops cancelled timers when their time comes."""
