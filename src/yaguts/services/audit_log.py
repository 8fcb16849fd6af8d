"""The audit log: who did what, when and from where. The owner of the kitchen reads it."""

from datetime import datetime

from yaguts.domain.audit_log import KEPT, AuditEntry, AuditEvent, ReadAuditEntry
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services.runtime.context import Site
from yaguts.storage import audit_log
from yaguts.storage.db.database import Connection
from yaguts_wire.values import MAX_ID

PAGE = 50


def note(
    site: Site,
    connection: Connection,
    what: AuditEvent,
    kitchen_id: KitchenId | None,
    by: Actor,
    **about: int | str,
) -> None:
    """Add an entry in the transaction of what it is about."""
    entry = AuditEntry(what, site.clock(), kitchen_id, by.person_id, by.address, about)
    audit_log.add(connection, entry)


def sweep(connection: Connection, lived: datetime) -> None:
    """Remove the entries that have been kept long enough, by the lived-through time."""
    audit_log.remove_before(connection, lived - KEPT)


def of_kitchen(
    site: Site, kitchen_id: KitchenId, before_id: int | None = None
) -> tuple[ReadAuditEntry, ...]:
    """A page of the kitchen's entries before the entry with this id, newest first."""
    with site.database.read() as connection:
        return audit_log.of_kitchen(connection, kitchen_id, before_id or MAX_ID, PAGE)
