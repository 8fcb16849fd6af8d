"""Whose turn it is to write, where one writes at a time: dispensers go before people."""

from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from yaguts.storage.db.waits import Gate

goes_first: ContextVar[bool] = ContextVar("goes_first", default=False)
"""Whether this caller goes before those that wait already, too."""


class Turns:
    """One turn at a time, in one process: first come, first served."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        # A gate for each caller who waits: whose turn it is finds it open.
        self._firsts: deque[Gate] = deque()
        self._others: deque[Gate] = deque()

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits. It stays so until whoever has the turn gives it up."""
        return bool(self._firsts or self._others)

    def take(self) -> None:
        """Wait for a turn."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = Gate()
            (self._firsts if goes_first.get() else self._others).append(mine)
        mine.wait()

    def give_up(self) -> None:
        """Let the next one have the turn."""
        with self._lock:
            waiting = self._firsts or self._others
            if waiting:
                waiting.popleft().open()
            else:
                self._taken = False

    @contextmanager
    def one(self) -> Generator[None]:
        """Wait for a turn, and have it while the block runs."""
        self.take()
        try:
            yield
        finally:
            self.give_up()
