"""What a person wants to be told, and when they want to be left alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

USUAL_SILENT_MIN = 15
SILENT_MIN_BOUNDS = (5, 1440)
"""A dispenser that is silent for so many minutes is told of; the least and the most of them."""
UTC_ZONE = "UTC"
_MINUTES_OF_DAY = 1440


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The minutes of the day between which nothing is sent, in a time zone. It may be midnight in
    between.
    """

    start_min: int
    end_min: int
    zone: str

    def hold(self, now: datetime) -> bool:
        """Whether it is quiet now."""
        local = now.astimezone(zone_named(self.zone))
        passed = (local.hour * 60 + local.minute - self.start_min) % _MINUTES_OF_DAY
        return passed < (self.end_min - self.start_min) % _MINUTES_OF_DAY


@dataclass(frozen=True, slots=True)
class AlertChoices:
    """A person's choices. A kind that is not in `wanted` was not chosen yet, and is wanted.

    `zone` is "" until the person has chosen one: times are in UTC until then.
    """

    wanted: Mapping[str, bool] = field(default_factory=dict[str, bool])
    quiet: QuietHours | None = None
    zone: str = ""
    silent_min: int = USUAL_SILENT_MIN

    def wants(self, kind: str) -> bool:
        """Whether the person wants to be told of this kind."""
        return self.wanted.get(kind, True)

    @property
    def patience(self) -> timedelta:
        """For how long a dispenser may be silent."""
        return timedelta(minutes=self.silent_min)


def zone_named(name: str) -> ZoneInfo:
    """The time zone with this name; UTC when this computer does not know it (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(UTC_ZONE)


@cache
def known_zones() -> tuple[str, ...]:
    """The names of the time zones that people live in."""
    names = (name for name in available_timezones() if "/" in name)
    lived_in = (name for name in names if name.partition("/")[0] not in ("Etc", "SystemV"))
    return (UTC_ZONE, *sorted(lived_in))
