"""Whole numbers of small units, so that sums are exact. Grams and seconds exist only at the
border.
"""

from decimal import Decimal
from fractions import Fraction
from math import floor, isfinite
from typing import NewType

Milligrams = NewType("Milligrams", int)
Milliseconds = NewType("Milliseconds", int)
MicrogramsPerSecond = NewType("MicrogramsPerSecond", int)

NOTHING = Milligrams(0)
_HALF = Decimal("0.5")


def nearest(value: Fraction) -> int:
    """The nearest whole number, halves rounded up (`round()` would send 0.5 and 1.5 both away)."""
    return int((2 * value + 1) // 2)


def nearest_ratio(numerator: int, denominator: int) -> int:
    """The same of two whole numbers, the second positive. A `Fraction` takes ten times as long."""
    return (2 * numerator + denominator) // (2 * denominator)


def milligrams(grams: float) -> Milligrams:
    """Grams as people and dispensers write them, to the nearest milligram."""
    return Milligrams(_nearest_step(grams, 1000))


def milliseconds(seconds: float) -> Milliseconds:
    """Seconds as people write them, to the nearest millisecond."""
    return Milliseconds(_nearest_step(seconds, 1000))


def micrograms_per_second(grams_per_second: float) -> MicrogramsPerSecond:
    """A jar's rate as people write it, to the nearest microgram per second."""
    return MicrogramsPerSecond(_nearest_step(grams_per_second, 1_000_000))


def _nearest_step(value: float, steps: int) -> int:
    """So many steps, halves up, of a number as it is written: 0.0005 is a half, not a little more.

    Raises `ValueError` when it is not finite.
    """
    if not isfinite(value):
        raise ValueError(value)
    return floor(Decimal(str(value)) * steps + _HALF)
