"""Where the server keeps its files: the database, and what belongs to it, in one folder."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from yaguts.settings import Settings
from yaguts.storage.db.copies import sqlite_file

_OWNERS_ALONE = 0o700
_SUFFIXES = ("", "-wal", "-shm", "-journal", ".lock", ".key", ".mark", ".virtual")


def beside(settings: Settings, suffix: str) -> Path | None:
    """A path beside the database, named after it. None for a database in memory.

    For PostgreSQL it is in the data folder.
    """
    if not settings.database_url.startswith("sqlite:"):
        return (settings.data_folder or Path()) / f"yaguts{suffix}"
    file = sqlite_file(settings.database_url)
    return None if file is None else Path(f"{file}{suffix}")


def close_to_others(settings: Settings) -> None:
    """Take every right on these files from everybody but their owner: they hold secrets.

    Earlier versions left them readable.
    """
    for path in _files(settings):
        with suppress(FileNotFoundError, PermissionError):  # It has gone, or is another's.
            path.chmod(path.lstat().st_mode & _OWNERS_ALONE)


def write_privately(target: Path, content: bytes, *, durably: bool = False) -> None:
    """Put the file there, readable by its owner alone, and never half."""
    half = target.with_name(f"{target.name}.{os.getpid()}~")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as output:
        output.write(content)
        if durably:
            output.flush()
            os.fsync(output.fileno())
    half.replace(target)


def _files(settings: Settings) -> Iterable[Path]:
    sqlite = settings.database_url.startswith("sqlite:")
    for suffix in _SUFFIXES if sqlite else (".key", ".mark", ".virtual"):
        path = beside(settings, suffix)
        if path is not None and not path.is_symlink():
            yield path
            yield from path.rglob("*")
