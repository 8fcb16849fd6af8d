"""The life of a pairing code: ten minutes, used once, at most five of a kitchen at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yaguts.domain.clock import Window, ahead, lately
from yaguts.domain.ids import KitchenId
from yaguts.services.dispensers.homes import home_of
from yaguts.services.dispensers.pairing_code_text import (
    for_people,
    new_long_code,
    new_short_code,
    selector,
)
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import keyed_hash
from yaguts.storage import pairing_codes
from yaguts.storage.db.locks import lock

LIFE = timedelta(minutes=10)
_A_SECOND = timedelta(seconds=1)
MOST_ALIVE = 5
"""One kitchen may have this many pairing codes at a time."""


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A pairing code as its owner sees it, once."""

    text: str
    expires_at: datetime


def used_in(expires_at: datetime) -> Window:
    """When a board can have used a code that is good until then, in whole seconds."""
    return lately(expires_at, LIFE + _A_SECOND)


def new_code(
    site: Site, kitchen_id: KitchenId, *, long: bool, address: str | None = None
) -> PairingCode:
    """Make a pairing code for the kitchen. `address`: where its owner is."""
    now = site.clock()
    make = new_long_code if long else new_short_code
    with site.database.write() as connection:
        lock(connection, "claims")
        pairing_codes.remove_stale(connection, site.lived.until(connection, now))
        pairing_codes.remove_surplus(connection, kitchen_id, MOST_ALIVE - 1, ahead(now, LIFE))
        code = make(site.randomness)
        while pairing_codes.exists(connection, keyed_hash(site, code), selector(code)):
            code = make(site.randomness)
        hashed, home = keyed_hash(site, code), home_of(address) if address else None
        pairing_codes.add(connection, hashed, selector(code), kitchen_id, now + LIFE, home)
    return PairingCode(for_people(code), now + LIFE)
