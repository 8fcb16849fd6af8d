"""A new board takes another one's place: by itself when that one is silent, or when its owner says
so.
"""

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser, reaches, silent_since
from yaguts.domain.errors import NotFound, NotPossibleNow
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import dispenser_topic, kitchen_topic
from yaguts.storage import dispensers, replacements
from yaguts.storage.db.database import Connection


def asked_about(site: Site, kitchen_id: KitchenId) -> frozenset[int]:
    """The dispensers about whose boards the owner is asked: do they replace another one?"""
    with site.database.read() as connection:
        return replacements.asked_about(connection, kitchen_id)


def answer(
    site: Site, kitchen_id: KitchenId, newcomer_id: int, place_id: int | None, by: Actor
) -> Dispenser:
    """Give the new board another dispenser's place, at once, or with None leave it where it is.

    Returns the dispenser that the board belongs to now. Raises `NotFound`, and `NotPossibleNow`
    when the owner is not asked, or no longer.
    """
    with site.database.write() as connection:
        asking = dispensers.find(connection, kitchen_id, newcomer_id)
        if newcomer_id not in replacements.asked_about(connection, kitchen_id):
            raise NotPossibleNow(event="replace")
        if place_id is None:
            replacements.answered(connection, kitchen_id, newcomer_id)
            about = {"dispenser": newcomer_id}
            audit_log.note(site, connection, AuditEvent.CONFIGURED, kitchen_id, by, **about)
            return asking
        if place_id == newcomer_id:
            raise NotFound(what="dispenser")
        place = dispensers.find(connection, kitchen_id, place_id)
        moved = _exchange(site, connection, place, asking, by)
    _announce(site, place, asking)
    return moved


def take_place(site: Site, caller: Dispenser) -> None:
    """Give the board that asks for a job the place of the default one, if that one is silent and a
    job waits there.

    Raises `NotSignedIn` when the caller's token is no longer valid.
    """
    if caller.is_default:
        return
    with site.database.read() as connection:
        if _silent_place(site, connection, caller) is None:
            return
    with site.database.write() as connection:
        asking = dispensers.insist_on_token(connection, caller)
        place = _silent_place(site, connection, asking)
        if place is None:
            return
        _exchange(site, connection, place, asking, Actor(None))
    _announce(site, place, asking)


def _silent_place(site: Site, connection: Connection, asking: Dispenser) -> Dispenser | None:
    """The default dispenser, if its queued jobs are the newcomer's.

    Two living boards must not take turns: the default one was not heard of since the newcomer was
    paired, and nothing that it may have begun is open.
    """
    newcomer = replacements.newcomer(connection, asking.id)
    if newcomer is None:
        return None
    default = dispensers.default_of(connection, asking.kitchen_id)
    heard = default.last_seen_at, newcomer.default_seen_at
    waiting = replacements.waiting(connection, default.id)
    if waiting.under_way or waiting.last_jar is None:
        return None
    if not reaches(asking.firmware, waiting.last_jar):
        return None
    silent = not default.paired or silent_since(newcomer.since, *heard, site.clock())
    return default if silent else None


def _exchange(
    site: Site, connection: Connection, place: Dispenser, newcomer: Dispenser, by: Actor
) -> Dispenser:
    replacements.exchange(connection, place.id, newcomer.id)
    about = {"dispenser": place.id}
    audit_log.note(site, connection, AuditEvent.REPLACED, place.kitchen_id, by, **about)
    return dispensers.find(connection, place.kitchen_id, place.id)


def _announce(site: Site, *exchanged: Dispenser) -> None:
    for one in exchanged:
        site.hub.publish(dispenser_topic(one.id), one.uid)
        site.hub.publish(kitchen_topic(one.kitchen_id), one.uid)
