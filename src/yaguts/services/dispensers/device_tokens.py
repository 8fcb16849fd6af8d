"""Dispensers' tokens: what one opens, how it is renewed. A revoked one opens nothing."""

from collections.abc import Mapping
from datetime import timedelta

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.storage import dispensers, pairing_codes

SEEN_EVERY = timedelta(seconds=15)
"""A dispenser may poll every second; that it did is written this often at most."""


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


def _take_over(site: Site, hashed: str, address: str | None) -> Dispenser | None:
    with site.database.write() as connection:
        taken = dispensers.take_over(connection, hashed, site.clock())
        if taken is not None:
            by, one = Actor(None, address), {"dispenser": taken.id}
            audit_log.note(site, connection, AuditEvent.TOKEN_RENEWED, taken.kitchen_id, by, **one)
        return dispensers.with_token(connection, hashed)  # also for whoever came second
