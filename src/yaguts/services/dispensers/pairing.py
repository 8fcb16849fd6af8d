"""Pairing: a code on the owner's screen, typed into the board once, gives the board to the
kitchen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.clock import ahead
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import WrongCode
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.domain.quotas import MOST_DISPENSERS, insist_on_room
from yaguts.services import audit_log
from yaguts.services.dispensers.homes import home_of, provider_prefix
from yaguts.services.dispensers.pairing_code_text import as_typed, selector
from yaguts.services.dispensers.pairing_codes import LIFE
from yaguts.services.people import rate_limits
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import dispenser_topic
from yaguts.services.runtime.tokens import keyed_hash, new_token, token_hash
from yaguts.storage import dispensers, pairing_codes, replacements, updates
from yaguts.storage.db.database import Connection
from yaguts.storage.db.locks import lock

Counted = tuple[tuple[rate_limits.Limit, str], ...]


@dataclass(frozen=True, slots=True)
class Paired:
    """What a board is told when it is paired."""

    dispenser_id: int
    token: str


def pair(site: Site, uid: str, typed: str, address: str, told: Mapping[str, object]) -> Paired:
    """Pair the board `uid` with the kitchen of the code. `told` holds firmware and mac.

    Raises `WrongCode`, `TooManyAttempts`, `TooMany`.
    """
    code = as_typed(typed)
    noted = rate_limits.admit(site, *_counted(site, code, address))
    paired = None if code is None else _use(site, code, uid, told, address)
    if paired is None:
        with site.database.write() as connection:
            audit_log.note(site, connection, AuditEvent.CLAIM_REFUSED, None, Actor(None, address))
        raise WrongCode
    rate_limits.forget(site, noted)
    return paired


def unpair(site: Site, kitchen_id: KitchenId, dispenser_id: int, by: Actor) -> None:
    """Revoke the board's token from its next call on. Jars and history stay. Raises `NotFound`."""
    with site.database.write() as connection:
        before = dispensers.find(connection, kitchen_id, dispenser_id)
        dispensers.unpair(connection, dispenser_id)
        audit_log.note(
            site, connection, AuditEvent.UNLINKED, kitchen_id, by, dispenser=dispenser_id
        )
    site.hub.publish(dispenser_topic(dispenser_id), before.uid)  # A held poll ends at once.
    site.boards.stop(before.uid or "")


def _counted(site: Site, code: str | None, address: str) -> Counted:
    """What a guess counts for. A guess at a short code may be meant for any: nobody's guesses end
    one. They count for the address, and together with all others from outside.

    Whoever is where the owner of a short code was counts apart, so that strangers do not keep out
    the owner's board.
    """
    general = (rate_limits.GUESS_FROM_ADDRESS, address)
    if code is None or selector(code) is not None:
        return (general,)
    home = home_of(address)
    with site.database.read() as connection:
        at_home = pairing_codes.is_home(connection, home, ahead(site.clock(), LIFE))
    who, together = (address, home) if at_home else (provider_prefix(address), rate_limits.ANYBODY)
    return (
        general,
        (rate_limits.GUESS_SHORT_FROM, who),
        (rate_limits.GUESS_SHORT_CODE, together),
    )


def _use(
    site: Site, code: str, uid: str, told: Mapping[str, object], address: str
) -> Paired | None:
    token, now = new_token(site.randomness), site.clock()
    with site.database.write() as connection:
        lock(connection, "claims")
        again = pairing_codes.was_used(connection, keyed_hash(site, code), uid)
        alive = ahead(now, LIFE)
        kitchen_id = pairing_codes.use(connection, keyed_hash(site, code), uid, alive)
        if kitchen_id is None:
            if (aimed_at := selector(code)) is not None:
                pairing_codes.count_wrong_guess(connection, aimed_at)
            return None
        dispenser = _dispenser_for(connection, kitchen_id, uid)
        if (
            again
        ):  # The first token that is used tells which of the two answers the board has heard.
            dispensers.offer_token(connection, dispenser.id, token_hash(token))
        else:
            dispensers.pair(connection, dispenser.id, uid, token_hash(token), now)
            if dispenser.uid != uid:
                updates.forget_board(connection, dispenser.id)
            if not dispenser.is_default:
                replacements.ask(connection, dispenser, now)
        dispensers.seen(connection, dispenser.id, now, {**told, "heard_since": now})
        by = Actor(None, address)
        audit_log.note(site, connection, AuditEvent.CLAIMED, kitchen_id, by, dispenser=dispenser.id)
    site.hub.publish(dispenser_topic(dispenser.id), uid)  # Its former token opens nothing now.
    return Paired(dispenser.id, token)


def _dispenser_for(connection: Connection, kitchen_id: KitchenId, uid: str) -> Dispenser:
    """The dispenser this board was before, else the default one without a board, else a new one.

    The board's dispenser in another kitchen does not matter: anybody can say any uid. It stays
    there, with a token that the board no longer has when it really changed hands.
    """
    before = dispensers.with_uid(connection, kitchen_id, uid)
    if before is not None:
        return before
    default = dispensers.default_of(connection, kitchen_id)
    if not default.paired:
        return default
    insist_on_room("dispenser", len(dispensers.of(connection, kitchen_id)), MOST_DISPENSERS)
    return dispensers.add(connection, kitchen_id, default=False)
