"""Dispensers' tokens: what one opens, how it is renewed. A revoked token opens nothing."""

from collections.abc import Mapping, Sequence

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.happenings import ToldHappening, with_told
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.dispensers.last_seen import has_called
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import dispenser_topic
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.storage import dispensers, pairing_codes


def authenticate(
    site: Site, token: str, address: str | None = None, *, heard_before: bool = False
) -> Dispenser | None:
    """The dispenser that holds this token, or None. Every call of a dispenser is a sign of life.

    `heard_before`: this call was noted as one when it came, a while ago.
    """
    now, hashed = site.clock(), token_hash(token)
    with site.database.read() as connection:
        dispenser = dispensers.with_token(connection, hashed)
        offered = dispenser is None and dispensers.is_offered(connection, hashed)
    if offered:
        dispenser = _take_over(site, hashed, address)
    if dispenser is None:
        return None
    if heard_before or not has_called(site, dispenser, now):
        site.recognised.note(hashed, dispenser)
    return dispenser


def recognised(site: Site, token: str) -> Dispenser | None:
    """The dispenser that held this token a second ago at most, and was heard of then. None says
    that the database is to be asked.
    """
    return site.recognised.of(token_hash(token))


def heartbeat(
    site: Site,
    dispenser: Dispenser,
    told: Mapping[str, object],
    happened: Sequence[ToldHappening] = (),
) -> bool:
    """Store a heartbeat. Returns whether the dispenser is to renew its token.

    `told` holds firmware and status, as far as they were sent. Raises `NotSignedIn` when the token
    is no longer valid.
    """
    now = site.clock()
    with site.database.write(shared=True) as connection:
        holder = dispensers.insist_on_token(connection, dispenser)
        if happened:
            told = {**told, "happenings": with_told(holder.happenings, happened, now)}
        dispensers.seen(connection, holder.id, now, told)
        pairing_codes.remove_used(connection, dispenser.kitchen_id, dispenser.uid or "")
    return dispenser.wants_token(now)


def offer_token(site: Site, dispenser: Dispenser) -> str:
    """Offer a new token. The old one works until the first use of the new one.

    Neither a lost answer nor a power cut locks the dispenser out: it asks again and gets another.
    Raises `NotSignedIn` when its token is no longer valid.
    """
    token = new_token(site.randomness)
    with site.database.write() as connection:
        holder = dispensers.insist_on_token(connection, dispenser)
        dispensers.offer_token(connection, holder.id, token_hash(token))
    return token


def want_token(site: Site, kitchen_id: KitchenId, dispenser_id: int, by: Actor) -> None:
    """Have the dispenser renew its token at its next sign of life. Raises `NotFound`."""
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
        # Also for the second of two calls.
        dispenser = dispensers.with_token(connection, hashed)
    if dispenser is not None:
        site.hub.publish(dispenser_topic(dispenser.id), dispenser.uid)
    return dispenser
