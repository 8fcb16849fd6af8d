"""Dates as unix seconds. The board's own `time` counts from an epoch that differs by port."""

_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def unix_seconds(text: str) -> int:
    """Seconds since 1970 of an HTTP date, "Tue, 24 Nov 2026 12:00:00 GMT". ValueError if not."""
    _, day, name, year, clock, zone = text.split(" ")
    month = _MONTHS.index(name)
    if zone != "GMT" or len(name) != 3 or month % 3:
        raise ValueError(text)
    hour, minute, second = [int(part) for part in clock.split(":")]
    days = _days(int(year), month // 3 + 1, int(day))
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. The year is counted from March, so that leap days come last."""
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    return (
        365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 719_469
    )
