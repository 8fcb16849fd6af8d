"""Where the server keeps its files: the database, and what belongs to it, in one folder."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from yaguts.settings import Settings
from yaguts.storage.db.copying.copies import sqlite_file

_OWNERS_ALONE = 0o700
_OF_BOTH = (".key", ".word", ".mark", ".virtual", ".copies", ".moved", ".restoring")
_SUFFIXES = ("", "-wal", "-shm", "-journal", ".lock", *_OF_BOTH)


def beside(settings: Settings, suffix: str) -> Path | None:
    """A path beside the database, named after it. None for a database in memory.

    For PostgreSQL it is in the data folder.
    """
    if not settings.database_url.startswith("sqlite:"):
        return (settings.data_folder or Path()) / f"yaguts{suffix}"
    file = sqlite_file(settings.database_url)
    return None if file is None else Path(f"{file}{suffix}")


def folder_of(settings: Settings) -> Path | None:
    """The folder of these files. None for a database in memory."""
    file = beside(settings, "")
    return None if file is None else file.parent


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


def create_privately(file: Path, line: str) -> None:
    """Write a line into a new file, readable by its owner alone, and never half written.

    Of several processes that start together, the first one's line counts.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)  # The mode is 0600.
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(line + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _files(settings: Settings) -> Iterable[Path]:
    sqlite = settings.database_url.startswith("sqlite:")
    for suffix in _SUFFIXES if sqlite else _OF_BOTH:
        path = beside(settings, suffix)
        if path is not None and not path.is_symlink():
            yield path
            yield from path.rglob("*")
