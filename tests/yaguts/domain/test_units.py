"""Grams and seconds as people write them become whole numbers, halves upwards."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaguts.domain.units import (
    NOTHING,
    micrograms_per_second,
    milligrams,
    milliseconds,
    nearest,
    nearest_ratio,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0),
        ("0.4999", 0),
        ("0.5", 1),
        ("1.5", 2),
        ("2.5", 3),
        ("-0.5", 0),
        ("-0.75", -1),
        ("-1.5", -1),
    ],
)
def test_a_half_is_rounded_up(value: str, expected: int) -> None:
    assert nearest(Fraction(value)) == expected


def test_each_unit_is_the_thousandth_or_millionth_of_what_people_write() -> None:
    assert (milligrams(4.5), milligrams(0.0005), milligrams(0.29)) == (4500, 1, 290)
    assert (milliseconds(1.5), milliseconds(0.0004), milliseconds(180)) == (1500, 0, 180_000)
    assert micrograms_per_second(0.8) == 800_000
    assert NOTHING == 0


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_a_ratio_is_rounded_as_a_fraction(numerator: int, denominator: int) -> None:
    assert nearest_ratio(numerator, denominator) == nearest(Fraction(numerator, denominator))


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9))
def test_a_number_is_rounded_as_it_is_written(number: float) -> None:
    assert milligrams(number) == nearest(Fraction(str(number)) * 1000)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_no_weight(number: float) -> None:
    with pytest.raises(ValueError):
        milligrams(number)
