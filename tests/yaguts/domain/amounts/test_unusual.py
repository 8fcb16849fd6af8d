"""What is asked back, and what is not."""

from fractions import Fraction

import pytest

from yaguts.domain.amounts import unusual
from yaguts.domain.amounts.densities import density_of
from yaguts.domain.amounts.measures import Unit
from yaguts.domain.units import MicrogramsPerSecond as Rate
from yaguts.domain.units import Milligrams as Mg


def test_ten_times_what_there_was_is_far() -> None:
    assert not unusual.is_unusual_refill(Mg(500), [Mg(50)])
    assert unusual.is_unusual_refill(Mg(501), [Mg(50), Mg(20)])
    assert not unusual.is_unusual_refill(Mg(2_000_000), [])
    assert unusual.is_unusual_dose(Mg(50_001), [])
    assert not unusual.is_unusual_dose(Mg(60_000), [Mg(6_000)])
    assert unusual.is_unusual_share(Mg(201_000), 4, ())
    assert not unusual.is_unusual_share(Mg(201_000), 4, (Fraction(6_000),))


@pytest.mark.parametrize(
    ("weighed", "booked", "is_far"),
    [(1000, 100, False), (1001, 100, True), (300_000, 0, False), (300_000, -5, False),
     (300_000, None, False), (2_000_001, None, True)],
)  # fmt: skip
def test_a_weighing_is_compared_with_the_ledger(
    weighed: int, booked: int | None, is_far: bool
) -> None:
    known = None if booked is None else Mg(booked)

    assert unusual.is_unusual_level(Mg(weighed), known) is is_far


def test_rates_and_runs_may_be_too_large_and_too_small() -> None:
    assert unusual.is_unusual_rate(Rate(11), Rate(1))
    assert unusual.is_unusual_rate(Rate(1), Rate(11))
    assert not unusual.is_unusual_rate(Rate(10), Rate(1))
    assert not unusual.is_unusual_rate(Rate(99), None)
    assert unusual.is_unusual_fall(Mg(0), Mg(4000))
    assert not unusual.is_unusual_fall(Mg(3000), Mg(4000))
    assert not unusual.is_unusual_fall(Mg(3000), None)


def test_a_spoon_is_compared_with_the_table_or_with_any_spice() -> None:
    assert unusual.usual_spoon(Unit.TEASPOON, density_of("Sal")) == (2000, 18_000)
    assert unusual.usual_spoon(Unit.TABLESPOON, None) == (750, 30_000)
