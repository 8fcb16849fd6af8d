"""The audit log. The database refuses to change an entry, or to remove a recent one."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from yaguts.domain.audit_log import AuditEntry, AuditEvent, ReadAuditEntry
from yaguts.domain.ids import KitchenId
from yaguts.storage.tables import audit_log, people
from yaguts.storage.windows import before

_ADD = insert(audit_log)


def add(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry."""
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
    connection: Connection, kitchen_id: KitchenId, before_id: int, most: int
) -> tuple[ReadAuditEntry, ...]:
    """The latest entries of a kitchen before the entry with this id, newest first."""
    found = (
        select(audit_log, people.c.name)
        .outerjoin_from(audit_log, people, audit_log.c.person_id == people.c.id)
        .where(audit_log.c.kitchen_id == kitchen_id, audit_log.c.id < before_id)
        .order_by(audit_log.c.id.desc())
        .limit(most)
    )
    return tuple(
        ReadAuditEntry(
            row.id,
            AuditEntry(
                AuditEvent(row.what), row.at, row.kitchen_id, row.person_id, row.address, row.about
            ),
            row.name,
        )
        for row in connection.execute(found)
    )


def remove_before(connection: Connection, moment: datetime) -> None:
    """Remove the entries from before a moment."""
    connection.execute(delete(audit_log).where(before(audit_log.c.at, moment)))
