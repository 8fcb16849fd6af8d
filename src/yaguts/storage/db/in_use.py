"""Whether a server runs on a database: what replaces the database must be alone with it."""

import fcntl
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, text

from yaguts.domain.errors import Unavailable
from yaguts.storage.db.copying.copies import sqlite_file
from yaguts.storage.db.database import Database

# PostgreSQL's own workers, which tidy up, are nobody's.
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
)
_LOOK_ANEW = text("SELECT pg_stat_clear_snapshot()")


class InUse(Exception):
    """Somebody has the database open."""


@contextmanager
def serving(url: str) -> Generator[None]:
    """Say that a server runs on the database, for as long as this process lives or the block lasts.

    The kernel lets go of the lock when a process ends, however it ends. PostgreSQL knows by itself
    who is connected. Raises `InUse` while the database is being replaced.
    """
    file = _lock_file(url)
    if file is None:
        yield
        return
    with file.open("w") as lock:
        _take(lock.fileno(), fcntl.LOCK_SH, url)
        yield


@contextmanager
def alone_with(url: str) -> Generator[None]:
    """Keep servers away from the database. Raises `InUse` when one runs."""
    file = _lock_file(url)
    if file is None:
        if _is_connected(url):
            raise InUse(url)
        yield
        return
    with file.open("w") as lock:
        _take(lock.fileno(), fcntl.LOCK_EX, url)
        yield


def insist_still_alone(connection: Connection, url: str) -> None:
    """Raise `InUse` if somebody has come to a database of PostgreSQL's, which knows no lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOOK_ANEW)
        if connection.execute(_OTHERS).scalar_one():
            raise InUse(url)


def keep_writers_out(connection: Connection, tables: Iterable[str]) -> None:
    """Let nobody write to these tables while the transaction lasts.

    To be said first in it: what it reads is what was there then. SQLite is held by `alone_with`.
    """
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(map(quote, tables))} IN SHARE MODE")


def _take(lock: int, kind: int, url: str) -> None:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InUse(url) from None


def _lock_file(url: str) -> Path | None:
    file = sqlite_file(url)
    return None if file is None else file.with_name(f"{file.name}.lock")


def _is_connected(url: str) -> bool:
    """Whether somebody else is connected to a database of PostgreSQL's that answers."""
    database = Database(url)
    try:
        with suppress(Unavailable), database.read() as connection:
            return bool(connection.execute(_OTHERS).scalar_one())
        return False
    finally:
        database.close()
