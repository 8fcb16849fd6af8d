"""How full a jar is and how long that will last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yaguts.domain.clock import age
from yaguts.domain.recipe import Jar
from yaguts.domain.units import NOTHING, Milligrams

LOOKED_BACK = timedelta(days=30)
"""The use in this time says how long the rest will last."""
LEAST_LOOKED_BACK = timedelta(days=7)
"""The use of a new jar counts as that of at least a week."""
FORECAST_DAYS = 99
"""The forecast goes no further."""
_A_SECOND, _A_DAY = timedelta(seconds=1), timedelta(days=1)
LOW_DAYS = 3
LOW_PERCENT = 15


@dataclass(frozen=True, slots=True)
class Usage:
    """Since the jar was last empty: the most that was in it, and what left it lately."""

    most: Milligrams
    fell: Milligrams
    since: datetime


@dataclass(frozen=True, slots=True)
class Level:
    """A jar and its level. `percent` is None while the stock is unknown."""

    jar: Jar
    percent: int | None = None
    days_left: int | None = None

    @property
    def low(self) -> bool:
        """Whether the jar should be refilled."""
        if self.jar.label is None or self.percent is None:
            return False
        soon_empty = self.days_left is not None and self.days_left <= LOW_DAYS
        return self.percent <= LOW_PERCENT or soon_empty


def level(jar: Jar, usage: Usage | None, now: datetime) -> Level:
    """The level of the jar. Full is its capacity, or else the most that was in it since it was last
    empty.
    """
    if jar.stock is None:
        return Level(jar)
    most = jar.capacity or max(jar.stock, NOTHING if usage is None else usage.most)
    percent = 0 if most <= 0 else min(100, max(0, -(-100 * jar.stock // most)))
    return Level(jar, percent, None if usage is None else _days_left(jar, usage, now))


def _days_left(jar: Jar, usage: Usage, now: datetime) -> int | None:
    if usage.fell <= 0 or jar.available is None:
        return None
    in_use = age(usage.since, now) or LEAST_LOOKED_BACK
    looked_back = min(max(in_use, LEAST_LOOKED_BACK), LOOKED_BACK)
    for_s, used = jar.available * (looked_back // _A_SECOND), usage.fell * (_A_DAY // _A_SECOND)
    return for_s // used if for_s <= FORECAST_DAYS * used else None
