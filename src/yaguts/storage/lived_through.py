"""The lived-through time: one row, which a trigger of the audit log reads too."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import lived_through

_ONLY = 1
_READ = Statement(select(lived_through.c.until))
_ADD = Statement(insert_if_new(lived_through, lived_through.c.id))
_STORE = Statement(update(lived_through))


def read(connection: Connection) -> datetime | None:
    """The time as it was last stored. None: the database is new."""
    return _READ.value(connection)


def store(connection: Connection, until: datetime) -> None:
    """Store the time."""
    _ADD.row(connection, {"id": _ONLY, "until": until})
    _STORE.run(connection, {"until": until})
