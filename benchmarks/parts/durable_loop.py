"""The yardstick of lifecycles: `sqlite3` alone makes the same rows durable, in one loop.

It works on a copy of the server's database, with its tables, indexes and settings. The rows are
those that one lifecycle left there, again and again with new ids, a commit a lifecycle. The server
commits more often: the order, the acceptance and the report are durable before they are answered.
"""

import secrets
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yaguts.storage.tables import metadata

Row = dict[str, Any]
_MOVE = "UPDATE jars SET stock_mg = stock_mg + ? WHERE dispenser_id = ? AND number = ?"
_FRESH = {"key": 16, "salt": 16}
"""Columns whose text is in one row only, and its bytes."""


@dataclass(frozen=True)
class Rows:
    """The rows that a lifecycle adds, by table, parents first."""

    of: Mapping[str, list[Row]]

    @property
    def count(self) -> int:
        """How many rows."""
        return sum(map(len, self.of.values()))


def marks(file: Path) -> dict[str, int]:
    """The last row of each table."""
    with closing(_opened(file)) as connection:
        return {name: _last(connection, name) for name in _tables(connection)}


def rows_since(file: Path, before: Mapping[str, int]) -> Rows:
    """The rows that were added since these marks."""
    with closing(_opened(file)) as connection:
        connection.row_factory = sqlite3.Row
        # Names of our own tables, which no parameter can be.
        added = {name: _since(connection, name, before[name]) for name in _tables(connection)}
    return Rows({name: rows for name, rows in added.items() if rows})


class DurableLoop:
    """The loop, on a file of its own."""

    def __init__(self, server_file: Path, file: Path, rows: Rows) -> None:
        with closing(_opened(server_file)) as source, closing(_opened(file)) as copy:
            source.backup(copy)
        self._connection = _opened(file)
        self._next = {name: _last(self._connection, name) + 1 for name in rows.of}
        self._rows = rows

    def a_second(self, times: int) -> float:
        """How many lifecycles' rows are durable in a second."""
        began = time.perf_counter()
        for _ in range(times):
            self._once()
        return times / (time.perf_counter() - began)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _once(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:  # commits at its end
            for name, rows in self._renewed().items():
                for row in rows:
                    self._add(name, row)
            for row in self._rows.of["movements"]:
                moved = [row["amount_mg"], row["dispenser_id"], row["jar"]]
                self._connection.execute(_MOVE, moved)

    def _add(self, name: str, row: Row) -> None:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self._connection.execute(
            f"INSERT INTO {name} ({names}) VALUES ({marks})",  # noqa: S608 our own names
            list(row.values()),
        )

    def _renewed(self) -> dict[str, list[Row]]:
        """The rows with the next ids, wherever an id stands."""
        new: dict[str, dict[int, int]] = {}
        for name, rows in self._rows.of.items():
            if "id" in rows[0]:
                new[name] = {row["id"]: self._next[name] + place for place, row in enumerate(rows)}
                self._next[name] += len(rows)
        return {
            name: [self._renew(name, row, new) for row in rows]
            for name, rows in self._rows.of.items()
        }

    @staticmethod
    def _renew(name: str, row: Row, new: Mapping[str, Mapping[int, int]]) -> Row:
        renewed = dict(row)
        for column in metadata.tables[name].columns:
            value = row[column.name]
            for key in column.foreign_keys:
                renewed[column.name] = new.get(key.column.table.name, {}).get(value, value)
            if column.name == "id":
                renewed["id"] = new[name][value]
            elif column.name in _FRESH:
                renewed[column.name] = secrets.token_hex(_FRESH[column.name])
        return renewed


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, timeout=10)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def _tables(connection: sqlite3.Connection) -> list[str]:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    return [table.name for table in metadata.sorted_tables if table.name in there]


def _since(connection: sqlite3.Connection, name: str, mark: int) -> list[Row]:
    added = f"SELECT * FROM {name} WHERE rowid > ?"  # noqa: S608 our own names
    return [dict(row) for row in connection.execute(added, [mark])]


def _last(connection: sqlite3.Connection, name: str) -> int:
    [last] = connection.execute(f"SELECT max(rowid) FROM {name}").fetchone()  # noqa: S608 ours
    return last or 0
