"""The spice that a jar held before, and how it comes back."""

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.domain.stock.ledger import MovementReason
from yaguts.domain.units import NOTHING
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, former_spices, jars, ledger
from yaguts.storage.former_spices import FormerSpice


def former(site: Site, kitchen_id: KitchenId, dispenser_id: int, number: int) -> FormerSpice | None:
    """What the jar held before, if it is known."""
    with site.database.read() as connection:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        return next(iter(former_spices.of(connection, dispenser.id, number)), None)


def undo(site: Site, kitchen_id: KitchenId, dispenser_id: int, number: int, by: Actor) -> bool:
    """Give the jar back to the spice before, with its rate, its capacity and what was in it.
    Returns whether there was one.
    """
    now = site.clock()
    with site.database.write() as connection:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        known = former_spices.of(connection, dispenser.id, number)
        present = dispensers.jars_of(connection, dispenser.id)
        jar = next((each for each in present if each.number == number), None)
        if jar is None or not known:
            return False
        back = known[0]
        former_spices.take(connection, dispenser.id, number, back.label)
        former_spices.keep(connection, dispenser.id, jar, now)
        why = MovementReason.RELABELLED
        ledger.correct(connection, dispenser.id, number, NOTHING, now, by.person_id, why)
        ledger.correct(connection, dispenser.id, number, back.stock, now, by.person_id, why)
        columns = {"label": back.label, "rate_ug_s": back.rate, "capacity_mg": back.capacity}
        jars.change(connection, dispenser.id, number, columns, now)
        about = {"dispenser": dispenser.id, "jar": number}
        audit_log.note(site, connection, AuditEvent.CONFIGURED, kitchen_id, by, **about)
    return True
