"""What a stored time says, although the server's clock may have been wrong, or is.

Every comparison of a stored time with now goes through here, so that each says what it does with a
time in the future: a clock that was ahead stored it, or the clock is behind now.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

SKEW = timedelta(minutes=5)
"""The clocks of two servers may differ by this much. A time further ahead is in the future."""

PACE = 2
"""The lived-through time moves at most this many times as fast as time passes. More than 1, so that
it comes up with the clock after the server was off.
"""

FAR = timedelta(hours=2)
"""The lived-through time that is stored may be this old. What is further ahead than that is removed
as soon as the clock is right, or it would become valid once more.
"""

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Window:
    """The stored times that count: later than `after`, and not later than `until`."""

    after: datetime
    until: datetime

    def __contains__(self, moment: datetime | None) -> bool:
        """Whether this time counts. A time that is not known does not."""
        return moment is not None and self.after < moment <= self.until


def lately(now: datetime, within: timedelta) -> Window:
    """The times that are less than `within` ago. A time in the future is not: nobody knows when
    it was.
    """
    return Window(now - within, now + SKEW)


def ahead(now: datetime, life: timedelta) -> Window:
    """The deadlines that are still to come, if each was set for `life`. One that is further ahead
    than that was set by a wrong clock, and counts as over.
    """
    return Window(now, now + life + SKEW)


def age(moment: datetime, now: datetime) -> timedelta | None:
    """How long ago it was. None: it is in the future, so nobody knows."""
    return None if moment > now + SKEW else max(_NOTHING, now - moment)


def left(deadline: datetime, now: datetime) -> timedelta:
    """How long it is until the deadline, or nothing."""
    return max(_NOTHING, deadline - now)


def followed(lived: datetime, now: datetime, passed: timedelta) -> datetime:
    """The lived-through time after `passed`. It follows the clock forward, at most `PACE` times as
    fast as time passes, and never back.
    """
    return max(lived, min(now, lived + PACE * passed))


def may_be_gone(moment: datetime, kept: timedelta, lived: datetime | None) -> bool:
    """Whether what is kept for so long has been removed, by the lived-through time."""
    return lived is not None and moment < lived - kept


def latest_seen(now: datetime) -> datetime:
    """The latest sign of life that there can be."""
    return now + SKEW


def latest_begun(now: datetime, lived: datetime) -> datetime:
    """The latest beginning that there can be. A clock that is behind now does not change that."""
    return max(now, lived) + FAR
