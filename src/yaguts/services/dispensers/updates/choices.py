"""What the owner of a dispenser says to updates: now, none, or those that others try first."""

from dataclasses import replace

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.errors import NotPossibleNow
from yaguts.domain.firmware.offer import WhyNot
from yaguts.domain.firmware.release import BY_CABLE, Channel, Update, UpdateChoice, UpdateState
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.dispensers.updates.offers import look
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, updates
from yaguts.storage.db.database import Connection

MAY_BE_WANTED = frozenset({WhyNot.NOT_YET, WhyNot.STAYS, WhyNot.REFUSED})
"""What an owner may put aside. The rest has to be mended first."""


def update_now(site: Site, kitchen_id: KitchenId, dispenser_id: int, by: Actor) -> None:
    """Offer the newest release at once, whatever the stage. Raises `NotFound`, `NotPossibleNow`."""
    with site.database.write() as connection:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        seen = look(site, connection, dispenser)
        if seen.candidate is None or seen.why_not not in MAY_BE_WANTED:
            raise NotPossibleNow(event="update")
        number, now = seen.candidate.release.number, site.clock()
        _store_choice(connection, dispenser_id, replace(seen.choice, pinned=None))
        updates.put(connection, Update(dispenser_id, number, UpdateState.CHOSEN, None, now, now))
        about = {"dispenser": dispenser_id, "release": number}
        audit_log.note(site, connection, AuditEvent.UPDATE_WANTED, kitchen_id, by, **about)


def stay(site: Site, kitchen_id: KitchenId, dispenser_id: int, by: Actor, *, stays: bool) -> None:
    """Stay at the release that runs there, or take newer ones again. Raises `NotFound`."""
    with site.database.write() as connection:
        dispensers.find(connection, kitchen_id, dispenser_id)
        before = updates.choice_of(connection, dispenser_id)
        running = updates.told_of(connection, dispenser_id).release or BY_CABLE
        after = replace(before, pinned=running if stays else None)
        _change(site, connection, kitchen_id, dispenser_id, after, by)


def follow(
    site: Site, kitchen_id: KitchenId, dispenser_id: int, channel: Channel, by: Actor
) -> None:
    """Follow this channel. Raises `NotFound`."""
    with site.database.write() as connection:
        dispensers.find(connection, kitchen_id, dispenser_id)
        after = replace(updates.choice_of(connection, dispenser_id), channel=channel)
        _change(site, connection, kitchen_id, dispenser_id, after, by)


def _change(
    site: Site,
    connection: Connection,
    kitchen_id: KitchenId,
    dispenser_id: int,
    after: UpdateChoice,
    by: Actor,
) -> None:
    _store_choice(connection, dispenser_id, after)
    audit_log.note(
        site, connection, AuditEvent.UPDATE_CHOICE, kitchen_id, by, dispenser=dispenser_id
    )


def _store_choice(connection: Connection, dispenser_id: int, choice: UpdateChoice) -> None:
    updates.choose(connection, dispenser_id, choice)
