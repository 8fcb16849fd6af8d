"""How full a jar is and how long that will last."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from yaguts.domain.recipe import Jar
from yaguts.domain.stock.levels import Level, Usage, level
from yaguts.domain.units import Milligrams as Mg

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def used(*, fell_g: int, days: float, most_g: int = 100) -> Usage:
    return Usage(Mg(most_g * 1000), Mg(fell_g * 1000), NOW - timedelta(days=days))


def salt(stock_g: int | None, held_g: int = 0) -> Jar:
    stock = None if stock_g is None else Mg(stock_g * 1000)
    return Jar(1, label="Sal", stock=stock, held=Mg(held_g * 1000))


def test_full_is_the_most_that_was_ever_in_it() -> None:
    assert level(salt(40), used(fell_g=0, days=1), NOW).percent == 40
    assert level(salt(120), used(fell_g=0, days=1), NOW).percent == 100
    assert level(salt(7), None, NOW).percent == 100
    assert level(salt(0), None, NOW).percent == 0


def test_full_is_the_capacity_where_it_is_known() -> None:
    def percent(stock_g: int) -> int | None:
        jar = replace(salt(stock_g), capacity=Mg(200_000))
        return level(jar, used(fell_g=0, days=1), NOW).percent

    assert [percent(stock) for stock in (0, 1, 100, 200, 300)] == [0, 1, 50, 100, 100]
    assert level(replace(salt(None), capacity=Mg(200_000)), None, NOW).percent is None


def test_what_nobody_knows_has_no_level() -> None:
    assert level(salt(None), used(fell_g=50, days=20), NOW) == Level(salt(None))


def test_it_lasts_as_long_as_it_did_so_far() -> None:
    assert level(salt(60), used(fell_g=30, days=90), NOW).days_left == 60
    assert level(salt(60, held_g=30), used(fell_g=30, days=90), NOW).days_left == 30
    assert level(salt(60), used(fell_g=20, days=10), NOW).days_left == 30


def test_a_new_jar_says_little() -> None:
    assert level(salt(90), used(fell_g=10, days=0), NOW).days_left == 63
    assert level(salt(90), used(fell_g=0, days=0), NOW).days_left is None
    assert level(salt(90), used(fell_g=1, days=30), NOW).days_left is None


def test_low_is_little_of_a_full_jar_or_few_days() -> None:
    assert level(salt(15), used(fell_g=0, days=1), NOW).low
    assert not level(salt(16), used(fell_g=0, days=1), NOW).low
    assert level(salt(40), used(fell_g=95, days=7), NOW).low
    assert not Level(Jar(1), percent=0).low
    assert not level(salt(None), None, NOW).low


def test_the_forecast_goes_as_far_as_ninety_nine_days() -> None:
    assert level(salt(99), used(fell_g=30, days=30), NOW).days_left == 99
    assert level(salt(100), used(fell_g=30, days=30), NOW).days_left is None
    assert level(salt(99_999), used(fell_g=1, days=30), NOW).days_left is None


def test_few_days_are_three() -> None:
    assert level(salt(50), used(fell_g=100, days=7), NOW).days_left == 3
    assert level(salt(50), used(fell_g=100, days=7), NOW).low
    assert not Level(salt(50), percent=50, days_left=4).low


def test_less_than_nothing_in_a_jar_is_nothing() -> None:
    assert level(salt(-1), used(fell_g=1, days=1, most_g=0), NOW).percent == 0
    assert level(salt(-1), used(fell_g=1, days=1), NOW).percent == 0
    assert level(salt(1), used(fell_g=0, days=1, most_g=1000), NOW).percent == 1


def test_a_milligram_can_fill_a_jar() -> None:
    assert level(Jar(1, stock=Mg(1)), None, NOW).percent == 100
    assert level(Jar(1, stock=Mg(1)), Usage(Mg(0), Mg(0), NOW), NOW).percent == 100
