"""Days and times are those of the reader's calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.pages import read
from yaguts.web.rendering import ago
from yaguts.web.time_zone import COOKIE, zone_of

NOON = datetime(2026, 3, 10, 15, tzinfo=UTC)
"""Noon in São Paulo, midnight in Tokyo."""


@pytest.mark.parametrize(
    ("hours", "there", "said"),
    [
        (11, "America/Sao_Paulo", "há 11 h"),
        (13, "America/Sao_Paulo", "ontem"),
        (35, "America/Sao_Paulo", "ontem"),
        (37, "America/Sao_Paulo", "há 2 dias"),
        (5, "Asia/Tokyo", "há 5 h"),
        (7, "Asia/Tokyo", "ontem"),
        (24, "Asia/Tokyo", "ontem"),
        (25, "Asia/Tokyo", "há 2 dias"),
    ],
)
def test_a_day_is_one_of_the_calendar(hours: int, there: str, said: str) -> None:
    assert ago(NOON - timedelta(hours=hours), "pt_BR", NOON, zone_of(there)) == said


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../../etc/passwd", "\0", "x" * 5000])
def test_an_unknown_zone_is_the_servers_own(name: str | None) -> None:
    assert zone_of(name) is None


def test_the_file_has_the_times_of_the_page(kitchen: Furnished) -> None:
    kitchen.report(kitchen.fetched(Sal=4.0))
    browser = kitchen.browser()
    browser.cookies.set(COOKIE, "America/Sao_Paulo", path="/app/")
    ordered = kitchen.clock().astimezone(zone_of("America/Sao_Paulo"))

    row = browser.get("/app/history/file").text.splitlines()[1].split(";")

    assert row[4:6] == [f"{ordered:%Y-%m-%d %H:%M:%S}"] * 2
    assert ordered.hour != kitchen.clock().hour
    kitchen.clock.passes(hours=23)
    assert "ontem" in read(browser.get("/app/history"))
