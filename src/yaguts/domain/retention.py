"""Which backups are kept: the newest of each of the last days, weeks and months that have one.

Days that have none don't count, so that a server that was off for a year removes nothing.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yaguts.domain.clock import age


@dataclass(frozen=True, slots=True)
class Retention:
    """Of how many days, weeks and months a backup is kept."""

    days: int = 7
    weeks: int = 4
    months: int = 6


def to_keep(made: Iterable[datetime], retention: Retention, now: datetime) -> set[datetime]:
    """Those of the backups that are kept, each by the time at which it was made.

    Those of a clock that was ahead are counted by themselves: they take nobody's place.
    """
    times = sorted(made, reverse=True)
    past = [moment for moment in times if age(moment, now) is not None]
    future = [moment for moment in times if age(moment, now) is None]
    return _newest(past, retention) | _newest(future, retention)


def last(made: Iterable[datetime], now: datetime) -> datetime | None:
    """When the last backup was made. One from the future is none of today's."""
    return max((moment for moment in made if age(moment, now) is not None), default=None)


def is_due(latest: datetime | None, every: timedelta, now: datetime) -> bool:
    """Whether the last backup is that old."""
    passed = None if latest is None else age(latest, now)
    return passed is None or passed >= every


def _newest(times: list[datetime], retention: Retention) -> set[datetime]:
    return {
        *_of_each(times, datetime.date, retention.days),
        *_of_each(times, lambda moment: moment.isocalendar()[:2], retention.weeks),
        *_of_each(times, lambda moment: (moment.year, moment.month), retention.months),
    }


def _of_each(
    times: list[datetime], period: Callable[[datetime], Hashable], how_many: int
) -> list[datetime]:
    """The first of each period, of the first periods."""
    first: dict[Hashable, datetime] = {}
    for moment in times:
        first.setdefault(period(moment), moment)
    return list(first.values())[:how_many]
