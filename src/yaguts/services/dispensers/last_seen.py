"""When dispensers were heard of, as it is stored: each call of a dispenser is a sign of life.

It decides whether a dispenser shows as online, and nothing else. Signs that come with polls for
which there is nothing are gathered, and stored together.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice

from yaguts.domain.clock import lately
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.firmware.halting import SPELL_GAP
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers
from yaguts.storage.db.database import Connection

SEEN_EVERY = timedelta(seconds=15)
"""A sign of life is stored this often at most, because a dispenser may poll every second."""
STORE_EVERY_S = 5.0
_AT_ONCE = 500
"""Those who write meanwhile wait for so many rows, a few milliseconds."""


def has_called(site: Site, dispenser: Dispenser, now: datetime) -> bool:
    """Store that a dispenser called, unless that was stored lately. Returns whether it had to be.

    Raises `Unavailable`.
    """
    is_due = _is_due(dispenser.last_seen_at, now)
    if is_due:
        with site.database.write(shared=True) as connection:
            _store(connection, {dispenser.id: now}, {dispenser.id: dispenser.last_seen_at})
    site.signs_of_life.stored(dispenser.id, now)
    return is_due


def store(site: Site) -> None:
    """Store what was gathered. Raises `Unavailable`: what is not stored then is gathered still."""
    gathered = list(site.signs_of_life.gathered().items())
    for first in range(0, len(gathered), _AT_ONCE):
        some = dict(gathered[first : first + _AT_ONCE])
        with site.database.write() as connection:
            _store(connection, some, dispensers.last_seen(connection, some))
        site.signs_of_life.all_stored(some)


def store_returning(site: Site) -> None:
    """Store that dispensers were heard of, which were silent before. Raises `Unavailable`."""
    heard = dict(islice(site.signs_of_life.returning().items(), _AT_ONCE))
    with site.database.write() as connection:
        _store(connection, heard, dispensers.last_seen(connection, heard))
    for dispenser_id, now in heard.items():
        site.signs_of_life.stored(dispenser_id, now)


def _store(
    connection: Connection, heard: Mapping[int, datetime], known: Mapping[int, datetime | None]
) -> None:
    """Store when those dispensers were heard of, of which `known` says when it was before."""
    due = {one: heard[one] for one, before in known.items() if _is_due(before, heard[one])}
    for away in (False, True):
        rows = {one: now for one, now in due.items() if _was_away(known[one], now) == away}
        dispensers.seen_together(connection, rows, away=away)


def _is_due(before: datetime | None, now: datetime) -> bool:
    return before not in lately(now, SEEN_EVERY)


def _was_away(before: datetime | None, now: datetime) -> bool:
    return before not in lately(now, SPELL_GAP)
