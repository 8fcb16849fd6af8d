"""A person's dispensers, and the dispensers' own signs of life."""

from collections.abc import Mapping
from datetime import timedelta

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Job, State
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.storage import dispensers, jobs, pairing_codes
from yaguts.storage.db.database import Connection

SEEN_EVERY = timedelta(seconds=15)
"""A dispenser may poll every second; that it did is written this often at most."""
MOST_TROUBLES = 5
_WENT_WRONG = (State.FAILED, State.DONE_PARTIAL)


def authenticate(site: Site, token: str, address: str | None = None) -> Dispenser | None:
    """The dispenser that holds this token. Every call it makes is a sign of life."""
    now, hashed = site.clock(), token_hash(token)
    with site.database.read() as connection:
        dispenser = dispensers.with_token(connection, hashed)
        offered = dispenser is None and dispensers.is_offered(connection, hashed)
    if offered:
        dispenser = _take_over(site, hashed, address)
    if dispenser is None:
        return None
    if dispenser.last_seen_at is None or now - dispenser.last_seen_at >= SEEN_EVERY:
        with site.database.write() as connection:
            dispensers.seen(connection, dispenser.id, now)
    return dispenser


def heartbeat(site: Site, dispenser: Dispenser, told: Mapping[str, object]) -> bool:
    """The dispenser is well, and has its token. True asks it to renew that.

    `told`: firmware and status, as far as it said so.
    """
    now = site.clock()
    with site.database.write() as connection:
        dispensers.seen(connection, dispenser.id, now, told)
        pairing_codes.remove_used(connection, dispenser.kitchen_id, dispenser.uid or "")
    return dispenser.wants_token(now)


def offer_token(site: Site, dispenser: Dispenser) -> str:
    """A new token for the dispenser. The old one works until the first use of the new one.

    So neither a lost answer nor a power cut locks it out: asked again, there is another.
    """
    token = new_token(site.randomness)
    with site.database.write() as connection:
        dispensers.offer_token(connection, dispenser.id, token_hash(token))
    return token


def want_token(site: Site, kitchen_id: KitchenId, dispenser_id: int, by: Actor) -> None:
    """Have the dispenser renew its token at its next sign of life."""
    with site.database.write() as connection:
        dispensers.find(connection, kitchen_id, dispenser_id)
        dispensers.want_token(connection, dispenser_id)
        audit_log.note(
            site, connection, AuditEvent.TOKEN_WANTED, kitchen_id, by, dispenser=dispenser_id
        )


def all_of(site: Site, kitchen_id: KitchenId) -> tuple[Dispenser, ...]:
    """The person's dispensers that have a board."""
    with site.database.read() as connection:
        mine = dispensers.of(connection, kitchen_id)
    return tuple(dispenser for dispenser in mine if dispenser.paired)


def everything_of(site: Site, kitchen_id: KitchenId) -> tuple[Dispenser, ...]:
    """The person's dispensers, with and without a board."""
    with site.database.read() as connection:
        return dispensers.of(connection, kitchen_id)


def find(site: Site, kitchen_id: KitchenId, dispenser_id: int) -> Dispenser:
    """One of the person's dispensers."""
    with site.database.read() as connection:
        return dispensers.find(connection, kitchen_id, dispenser_id)


def make_default(site: Site, kitchen_id: KitchenId, dispenser_id: int, by: Actor) -> Dispenser:
    """Orders and settings that name no dispenser are about this one from now on."""
    with site.database.write() as connection:
        dispensers.find(connection, kitchen_id, dispenser_id)
        dispensers.make_default(connection, kitchen_id, dispenser_id)
        _note_configured(site, connection, kitchen_id, dispenser_id, by)
        return dispensers.find(connection, kitchen_id, dispenser_id)


def rename(
    site: Site, kitchen_id: KitchenId, dispenser_id: int, name: str | None, by: Actor
) -> Dispenser:
    """Call the dispenser this; without a name it goes by its number."""
    with site.database.write() as connection:
        dispensers.find(connection, kitchen_id, dispenser_id)
        dispensers.rename(connection, dispenser_id, name)
        _note_configured(site, connection, kitchen_id, dispenser_id, by)
        return dispensers.find(connection, kitchen_id, dispenser_id)


def troubles(site: Site, kitchen_id: KitchenId, dispenser_id: int) -> tuple[Job, ...]:
    """The dispenser's latest jobs in which something went wrong, newest first."""
    with site.database.read() as connection:
        dispensers.find(connection, kitchen_id, dispenser_id)
        return jobs.latest_on(connection, dispenser_id, _WENT_WRONG, MOST_TROUBLES)


def configure(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    by: Actor,
    *,
    queues: bool | None = None,
    asks: bool | None = None,
) -> Dispenser:
    """How the dispenser is to behave, see `Dispenser`. None leaves it as it is."""
    said = {"queues": queues, "asks": asks}
    changes = {name: word for name, word in said.items() if word is not None}
    with site.database.write() as connection:
        before = dispensers.find(connection, kitchen_id, dispenser_id)
        if not changes:
            return before
        dispensers.configure(connection, dispenser_id, changes)
        _note_configured(site, connection, kitchen_id, dispenser_id, by)
        return dispensers.find(connection, kitchen_id, dispenser_id)


def unpair(site: Site, kitchen_id: KitchenId, dispenser_id: int, by: Actor) -> None:
    """The board's token is refused from its next call on. Jars and history stay."""
    with site.database.write() as connection:
        before = dispensers.find(connection, kitchen_id, dispenser_id)
        dispensers.unpair(connection, dispenser_id)
        audit_log.note(
            site, connection, AuditEvent.UNLINKED, kitchen_id, by, dispenser=dispenser_id
        )
    site.boards.stop(before.uid or "")


def _take_over(site: Site, hashed: str, address: str | None) -> Dispenser | None:
    with site.database.write() as connection:
        taken = dispensers.take_over(connection, hashed, site.clock())
        if taken is not None:
            by, one = Actor(None, address), {"dispenser": taken.id}
            audit_log.note(site, connection, AuditEvent.TOKEN_RENEWED, taken.kitchen_id, by, **one)
        return dispensers.with_token(connection, hashed)  # also for whoever came second


def _note_configured(
    site: Site, connection: Connection, kitchen_id: KitchenId, dispenser_id: int, by: Actor
) -> None:
    audit_log.note(site, connection, AuditEvent.CONFIGURED, kitchen_id, by, dispenser=dispenser_id)
