"""The time zone of a page: that of the browser, or else the server's own.

Only the browser knows where its reader is, so the script keeps it in a cookie. Without a script the
server, which stands in the kitchen, knows best.
"""

from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

COOKIE = "yaguts_zone"


@lru_cache(maxsize=128)
def zone_of(named: str | None) -> tzinfo | None:
    """The zone that the browser names. None, if there is no such zone: the server's own."""
    try:
        return ZoneInfo(named) if named else None
    except (LookupError, ValueError, OSError):
        return None


def days_between(moment: datetime, now: datetime, zone: tzinfo | None) -> int:
    """By how many days the dates differ: 1 for yesterday, even if that was an hour ago."""
    return (now.astimezone(zone).date() - moment.astimezone(zone).date()).days


def written(moment: datetime, zone: tzinfo | None) -> str:
    """Date and time as every spreadsheet reads them: `2026-11-28 19:35:12`."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
