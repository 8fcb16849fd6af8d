"""The lived-through time as it is stored, from one process to the next: on both databases."""

from datetime import datetime

import pytest

from tests.support.kitchen.household import Household, StoppedClock
from yaguts.services.runtime.lived_through import KEPT_EVERY_S, LivedThrough
from yaguts.storage import lived_through


def stored(home: Household) -> datetime | None:
    with home.site.database.read() as connection:
        return lived_through.read(connection)


def until(home: Household, lived: LivedThrough) -> datetime:
    with home.site.database.write() as connection:
        return lived.until(connection, home.clock())


@pytest.fixture
def clock(home: Household) -> StoppedClock:
    return home.clock


@pytest.fixture
def lived(home: Household) -> LivedThrough:
    return home.site.lived


def test_it_begins_with_the_first_server(
    home: Household, clock: StoppedClock, lived: LivedThrough
) -> None:
    assert stored(home) is None
    assert until(home, lived) == clock() == stored(home)


def test_it_is_stored_once_an_hour(
    home: Household, clock: StoppedClock, lived: LivedThrough
) -> None:
    first = clock()
    lived.keep(home.site.database, first)
    clock.passes(seconds=KEPT_EVERY_S - 1)
    lived.keep(home.site.database, clock())
    assert stored(home) == first

    clock.passes(seconds=1)
    lived.keep(home.site.database, clock())
    assert stored(home) == clock()


def test_asked_often_it_goes_on_all_the_same(
    home: Household, clock: StoppedClock, lived: LivedThrough
) -> None:
    until(home, lived)
    for _ in range(30):
        clock.passes(seconds=0.3)
        until(home, lived)

    assert stored(home) == clock()


def test_a_clock_ahead_does_not_move_it_and_a_clock_behind_counts(
    home: Household, clock: StoppedClock, lived: LivedThrough
) -> None:
    right = until(home, lived)
    clock.jumps(days=730)
    assert until(home, lived) == right

    clock.jumps(days=-731)
    assert until(home, lived) == clock()
    assert stored(home) == right


def test_another_process_goes_on_from_there(
    home: Household, clock: StoppedClock, lived: LivedThrough
) -> None:
    right = until(home, lived)
    clock.jumps(days=730)

    other = LivedThrough(clock.monotonic)
    assert until(home, other) == right
    clock.passes(hours=1)
    assert (until(home, other) - right).total_seconds() == 2 * 3600


def test_a_site_without_a_monotonic_clock_removes_nothing_new(
    home: Household, clock: StoppedClock
) -> None:
    brief = LivedThrough()
    right = until(home, brief)
    clock.passes(days=1)
    assert until(home, brief) == right
