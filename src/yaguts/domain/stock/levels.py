"""How full a jar is and how long that will last: what a cook wants to know at a glance."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yaguts.domain.recipe import Jar
from yaguts.domain.units import NOTHING, Milligrams

LOOKED_BACK = timedelta(days=30)
"""What a jar gave in this time says how long the rest will last."""
LEAST_LOOKED_BACK = timedelta(days=7)
"""A jar that is new says little: its first dish is taken for a week's use, not a minute's."""
FORECAST_DAYS = 99
"""Further ahead, nobody knows."""
LOW_DAYS = 3
LOW_PERCENT = 15


@dataclass(frozen=True, slots=True)
class Usage:
    """Of a jar since it was last empty: the most that was in it, and what fell lately."""

    most: Milligrams
    fell: Milligrams
    since: datetime


@dataclass(frozen=True, slots=True)
class Level:
    """A jar as it stands on the shelf. `percent` is None while nobody knows what is in it."""

    jar: Jar
    percent: int | None = None
    days_left: int | None = None

    @property
    def low(self) -> bool:
        """Whether it is time to refill."""
        if self.jar.label is None or self.percent is None:
            return False
        soon_empty = self.days_left is not None and self.days_left <= LOW_DAYS
        return self.percent <= LOW_PERCENT or soon_empty


def level(jar: Jar, usage: Usage | None, now: datetime) -> Level:
    """The jar's level, full being the most that was in it since it was last empty."""
    if jar.stock is None:
        return Level(jar)
    most = max(jar.stock, NOTHING if usage is None else usage.most)
    percent = 0 if most <= 0 else max(0, -(-100 * jar.stock // most))
    return Level(jar, percent, None if usage is None else _days_left(jar, usage, now))


def _days_left(jar: Jar, usage: Usage, now: datetime) -> int | None:
    if usage.fell <= 0 or jar.available is None:
        return None
    looked_back = min(max(now - usage.since, LEAST_LOOKED_BACK), LOOKED_BACK)
    days = jar.available * looked_back / (usage.fell * timedelta(days=1))
    return int(days) if days <= FORECAST_DAYS else None
