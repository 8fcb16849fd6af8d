"""Whether a database is one of ours, asked without changing anything in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from yaguts.storage.db.copies import sqlite_file
from yaguts.storage.db.database import postgresql_address

_OURS, _OF_V01 = "alembic_version", "usuarios"


class NotOurs(Exception):
    """The database is of version 0.1, or another program's. Its text says which."""


def insist_on_ours(url: str) -> None:
    """Let pass what is empty or ours. Raises `NotOurs`, and leaves the journal mode as it is.

    What cannot be read is left to whoever opens the database.
    """
    tables = _tables(url)
    if not tables or _OURS in tables:
        return
    if _OF_V01 in tables:
        raise NotOurs("this is a database of Yaguts 0.1. Name another one; nothing was changed")
    raise NotOurs("this is the database of another program. Nothing was changed")


def _tables(url: str) -> set[str]:
    file = sqlite_file(url)
    if file is not None:
        return _sqlite_tables(file)
    if url.startswith("sqlite"):
        return set()
    engine = create_engine(postgresql_address(url))
    try:
        with engine.connect() as connection:
            return set(inspect(connection).get_table_names())
    except SQLAlchemyError:
        return set()
    finally:
        engine.dispose()


def _sqlite_tables(file: Path) -> set[str]:
    if not file.exists():
        return set()
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            return {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error:
        return set()
