"""Dates as unix seconds. The board's own `time` counts from an epoch that differs by port."""


def unix_seconds(text: str) -> int:
    """Seconds since 1970 of "2026-11-24T12:00:00Z", fractions cut off. ValueError if not UTC."""
    date, t, clock = text.partition("T")
    if not t or not (clock.endswith("Z") or clock.endswith("+00:00")):  # noqa: PIE810
        raise ValueError(text)
    year, month, day = [int(part) for part in date.split("-")]
    hour, minute, second = [int(part) for part in clock[:8].split(":")]
    return ((_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. The year is counted from March, so that leap days come last."""
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    return (
        365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 719_469
    )
