"""Statements of the driver say and raise what SQLAlchemy's would, on both databases."""

from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    event,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError, IntegrityError, InvalidRequestError, ProgrammingError

from yaguts.domain.errors import Unavailable
from yaguts.domain.jobs.job import JobState
from yaguts.storage.db.database import Database
from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.db.statements import Statement
from yaguts.storage.db.types import UtcDateTime

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20), unique=True, nullable=False),
    Column("at", UtcDateTime),
    Column("facts", JSON),
    Column("known", Boolean),
    Column("content", LargeBinary),
)
ADD = Statement(insert(THINGS).returning(THINGS.c.id))
ADD_IF_NEW = Statement(insert_if_new(THINGS, THINGS.c.name))
ALL = select(THINGS).order_by(THINGS.c.id)
NAMED = Statement(select(THINGS).where(THINGS.c.name == bindparam("called")))
CHANGE = Statement(update(THINGS).where(THINGS.c.name == bindparam("called")))
NOON = datetime(2027, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
FULL: dict[str, Any] = {
    "name": JobState.QUEUED,
    "at": NOON.astimezone(timezone(timedelta(hours=-3))),
    "facts": {"ã": [1, None, True]},
    "known": True,
    "content": b"\x00\xff",
}
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("at", "facts", "known", "content")),
    "name": "50%: é",
}


@pytest.fixture
def things(bare_url: str) -> Generator[Database]:
    database = Database(bare_url)
    with database.write() as connection:
        THINGS.create(connection)
    yield database
    database.close()


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return [row.name for row in Statement(ALL).rows(connection)]


def test_values_are_those_that_sqlalchemy_stores_and_reads(things: Database) -> None:
    with things.write() as connection:
        for row in (FULL, EMPTY):
            ADD.value(connection, row)
            connection.execute(insert(THINGS), [row | {"name": f"{row['name']}!"}])

    with things.read() as connection:
        ours = Statement(ALL).rows(connection)
        theirs = connection.execute(ALL).mappings().all()
    assert [row._asdict() for row in ours] == [dict(row) for row in theirs]
    for stored, same in (ours[:2], ours[2:]):
        assert stored[2:] == same[2:]
    assert (ours[0].name, ours[0].at, ours[0].known) == ("queued", NOON, True)
    assert (ours[0].at.utcoffset(), ours[0].facts) == (timedelta(0), FULL["facts"])


def test_rows_and_values_that_are_not_there(things: Database) -> None:
    with things.write() as connection:
        assert NAMED.row(connection, {"called": "none"}) is None
        assert NAMED.value(connection, {"called": "none"}) is None
        assert Statement(select(func.max(THINGS.c.id))).value(connection) is None
        assert NAMED.rows(connection, {"called": "none"}) == []
        assert CHANGE.run(connection, {"called": "none", "known": False}) == 0
        CHANGE.run_each(connection, [])
        assert ADD.rows_of_each(connection, []) == []


def test_a_change_says_how_many_rows_it_changed_whatever_columns_it_sets(things: Database) -> None:
    with things.write() as connection:
        ADD.rows_of_each(connection, [{"name": "cravo"}, {"name": "canela"}])
        assert CHANGE.run(connection, {"called": "cravo", "known": True}) == 1
        assert CHANGE.run(connection, {"called": "cravo", "facts": [1], "at": NOON}) == 1
        CHANGE.run_each(connection, [{"called": each, "known": False} for each in ("cravo", "-")])

    with things.read() as connection:
        row = NAMED.row(connection, {"called": "cravo"})
    assert (row.known, row.facts, row.at) == (False, [1], NOON)


def test_each_row_that_is_new_is_returned_in_order(things: Database) -> None:
    with things.write() as connection:
        ADD.value(connection, {"name": "cravo"})
        rows = [{"name": name} for name in ("canela", "cravo", "anis", "canela")]
        added = ADD_IF_NEW.rows_of_each(connection, rows)

    assert [row.name for row in added] == ["canela", "anis"]
    assert names(things) == ["cravo", "canela", "anis"]


def test_lists_are_spelled_as_literals(things: Database) -> None:
    spelled = [literal(name) for name in ("anis", "cravo")]
    with things.write() as connection:
        ADD.rows_of_each(connection, [{"name": "cravo"}, {"name": "canela"}])
        found = Statement(select(THINGS).where(THINGS.c.name.in_(spelled))).rows(connection)
        assert [row.name for row in found] == ["cravo"]
        with pytest.raises(TypeError):
            Statement(select(THINGS).where(THINGS.c.name.in_(["cravo"]))).rows(connection)


@pytest.mark.parametrize("given", [{}, {"called": "cravo", "other": 1}])
def test_parameters_that_lack_or_are_unknown_are_refused(
    things: Database, given: dict[str, object]
) -> None:
    with things.read() as connection, pytest.raises((TypeError, InvalidRequestError)):
        NAMED.rows(connection, given)


def test_a_default_of_pythons_is_refused(things: Database) -> None:
    with_default = Table("others", MetaData(), Column("name", String, default="x"))

    with things.read() as connection, pytest.raises(TypeError):
        Statement(insert(with_default)).run(connection)


def test_what_breaks_a_rule_raises_as_sqlalchemy_does_and_tells_no_parameter(
    things: Database,
) -> None:
    wrong: list[dict[str, object]] = [{"name": "segredo"}, {"name": "segredo"}]
    adds: tuple[Callable[[Connection], object], ...] = (
        lambda connection: [ADD.value(connection, each) for each in wrong],
        lambda connection: Statement(insert(THINGS)).run_each(connection, wrong),
        lambda connection: ADD.rows_of_each(connection, wrong),
    )
    for add in adds:
        with pytest.raises(IntegrityError) as raised, things.write() as connection:
            add(connection)
        assert "INSERT" in str(raised.value)
        assert "parameters" not in str(raised.value).replace("SQL parameters hidden", "")

    assert names(things) == []


def test_a_table_that_is_not_there(things: Database) -> None:
    nowhere = Table("nowhere", MetaData(), Column("id", Integer))

    with pytest.raises((DatabaseError, Unavailable)) as raised, things.read() as connection:
        Statement(select(nowhere)).rows(connection)
    assert isinstance(raised.value, ProgrammingError) == things.carries_notices


def test_what_only_statements_wrote_is_committed_and_undone(things: Database) -> None:
    committed: list[object] = []
    event.listen(things.engine, "commit", committed.append)
    with things.write() as connection:
        ADD.value(connection, {"name": "cravo"})
    with pytest.raises(ZeroDivisionError), things.write() as connection:
        assert ADD.value(connection, {"name": "canela"}) / 0
    with things.read() as connection:
        assert names(things) == ["cravo"]

    assert len(committed) == 1


def test_whoever_counts_statements_hears_of_these(things: Database) -> None:
    heard: list[str] = []

    def hear(*told: Any) -> None:
        heard.append(told[2].partition(" ")[0])

    event.listen(things.engine, "before_cursor_execute", hear)
    with things.write() as connection:
        ADD.value(connection, {"name": "cravo"})
        NAMED.rows(connection, {"called": "cravo"})
        CHANGE.run_each(connection, [{"called": "cravo", "known": True}])

    assert heard == ["INSERT", "SELECT", "UPDATE"]


def test_a_lost_connection_is_not_used_again(things: Database) -> None:
    if not things.carries_notices:
        pytest.skip("SQLite has no connection that is lost")
    ours = Statement(select(func.pg_terminate_backend(func.pg_backend_pid())))

    with pytest.raises(Unavailable), things.write() as connection:
        ours.rows(connection)
    assert names(things) == []
