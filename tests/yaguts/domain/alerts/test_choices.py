"""Quiet hours, in the person's time zone."""

from datetime import UTC, datetime

import pytest

from yaguts.domain.alerts.choices import QuietHours, known_zones, zone_named


@pytest.mark.parametrize(
    ("start", "end", "zone", "utc", "quiet"),
    [
        (22 * 60, 7 * 60, "UTC", "2026-01-31T22:00", True),
        (22 * 60, 7 * 60, "UTC", "2026-01-31T21:59", False),
        (22 * 60, 7 * 60, "UTC", "2026-02-01T06:59", True),
        (22 * 60, 7 * 60, "UTC", "2026-02-01T07:00", False),
        (13 * 60, 14 * 60, "UTC", "2026-02-01T13:30", True),
        (13 * 60, 14 * 60, "UTC", "2026-02-01T12:30", False),
        (22 * 60, 7 * 60, "America/Sao_Paulo", "2026-02-01T01:00", True),
        (22 * 60, 7 * 60, "America/Sao_Paulo", "2026-02-01T10:00", False),
        (22 * 60, 7 * 60, "Europe/Lisbon", "2026-07-01T21:00", True),  # summer time there
        (22 * 60, 7 * 60, "Europe/Lisbon", "2026-01-01T21:00", False),
        (8 * 60, 8 * 60, "UTC", "2026-02-01T08:00", False),
        (22 * 60, 7 * 60, "No/Where", "2026-01-31T23:00", True),
    ],
)
def test_it_is_quiet(start: int, end: int, zone: str, utc: str, quiet: bool) -> None:
    now = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    assert QuietHours(start, end, zone).hold(now) == quiet


@pytest.mark.parametrize("name", ["No/Where", "", "/etc/passwd", "../x", "America"])
def test_a_zone_that_is_not_known_is_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"


def test_people_choose_among_zones_that_this_computer_knows() -> None:
    assert {"UTC", "America/Sao_Paulo", "Europe/Lisbon"} <= set(known_zones())
    assert not [name for name in known_zones() if name.startswith("Etc/")]
