"""The lock on a virtual board's flash: one process at a time uses it, until it ends."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def used(flash: Path) -> Generator[bool]:
    """Use the flash during the block. False: another process does."""
    with (flash / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def is_used(flash: Path) -> bool:
    """Whether a process uses the flash."""
    with used(flash) as is_free:
        return not is_free
