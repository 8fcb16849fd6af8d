"""What a server does by itself, again and again, and which of its processes does it."""

import fcntl
import logging
from collections.abc import Awaitable, Callable
from io import TextIOWrapper
from pathlib import Path
from threading import Lock

from yaguts.domain.errors import Unavailable

_log = logging.getLogger(__name__)


class Chores:
    """What one process does for all of them: sweeps, alerts, backups.

    They are the process's that holds the lock on `file`, until it ends, however it does.

    None: the server is one process.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._asking = Lock()
        self._held: TextIOWrapper | None = None

    def are_ours(self) -> bool:
        """Whether this process does them. It takes them over when nobody does."""
        with self._asking:
            if self._file is None or self._held is not None:
                return True
            lock = self._file.open("w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                return False
            self._held = lock
            return True

    def close(self) -> None:
        """Leave them to another process."""
        if self._held is not None:
            self._held.close()
            self._held = None


class Attempts:
    """Attempts at one thing, every few seconds. `what`: how a line of the log begins."""

    def __init__(self, what: str, every_s: float) -> None:
        self._what, self._every_s, self._failed = what, every_s, False

    async def make(self, attempt: Callable[[], Awaitable[object]]) -> None:
        """Make one. Of several failures in a row the first goes into the log."""
        try:
            await attempt()
            self._failed = False
        except Unavailable:
            pass  # The log has it already.
        except Exception:
            if not self._failed:
                _log.exception(
                    "%s failed, and is tried again every %s s", self._what, self._every_s
                )
            self._failed = True
