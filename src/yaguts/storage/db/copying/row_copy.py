"""Copy every row from one database to another, of either kind, and hold the two against each other.

JSON goes as text, so that an absent value stays apart from a JSON null, and every digit stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Insert,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy import table as named
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from yaguts.storage.db.copying.copies import CopyError, first_line
from yaguts.storage.tables import metadata

TABLES = tuple(table.name for table in metadata.sorted_tables)
AT_ONCE = 1000
"""So many rows are in memory."""
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a table has, and the sum of their hashes, which says nothing of an order."""

    rows: int = 0
    hashes: int = 0


def totals(connection: Connection) -> Mapping[str, Total]:
    """The total of each table."""
    return {table.name: _total(connection, table) for table in metadata.sorted_tables}


def occupied(connection: Connection, tables: Iterable[str]) -> str:
    """The name of one of the tables that has a row; "" when all are empty."""
    return next((name for name in sorted(tables) if _has_a_row(connection, name)), "")


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy the rows of all tables into empty ones. New ids go on after the largest.

    Raises `CopyError` for a row that the target refuses.
    """
    for table in metadata.sorted_tables:
        try:
            for rows in _read(source, table):
                target.execute(_insert(target, table), rows)
            _go_on_after(target, table)
        except OperationalError:
            raise
        except (SQLAlchemyError, ValueError) as error:
            raise CopyError(f"a row of {table.name} is refused: {first_line(error)}") from error
    if target.dialect.name == "postgresql":
        # Without counting its rows PostgreSQL would plan the ledger check for empty tables.
        target.exec_driver_sql(f"ANALYZE {', '.join(TABLES)}")


def _has_a_row(connection: Connection, name: str) -> bool:
    return (
        connection.execute(select(literal(1)).select_from(named(name)).limit(1)).first() is not None
    )


def _read(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    rows = connection.execute(_select(table), execution_options={"yield_per": AT_ONCE})
    for some in rows.mappings().partitions():
        yield [dict(row) for row in some]


def _select(table: Table) -> Select[Any]:
    columns = (
        cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
        for column in table.columns
    )
    return select(*columns)


def _insert(connection: Connection, table: Table) -> Insert:
    values: dict[str, Any] = {}
    for column in table.columns:
        given = bindparam(column.name, type_=column.type)
        if isinstance(column.type, JSON):
            given = bindparam(column.name, type_=Text())
            if connection.dialect.name == "postgresql":
                given = cast(given, JSON)
        values[column.name] = given
    return insert(table).values(values)


def _go_on_after(connection: Connection, table: Table) -> None:
    """SQLite's next id is the largest and one; PostgreSQL's comes from a sequence."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    largest = func.max(column)
    connection.execute(
        select(func.setval(sequence, func.coalesce(largest, 1), largest.is_not(None)))
    )


def _total(connection: Connection, table: Table) -> Total:
    rows = hashes = 0
    for some in _read(connection, table):
        rows += len(some)
        hashes = (hashes + sum(map(_hash, some))) % _MODULUS
    return Total(rows, hashes)


def _hash(row: Mapping[str, Any]) -> int:
    text = repr([_plain(value) for value in row.values()])
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest())


def _plain(value: Any) -> Any:
    """PostgreSQL gives times in the zone of whoever asks."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value
