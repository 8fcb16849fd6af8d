"""The newest of each day, week and month stays; a clock that is wrong removes nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from yaguts.domain.retention import Retention, is_due, last, to_keep

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def daily(how_many: int, until: datetime = NOW) -> list[datetime]:
    return [until - number * DAY for number in range(how_many)]


def lived(days: int, retention: Retention) -> set[datetime]:
    """What is kept after so many days with a backup on each."""
    kept: set[datetime] = set()
    for now in sorted(daily(days)):
        kept = to_keep({*kept, now}, retention, now)
    return kept


def test_seven_days_four_weeks_and_six_months_are_kept_after_a_year() -> None:
    kept = sorted(lived(366, Retention()), reverse=True)

    assert kept[:7] == daily(7)
    assert len({moment.isocalendar()[:2] for moment in kept}) >= 4
    assert len({(moment.year, moment.month) for moment in kept}) == 6
    assert len(kept) <= 7 + 4 + 6
    assert NOW - kept[-1] > timedelta(days=150)


def test_the_newest_of_a_day_stands_for_it() -> None:
    hours = [NOW - timedelta(hours=number) for number in range(8)]
    assert to_keep(hours, Retention(1, 0, 0), NOW) == {NOW}


def test_days_without_a_backup_do_not_count() -> None:
    long_ago = daily(7, NOW - 400 * DAY)
    assert to_keep([*long_ago, NOW], Retention(7, 0, 0), NOW) == {NOW, *long_ago[:6]}


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(days=3000)])
def test_backups_from_the_future_take_no_place(ahead: timedelta) -> None:
    future, past = daily(9, NOW + 9 * DAY + ahead)[:9], daily(9)

    kept = to_keep([*future, *past], Retention(7, 0, 0), NOW)

    assert set(past[:7]) <= kept
    assert kept - set(past) == set(future[:7])


def test_a_backup_is_due_after_its_time() -> None:
    assert is_due(last([], NOW), DAY, NOW)
    assert not is_due(last([NOW - DAY / 2, NOW - 5 * DAY], NOW), DAY, NOW)
    assert is_due(last([NOW - DAY], NOW), DAY, NOW)


def test_a_backup_from_the_future_is_none_of_today() -> None:
    assert last([NOW + DAY, NOW - 2 * DAY], NOW) == NOW - 2 * DAY
    assert is_due(last([NOW + DAY], NOW), DAY, NOW)
    assert not is_due(last([NOW + timedelta(minutes=4)], NOW), DAY, NOW)
