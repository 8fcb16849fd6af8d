"""What a stored time says to a clock that was wrong, or is."""

from datetime import timedelta

import pytest

from tests.support.builders import NOW
from yaguts.domain.clock import (
    FAR,
    PACE,
    SKEW,
    age,
    ahead,
    followed,
    lately,
    latest_begun,
    latest_seen,
    left,
)

INSTANT = timedelta(microseconds=1)
MINUTE, HOUR, YEARS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=730)


@pytest.mark.parametrize(
    ("ago", "counts"),
    [
        (HOUR, False),
        (HOUR - INSTANT, True),
        (timedelta(), True),
        (-SKEW, True),
        (-SKEW - INSTANT, False),
        (-YEARS, False),
    ],
)
def test_lately_is_a_while_back_and_never_in_the_future(ago: timedelta, counts: bool) -> None:
    assert (NOW - ago in lately(NOW, HOUR)) is counts


@pytest.mark.parametrize(
    ("to_come", "counts"),
    [
        (-YEARS, False),
        (timedelta(), False),
        (INSTANT, True),
        (HOUR, True),
        (HOUR + SKEW, True),
        (HOUR + SKEW + INSTANT, False),
        (YEARS, False),
    ],
)
def test_a_deadline_is_ahead_by_no_more_than_it_was_set_for(
    to_come: timedelta, counts: bool
) -> None:
    assert (NOW + to_come in ahead(NOW, HOUR)) is counts


def test_a_time_that_is_not_known_does_not_count() -> None:
    assert None not in lately(NOW, HOUR)
    assert None not in ahead(NOW, HOUR)


def test_how_long_ago_a_time_in_the_future_was_nobody_knows() -> None:
    assert age(NOW - HOUR, NOW) == HOUR
    assert age(NOW + SKEW, NOW) == timedelta()
    assert age(NOW + SKEW + INSTANT, NOW) is None


def test_nothing_is_left_of_a_deadline_that_is_over() -> None:
    assert left(NOW + HOUR, NOW) == HOUR
    assert left(NOW - HOUR, NOW) == timedelta()


def test_the_lived_through_time_follows_a_clock_ahead_only_as_time_passes() -> None:
    lived = followed(NOW, NOW + YEARS, MINUTE)

    assert lived == NOW + PACE * MINUTE
    assert followed(lived, NOW + HOUR, HOUR) == NOW + HOUR


def test_the_lived_through_time_waits_for_a_clock_behind() -> None:
    assert followed(NOW, NOW - YEARS, HOUR) == NOW


def test_the_lived_through_time_comes_up_with_the_clock_after_the_server_was_off() -> None:
    lived = NOW - HOUR
    for minute in range(60):
        assert lived < NOW + minute * MINUTE
        lived = followed(lived, NOW + (minute + 1) * MINUTE, MINUTE)

    assert lived == NOW + HOUR


def test_a_clock_that_jumps_while_no_time_passes_moves_nothing() -> None:
    assert followed(NOW, NOW + YEARS, timedelta()) == NOW


def test_a_clock_behind_does_not_make_what_has_begun_impossible() -> None:
    assert latest_begun(NOW - YEARS, NOW) == NOW + FAR
    assert latest_begun(NOW, NOW - YEARS) == NOW + FAR
    assert latest_seen(NOW) == NOW + SKEW
