"""A folder for what is not whole yet. What a killed process left there goes with the next one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from yaguts.storage.db.copying.copies import CopyError

_LOCK, _PREFIX = ".yaguts.lock", ".yaguts-"


class AtWork(CopyError):
    """Another process makes or restores a backup there."""


@contextmanager
def working_folder(beside: Path, *, patient: bool = False) -> Generator[Path]:
    """An empty folder in `beside` that nobody else reads, removed at the end.

    There is one at a time. While another process has one there this raises `AtWork`, or waits if
    it is `patient`. Raises `OSError`, which names the folder if it names no file: a full disk's.
    """
    with _named(beside), _alone_in(beside, patient=patient):
        for left in beside.glob(f"{_PREFIX}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(dir=beside, prefix=_PREFIX) as made:
            yield Path(made)


def existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there: what is moved from it crosses no disks."""
    return next(each for each in (folder, *folder.parents) if each.is_dir())


@contextmanager
def _named(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(folder)) from error


@contextmanager
def _alone_in(folder: Path, *, patient: bool) -> Generator[None]:
    """The kernel lets go of the lock with the process; its file goes at the end."""
    file = folder / _LOCK
    handle = _locked(file, patient=patient)
    try:
        yield
    finally:
        file.unlink()
        os.close(handle)


def _locked(file: Path, *, patient: bool) -> int:
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        if _is_locked(handle, file, fcntl.LOCK_EX if patient else fcntl.LOCK_EX | fcntl.LOCK_NB):
            return handle
        os.close(handle)
        if not patient:
            raise AtWork(f"another backup or restore is at work in {file.parent}")


def _is_locked(handle: int, file: Path, how: int) -> bool:
    """Lock the file, unless another process has it, or had it and removed it in between."""
    try:
        fcntl.flock(handle, how)
        return os.path.samestat(os.fstat(handle), file.stat())
    except (BlockingIOError, FileNotFoundError):
        return False
