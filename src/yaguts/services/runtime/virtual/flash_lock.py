"""The lock on a virtual board's flash: one process at a time uses it, until it ends.

A server takes it and hands it to the process that it starts: nobody else gets it in between.
"""

import fcntl
from io import TextIOWrapper
from pathlib import Path


def opened(flash: Path) -> TextIOWrapper:
    """The lock, which is free again when everybody who was handed it has closed it."""
    return (flash / "lock").open("w")


def take(lock: TextIOWrapper) -> bool:
    """Take the lock. False: another process has it."""
    return _locked(lock, fcntl.LOCK_EX)


def wait_for(lock: int) -> None:
    """Take the lock as soon as it is free, which it is at once for whoever was handed it."""
    fcntl.flock(lock, fcntl.LOCK_EX)


def is_used(flash: Path) -> bool:
    """Whether a process uses the flash."""
    with opened(flash) as lock:  # Shared: who looks at the same time is not taken for a user.
        return not _locked(lock, fcntl.LOCK_SH)


def _locked(lock: TextIOWrapper, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
