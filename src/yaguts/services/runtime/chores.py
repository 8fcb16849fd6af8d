"""What one of a server's processes does for all of them: sweeps, alerts, backups."""

import fcntl
from io import TextIOWrapper
from pathlib import Path
from threading import Lock


class Chores:
    """Whose they are: the process's that holds the lock on `file`, until it ends, however it does.

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
