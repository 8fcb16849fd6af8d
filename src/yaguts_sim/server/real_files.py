"""A restore on real files, with what `yaguts db backup` and `yaguts db restore` do."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from yaguts.domain.high_water_mark import Mark
from yaguts.services.ops.backups.backup import back_up, latest_mark, lay_back, opened
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.settings import Settings
from yaguts.storage.db.in_use import alone_with

_FOLLOWERS = ("", "-wal", "-shm")


def restored_over(
    lost: bytes, mark: Mark | None, copy: bytes, now: datetime
) -> tuple[bytes, Mark | None]:
    """The copy, laid over a database whose server was killed: its write-ahead log is left over.

    Also the mark after which the new epoch begins. Raises `sqlite3.Error` or `CopyError`.
    """
    with TemporaryDirectory(prefix="yaguts-sim-") as made:
        folder = Path(made)
        database, backup = folder / "yaguts.db", folder / "backup"
        settings = Settings(database_url=f"sqlite:///{database}")
        database.write_bytes(copy)
        back_up(settings, backup, now)
        _leave_a_log(folder, database, lost)
        if mark is not None:
            mark_of(settings).keep(mark)
        with opened(backup, folder) as unpacked, alone_with(settings.database_url):
            latest = latest_mark(unpacked, settings)
            lay_back(unpacked, settings)
        return _read(database), latest


def is_the_same(content: bytes, other: bytes) -> bool:
    """Whether two databases hold the same rows."""
    return _rows(content) == _rows(other)


def _leave_a_log(folder: Path, database: Path, content: bytes) -> None:
    """Write the content as a killed server leaves it: in the write-ahead log."""
    running = folder / "running.db"
    shutil.copyfile(database, running)
    with (
        closing(sqlite3.connect(running)) as server,
        closing(sqlite3.connect(":memory:")) as memory,
    ):
        server.execute("PRAGMA journal_mode=WAL")
        memory.deserialize(content)
        memory.backup(server)
        for follower in _FOLLOWERS:
            shutil.copyfile(f"{running}{follower}", f"{database}{follower}")


def _read(database: Path) -> bytes:
    """What a server would find, as one piece."""
    with closing(sqlite3.connect(database)) as found:
        found.execute("PRAGMA journal_mode=DELETE")
        return found.serialize()


def _rows(content: bytes) -> list[str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        return list(connection.iterdump())
