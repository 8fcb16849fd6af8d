"""How far the database has come, and each time that it was restored from an older copy."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from yaguts.domain.high_water_mark import Mark
from yaguts.storage.tables import epochs, movements

_LATEST = select(epochs).order_by(epochs.c.number.desc()).limit(1)
_LAST_MOVEMENT = select(func.coalesce(func.max(movements.c.id), 0))


def mark(connection: Connection) -> Mark:
    """Where the database is now."""
    movement = connection.execute(_LAST_MOVEMENT).scalar_one()
    latest = connection.execute(_LATEST).one_or_none()
    if latest is None:
        return Mark(movement=movement)
    return Mark(latest.number, latest.name, movement)


def begin(connection: Connection, number: int, name: str, at: datetime) -> None:
    """Begin a new epoch: the database is an older copy and differs from the lost one from now
    on.
    """
    connection.execute(insert(epochs).values(number=number, name=name, began_at=at))
