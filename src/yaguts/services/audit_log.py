"""The audit log: who did what, when and from where. The owner of the kitchen reads it."""

import logging
from datetime import datetime
from functools import partial
from itertools import count

from yaguts.domain.audit_log import KEPT, REFUSALS, AuditEntry, AuditEvent, ReadAuditEntry
from yaguts.domain.ids import KitchenId, PersonId
from yaguts.domain.people import Actor, Person
from yaguts.domain.seals import SALT_BYTES
from yaguts.services.runtime.context import Site
from yaguts.storage import audit_log, seals
from yaguts.storage.db.database import Connection, after_commit
from yaguts_wire.values import MAX_ID

PAGE = 50
_log = logging.getLogger(__name__)


def note(
    site: Site,
    connection: Connection,
    what: AuditEvent,
    kitchen_id: KitchenId | None,
    by: Actor,
    named: Person | None = None,
    /,
    **about: int | str,
) -> None:
    """Add an entry in the transaction of what it is about, and a line to the server's log.

    `named`: the person whom it names. `about` holds numbers and known words. What tells of a person
    belongs elsewhere, where it can be removed.
    """
    name = None if named is None else (named.id, named.name)
    entry = AuditEntry(what, site.clock(), kitchen_id, by.person_id, by.address, about, name)
    audit_log.add(connection, entry, (site.randomness(SALT_BYTES).hex() for _ in count()))
    after_commit(connection, partial(_tell, entry))


def forget(connection: Connection, person_id: PersonId) -> None:
    """Remove names and addresses that tell of the person. The entries stay, and so do their seals.

    Called when somebody's account is deleted, in the same transaction.
    """
    seals.forget(connection, person_id)


def sweep(connection: Connection, lived: datetime) -> None:
    """Remove the entries that have been kept long enough, by the lived-through time."""
    audit_log.remove_before(connection, lived - KEPT)


def of_kitchen(
    site: Site, kitchen_id: KitchenId, before_id: int | None = None
) -> tuple[ReadAuditEntry, ...]:
    """A page of the kitchen's entries before the entry with this id, newest first."""
    with site.database.read() as connection:
        return audit_log.of_kitchen(connection, kitchen_id, before_id or MAX_ID, PAGE)


def _tell(entry: AuditEntry) -> None:
    """The line has numbers and the address only: names are in the audit log.

    Strangers cause refusals as often as they like: the log leaves most of them out.
    """
    who = {"kitchen": entry.kitchen_id, "person": entry.person_id, "address": entry.address}
    about = {name: value for name, value in entry.about.items() if isinstance(value, int)}
    known = {name: value for name, value in who.items() if value is not None}
    extra: dict[str, object] = {"about": {**about, **known}}
    if entry.what in REFUSALS:
        extra["seldom"] = (entry.what, entry.kitchen_id, entry.address)
    _log.log(logging.WARNING if "seldom" in extra else logging.INFO, entry.what.value, extra=extra)
