"""Attempts to sign in or to guess a code, counted for all processes of the server."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from yaguts.domain.clock import Window
from yaguts.storage.tables import attempts
from yaguts.storage.windows import before, bounds, inside


def add(connection: Connection, what: str, who: str, now: datetime) -> int:
    """Count an attempt of this kind from, or at, somebody. Returns its id."""
    noted = insert(attempts).values(what=what, who=who, at=now).returning(attempts.c.id)
    return connection.execute(noted).scalar_one()


def count(
    connection: Connection, what: str, who: str, counted: Window
) -> tuple[int, datetime | None]:
    """How many attempts there were in the window, and when the first of them was."""
    mine = (attempts.c.what == what) & (attempts.c.who == who) & inside(attempts.c.at)
    found = select(func.count(), func.min(attempts.c.at)).where(mine)
    row = connection.execute(found, bounds(counted)).one()
    return row[0], row[1]


def remove(connection: Connection, ids: list[int]) -> None:
    """Remove attempts that succeeded."""
    connection.execute(delete(attempts).where(attempts.c.id.in_(ids)))


def remove_before(connection: Connection, what: str, moment: datetime) -> None:
    """Remove attempts that no longer count."""
    old = (attempts.c.what == what) & before(attempts.c.at, moment)
    connection.execute(delete(attempts).where(old))


def try_out(connection: Connection, now: datetime) -> None:
    """Write an attempt of nobody's and take it back: whether that can be made durable is the
    question.
    """
    remove(connection, [add(connection, "try out", "", now)])
