"""A board that asks takes the place of a silent one, once."""

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, replacements


def take_place(site: Site, asking: Dispenser) -> Dispenser:
    """The dispenser of the board that asks for a job: the silent default one, if it may be."""
    now = site.clock()
    if asking.is_default:
        return asking
    with site.database.read() as connection:
        if replacements.replaced_by(connection, asking, now) is None:
            return asking
    with site.database.write() as connection:
        place = replacements.replaced_by(connection, asking, now)
        if place is None:
            return asking
        replacements.exchange(connection, place, asking.id, now)
        by, one = Actor(None, None), {"dispenser": place}
        audit_log.note(site, connection, AuditEvent.REPLACED, asking.kitchen_id, by, **one)
        return dispensers.find(connection, asking.kitchen_id, place)
