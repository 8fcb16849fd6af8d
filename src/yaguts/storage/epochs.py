"""How far the database has come, and each time that it was restored from an older copy."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from yaguts.domain.high_water_mark import Mark
from yaguts.storage import seals
from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import epochs, movements

_LATEST = Statement(select(epochs).order_by(epochs.c.number.desc()).limit(1))
_LAST_MOVEMENT = Statement(select(func.coalesce(func.max(movements.c.id), 0)))


def mark(connection: Connection) -> Mark:
    """Where the database is now."""
    movement = _LAST_MOVEMENT.value(connection)
    latest = _LATEST.row(connection)
    number, name = (0, "") if latest is None else (latest.number, latest.name)
    tail = seals.tail(connection)
    return Mark(number, name, movement, tail.number, tail.seal)


def begin(connection: Connection, number: int, name: str, at: datetime) -> None:
    """Begin a new epoch: the database is an older copy and differs from the lost one from now
    on.
    """
    connection.execute(insert(epochs).values(number=number, name=name, began_at=at))
