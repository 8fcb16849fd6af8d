"""The lived-through time: one row, which a trigger of the audit log reads too."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.tables import lived_through

_ONLY = 1
_READ = select(lived_through.c.until)
_ADD = insert_if_new(lived_through, lived_through.c.id)
_STORE = update(lived_through)


def read(connection: Connection) -> datetime | None:
    """The time as it was last stored. None: the database is new."""
    return connection.execute(_READ).scalar_one_or_none()


def store(connection: Connection, until: datetime) -> None:
    """Store the time."""
    connection.execute(_ADD[connection.dialect.name], {"id": _ONLY, "until": until})
    connection.execute(_STORE.values(until=until))
