"""Grams and seconds as people write them become whole numbers, halves upwards."""

from fractions import Fraction

import pytest

from yaguts.domain.units import (
    NOTHING,
    micrograms_per_second,
    milligrams,
    milliseconds,
    nearest,
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
