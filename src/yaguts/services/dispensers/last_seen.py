"""When dispensers were heard of, as it is stored: each call of a dispenser is a sign of life.

It decides whether a dispenser shows as online, and nothing else. Signs that come with polls for
which there is nothing, and with heartbeats that tell nothing but the board's health, are gathered,
and stored together.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice

from yaguts.domain.clock import Window, lately, latest_seen
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.firmware.halting import SPELL_GAP
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.polls.signs_of_life import Sign
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
            heard = {dispenser.id: site.signs_of_life.sign(dispenser.id, now)}
            _store(connection, heard, {dispenser.id: dispenser.last_seen_at}, now)
    site.signs_of_life.stored(dispenser.id, now)
    return is_due


def store(site: Site) -> None:
    """Store what was gathered. Raises `Unavailable`: what is not stored then is gathered still."""
    gathered = list(site.signs_of_life.gathered().items())
    for first in range(0, len(gathered), _AT_ONCE):
        some = dict(gathered[first : first + _AT_ONCE])
        with site.database.write() as connection:
            _store(connection, some, dispensers.last_seen(connection, some), site.clock())
        site.signs_of_life.all_stored(some)


def store_returning(site: Site) -> None:
    """Store that dispensers were heard of, which were silent before. Raises `Unavailable`."""
    returning = islice(site.signs_of_life.returning().items(), _AT_ONCE)
    heard = {dispenser_id: Sign(now, None) for dispenser_id, now in returning}
    with site.database.write() as connection:
        _store(connection, heard, dispensers.last_seen(connection, heard), site.clock())
    for dispenser_id, sign in heard.items():
        site.signs_of_life.stored(dispenser_id, sign.at)


def _store(
    connection: Connection,
    heard: Mapping[int, Sign],
    known: Mapping[int, datetime | None],
    now: datetime,
) -> None:
    """Store when those dispensers were heard of, of which `known` says when it was before."""
    rows = {one: _columns(heard[one], before, now) for one, before in known.items()}
    dispensers.seen_together(connection, {one: row for one, row in rows.items() if row})


def _columns(sign: Sign, before: datetime | None, now: datetime) -> dict[str, object]:
    """What is new of a dispenser that was heard of `before`, which may be later than the sign."""
    if before in Window(sign.at, latest_seen(now)):
        return {}
    told = {} if sign.status is None else {"status": sign.status}
    if not told and not _is_due(before, sign.at):
        return {}
    since = {"heard_since": sign.at} if _was_away(before, sign.at) else {}
    return {"last_seen_at": sign.at, **since, **told}


def _is_due(before: datetime | None, now: datetime) -> bool:
    return before not in lately(now, SEEN_EVERY)


def _was_away(before: datetime | None, now: datetime) -> bool:
    return before not in lately(now, SPELL_GAP)
