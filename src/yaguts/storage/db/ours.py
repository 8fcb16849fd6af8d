"""Whether a database is one of ours, asked without changing anything in it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from yaguts.storage.db.copying.copies import sqlite_file
from yaguts.storage.db.database import postgresql_address

_OURS, _OF_V01, _PEOPLE = "alembic_version", "usuarios", "people"
_VERSIONS = "yaguts.storage.migrations.versions"
_TABLES_OF_SQLITE = "SELECT name FROM sqlite_master"
_TABLES_OF_POSTGRESQL = (
    "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))"
)

_Ask = Callable[[str], list[Any]]
"""Answers a query with its first column."""


class NotOurs(Exception):
    """The database is of another version, or another program's. Its text says which."""


@dataclass(frozen=True, slots=True)
class SeenDatabase:
    """What is in a database: its tables, the version of its schema, whether anybody has an
    account.
    """

    tables: frozenset[str] = frozenset()
    version: str = ""
    has_people: bool = False


def insist_on_ours(url: str) -> None:
    """Let pass what is empty or ours. Raises `NotOurs`, and leaves the journal mode as it is.

    What cannot be read is left to whoever opens the database.
    """
    insist_on_known(insist_on_some_version(url).version)


def insist_on_some_version(url: str) -> SeenDatabase:
    """What is in a database that is empty, or ours of any version. Raises `NotOurs`.

    Of what cannot be read: nothing.
    """
    seen = contents(url) or SeenDatabase()
    if not seen.tables or _OURS in seen.tables:
        return seen
    if _OF_V01 in seen.tables:
        raise NotOurs("this is a database of Yaguts 0.1. Name another one; nothing was changed")
    raise NotOurs("this is the database of another program. Nothing was changed")


def insist_on_known(version: str) -> None:
    """Refuse a schema of a newer version. Raises `NotOurs`."""
    newest = newest_version()
    if version > newest:
        raise NotOurs(
            f"this is a database of a newer Yaguts (schema {version}; this version knows"
            f" {newest}). Install the newer Yaguts again; nothing was changed"
        )


def contents(url: str) -> SeenDatabase | None:
    """What is in the database. None when it cannot be read. Raises `NotOurs`."""
    try:
        if url.startswith("sqlite"):
            return _of_sqlite(url)
        return _of_postgresql(url)
    except ProgrammingError as error:
        raise NotOurs(f"PostgreSQL refuses ({str(error.orig).partition(chr(10))[0]})") from error
    except (sqlite3.Error, SQLAlchemyError):
        return None


def newest_version() -> str:
    """The number that begins the name of the last migration."""
    numbers = (file.name.partition("_")[0] for file in files(_VERSIONS).iterdir())
    return max(number for number in numbers if number.isdecimal())


def _of_sqlite(url: str) -> SeenDatabase:
    file = sqlite_file(url)
    if file is None or not file.exists():
        return SeenDatabase()
    log = file.with_name(f"{file.name}-wal")
    # Without a write-ahead log nobody has it open, and to look must not leave one behind.
    how = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?{how}", uri=True)) as opened:
        return _seen(lambda sql: [row[0] for row in opened.execute(sql)], _TABLES_OF_SQLITE)


def _of_postgresql(url: str) -> SeenDatabase:
    engine = create_engine(postgresql_address(url))
    try:
        with engine.connect() as opened:
            return _seen(
                lambda sql: list(opened.exec_driver_sql(sql).scalars()), _TABLES_OF_POSTGRESQL
            )
    finally:
        engine.dispose()


def _seen(ask: _Ask, tables_of: str) -> SeenDatabase:
    tables = frozenset(ask(tables_of))
    if _OURS not in tables:
        return SeenDatabase(tables)
    version = max(ask(f"SELECT version_num FROM {_OURS}"), default="")
    people = ask(f"SELECT id FROM {_PEOPLE} LIMIT 1") if _PEOPLE in tables else []
    return SeenDatabase(tables, version, bool(people))
