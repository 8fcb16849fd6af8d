"""One person and one dispenser, for the tests of storage."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from tests.support.builders import NOW
from yaguts.domain.recipe import Jar
from yaguts.storage import dispensers, people
from yaguts.storage.db.database import Database
from yaguts.storage.tables import jars


def fill(database: Database) -> None:
    """Person 1 owns dispenser 1, with four jars of unknown content."""
    with database.write() as connection:
        person = people.add(connection, "Ana", "a hash", NOW)
        dispensers.add(connection, person.id, default=True)


def another_dispenser(connection: Connection) -> int:
    """A second dispenser of person 1."""
    return dispensers.add(connection, 1, default=False).id


def jar(connection: Connection, number: int) -> Jar:
    """One of dispenser 1's jars."""
    return dispensers.jars_of(connection, 1)[number - 1]


def totals(connection: Connection, numbers: Iterable[int] = (1, 2, 3, 4)) -> list[tuple[int, int]]:
    """The cached sums of dispenser 1's jars: in the jar, and held."""
    rows = connection.execute(select(jars).where(jars.c.dispenser_id == 1).order_by(jars.c.number))
    return [(row.stock_mg, row.held_mg) for row in rows if row.number in numbers]


def put(connection: Connection, table: object, **row: object) -> None:
    """A row as it is, past every function that would have had an opinion on it."""
    connection.execute(insert(table).values(row))  # type: ignore[arg-type]
