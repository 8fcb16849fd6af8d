"""Rate limits, counted in the database so that they hold across processes and restarts.

An attempt is counted before it is checked, so that a thousand at once do not pass the limit. An
attempt that succeeds is not counted any more.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

from yaguts.domain.clock import lately, left
from yaguts.domain.errors import TooManyAttempts
from yaguts.services.runtime.context import Site
from yaguts.storage import rate_limits
from yaguts.storage.db.locks import lock


@dataclass(frozen=True, slots=True)
class Limit:
    """At most this many attempts of a kind, by one caller or at one thing, within a time."""

    what: str
    most: int
    within: timedelta


SIGN_IN_FROM_ADDRESS = Limit("sign in from", 30, timedelta(minutes=15))
SIGN_IN_AS_NAME_FROM = Limit("sign in as from", 10, timedelta(minutes=15))
SIGN_IN_AS_NAME = Limit("sign in as", 50, timedelta(minutes=15))
SIGN_IN_IN_BROWSER = Limit("sign in in", 10, timedelta(minutes=15))
CHANGE_PASSWORD = Limit("password of", 10, timedelta(minutes=15))
REGISTER_FROM_ADDRESS = Limit("register from", 60, timedelta(minutes=10))
GUESS_FROM_ADDRESS = Limit("guess from", 20, timedelta(minutes=10))
GUESS_SHORT_FROM = Limit("guess short from", 5, timedelta(minutes=10))
GUESS_SHORT_CODE = Limit("guess short", 1000, timedelta(minutes=10))
"""Of a million short codes. It takes two hundred addresses, and keeps out no board that calls from
where its owner is."""

ANYBODY = "*"


def admit(site: Site, *attempted: tuple[Limit, str]) -> list[int]:
    """Count an attempt under each limit. Returns ids for `forget`. Raises `TooManyAttempts`."""
    now = site.clock()
    with site.database.write() as connection:
        lock(connection, "attempts")
        lived = site.lived.until(connection, now)
        for limit, who in attempted:
            rate_limits.remove_before(connection, limit.what, lived - limit.within)
            counted = lately(now, limit.within)
            count, first = rate_limits.count(connection, limit.what, who, counted)
            if count >= limit.most and first is not None:
                wait = left(first + limit.within, now)
                raise TooManyAttempts(wait_s=max(1, math.ceil(wait.total_seconds())))
        return [rate_limits.add(connection, limit.what, who, now) for limit, who in attempted]


def forget(site: Site, noted: list[int]) -> None:
    """Do not count these attempts: they succeeded."""
    with site.database.write() as connection:
        rate_limits.remove(connection, noted)
