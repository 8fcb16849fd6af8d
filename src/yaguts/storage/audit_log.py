"""Keep the trail. The database itself refuses to change a line, or to lose one too early."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from yaguts.domain.audit_log import Entry, Line, What
from yaguts.storage.tables import people, trail

_ADD = insert(trail)


def add(connection: Connection, entry: Entry) -> None:
    """Write a line."""
    row = {
        "what": entry.what,
        "at": entry.at,
        "kitchen_id": entry.kitchen_id,
        "person_id": entry.person_id,
        "address": entry.address,
        "about": dict(entry.about),
    }
    connection.execute(_ADD, row)


def of_kitchen(
    connection: Connection, kitchen_id: int, before_id: int, most: int
) -> tuple[Line, ...]:
    """The latest lines of a kitchen from before the one with this id, newest first."""
    found = (
        select(trail, people.c.name)
        .outerjoin_from(trail, people, trail.c.person_id == people.c.id)
        .where(trail.c.kitchen_id == kitchen_id, trail.c.id < before_id)
        .order_by(trail.c.id.desc())
        .limit(most)
    )
    return tuple(
        Line(
            row.id,
            Entry(What(row.what), row.at, row.kitchen_id, row.person_id, row.address, row.about),
            row.name,
        )
        for row in connection.execute(found)
    )


def remove_before(connection: Connection, moment: datetime) -> None:
    """Let go of what is older than it is kept."""
    connection.execute(delete(trail).where(trail.c.at < moment))
