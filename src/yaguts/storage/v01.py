"""The database of a Yaguts 0.1, SQLite or PostgreSQL. It is read in one moment, and not changed."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from yaguts.storage.db.copying.copies import sqlite_file
from yaguts.storage.db.database import postgresql_address

PEOPLE = "usuarios"
TABLES = (
    PEOPLE,
    "receitas",
    "ingredientes_receita",
    "reservatorio_config",
    "motor_config",
    "devices",
    "jobs",
    "job_items",
)
"""What is read. Pairing codes are left: they live for ten minutes."""
_OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table'"
_OF_POSTGRESQL = "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))"
_BUSY_S = 30

V01Row = Mapping[str, Any]
"""A row by the names of its columns. A column that the oldest versions lack is missing."""
_Ask = Callable[[str], list[V01Row]]


class NotV01(Exception):
    """It is no database of a Yaguts 0.1, or cannot be read. Its text says which."""


@dataclass(frozen=True, slots=True)
class V01Database:
    """All rows of each table in `TABLES`, by id. `digest` is that of them all."""

    rows: Mapping[str, tuple[V01Row, ...]]
    digest: str


def read(address: str) -> V01Database:
    """Read a database: a path, or an address of SQLite or PostgreSQL. Raises `NotV01`."""
    try:
        if address.startswith(("postgresql://", "postgres://")):
            rows = _of_postgresql(address)
        else:
            rows = _of_sqlite(sqlite_file(address) or Path(address))
    except (sqlite3.Error, SQLAlchemyError, ValueError) as error:
        cause = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise NotV01(f"it cannot be read ({cause})") from error
    told = json.dumps({name: list(map(dict, rows[name])) for name in rows}, default=str)
    return V01Database(rows, sha256(told.encode("utf-8", "replace")).hexdigest())


def _of_sqlite(file: Path) -> Mapping[str, tuple[V01Row, ...]]:
    if not file.is_file():
        raise NotV01("there is no such file")
    address = f"{file.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=_BUSY_S)) as opened:
        opened.isolation_level = None
        opened.row_factory = sqlite3.Row
        opened.text_factory = partial(str, encoding="utf-8", errors="replace")
        opened.execute("BEGIN")
        return _rows(lambda sql: [dict(row) for row in opened.execute(sql)], _OF_SQLITE)


def _of_postgresql(url: str) -> Mapping[str, tuple[V01Row, ...]]:
    engine = create_engine(postgresql_address(url), isolation_level="REPEATABLE READ")
    try:
        with engine.connect().execution_options(postgresql_readonly=True) as opened:
            return _rows(
                lambda sql: [dict(row) for row in opened.exec_driver_sql(sql).mappings()],
                _OF_POSTGRESQL,
            )
    finally:
        engine.dispose()


def _rows(ask: _Ask, tables_of: str) -> Mapping[str, tuple[V01Row, ...]]:
    there = {name for row in ask(tables_of) for name in row.values()}
    _insist_on_v01(there)
    return {
        name: tuple(ask(f"SELECT * FROM {name} ORDER BY id")) if name in there else ()
        for name in TABLES
    }


def _insist_on_v01(tables: Iterable[str]) -> None:
    if "alembic_version" in tables and PEOPLE not in tables:
        raise NotV01("it is a database of this version, and not of 0.1")
    if PEOPLE not in tables:
        raise NotV01(f"it is no database of a Yaguts 0.1: it has no table {PEOPLE}")
