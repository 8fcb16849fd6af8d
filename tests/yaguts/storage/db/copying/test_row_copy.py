"""Rows go from either kind of database to either kind, and arrive as they were."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import null, select, text, update

from tests.support.builders import NOW
from tests.support.databases import BOTH, POSTGRESQL, SQLITE, Databases
from tests.support.kitchen.stored import fill, put
from yaguts.storage import people
from yaguts.storage.db.copying.copies import CopyError
from yaguts.storage.db.copying.row_copy import AT_ONCE, TABLES, copy_rows, occupied, totals
from yaguts.storage.db.database import Database
from yaguts.storage.db.migrate import upgrade
from yaguts.storage.tables import audit_log, dispensers, lived_through
from yaguts.storage.tables import people as people_rows

AWKWARD = "Ana\t'\"\\ ñ 🌶 %s %(x)s :y"


@pytest.fixture(params=BOTH)
def target(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Generator[Database]:
    folder = tmp_path / "target"
    folder.mkdir()
    url = databases.bare(request.param, folder)
    upgrade(url)
    database = Database(url)
    yield database
    database.close()


def copied(source: Database, target: Database) -> bool:
    """Copy, and say whether both have the same."""
    with source.read() as reading, target.write() as writing:
        copy_rows(reading, writing)
        return totals(reading) == totals(writing)


def some_of_everything(database: Database) -> None:
    with database.write() as connection:
        put(connection, lived_through, id=1, until=NOW)
        put(connection, audit_log, what="signed_in", at=NOW, about={"a": [1, None, 0.1, AWKWARD]},
            kitchen_id=1)  # fmt: skip
        east = NOW.astimezone(timezone(timedelta(hours=-3))).replace(microsecond=123456)
        put(connection, audit_log, what="signed_in", at=east, about=None)
        connection.execute(update(dispensers).values(status=null(), name=AWKWARD))
        people.add(connection, "Zé", "a hash", datetime(1999, 12, 31, 23, 59, 59, 1, tzinfo=UTC))


def test_everything_arrives_as_it_was(database: Database, target: Database) -> None:
    some_of_everything(database)

    assert copied(database, target)

    with database.read() as reading, target.read() as arrived:
        for table in (people_rows, dispensers, audit_log):
            assert reading.execute(select(table).order_by(table.c.id)).all() == (
                arrived.execute(select(table).order_by(table.c.id)).all()
            )
        # An absent value and a JSON null are two things.
        absent = text("SELECT count(*) FROM dispensers WHERE status IS NULL")
        nothing = text("SELECT CAST(about AS TEXT) FROM trail ORDER BY id")
        assert arrived.execute(absent).scalar_one() == 1
        assert list(arrived.execute(nothing).scalars())[1] == "null"


def test_new_ids_go_on_after_the_largest(database: Database, target: Database) -> None:
    some_of_everything(database)
    copied(database, target)

    with target.write() as connection:
        assert people.add(connection, "Bia", "a hash", NOW).id == 3


def test_an_empty_table_begins_at_one(database: Database, target: Database) -> None:
    copied(database, target)
    with target.write() as connection:
        put(connection, audit_log, what="signed_in", at=NOW, about={})
        assert connection.execute(select(audit_log.c.id)).scalars().all() == [1]


def test_more_rows_than_are_in_memory_at_once(database: Database, target: Database) -> None:
    rows = [{"what": "signed_in", "at": NOW, "about": {"n": n}} for n in range(2 * AT_ONCE + 1)]
    with database.write() as connection:
        connection.execute(audit_log.insert(), rows)

    assert copied(database, target)
    with target.read() as connection:
        assert totals(connection)["trail"].rows == len(rows)


@pytest.mark.parametrize(
    "change",
    ["UPDATE people SET name = 'Eva'", "UPDATE dispensers SET status = 'null'",
     "UPDATE people SET created_at = '2026-03-01 11:00:00.000001'"],
)  # fmt: skip
def test_a_single_difference_is_seen(database: Database, change: str) -> None:
    with database.write() as connection:
        before = totals(connection)
        connection.execute(text(change))
        assert totals(connection) != before
        assert {name: total.rows for name, total in totals(connection).items()} == {
            name: total.rows for name, total in before.items()
        }


def test_what_is_occupied_is_named(database: Database, target: Database) -> None:
    with database.read() as filled, target.read() as empty:
        assert occupied(filled, TABLES) == "dispensers"
        assert occupied(empty, TABLES) == ""


@pytest.mark.parametrize("change", ["name = 'a' || char(0) || 'b'", "created_at = 'yesterday'",
                                    f"name = '{'x' * 70}'"])  # fmt: skip
def test_a_row_that_postgresql_refuses_is_named(
    databases: Databases, tmp_path: Path, change: str
) -> None:
    """SQLite takes what its types do not allow."""
    url = databases.bare(POSTGRESQL, tmp_path)
    upgrade(url)
    source, target = Database(databases.migrated(SQLITE, tmp_path)), Database(url)
    fill(source)
    with source.write() as connection:
        connection.execute(text(f"UPDATE people SET {change}"))

    with pytest.raises(CopyError, match="a row of people is refused"):
        copied(source, target)

    with target.read() as connection:
        assert occupied(connection, TABLES) == ""
    source.close()
    target.close()
