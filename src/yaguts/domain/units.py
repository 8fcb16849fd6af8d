"""Whole numbers of small units, so that sums are exact. Grams and seconds exist only at the
border.
"""

from fractions import Fraction
from typing import NewType

Milligrams = NewType("Milligrams", int)
Milliseconds = NewType("Milliseconds", int)
MicrogramsPerSecond = NewType("MicrogramsPerSecond", int)

NOTHING = Milligrams(0)


def nearest(value: Fraction) -> int:
    """The nearest whole number, halves rounded up (`round()` would send 0.5 and 1.5 both away)."""
    return int((2 * value + 1) // 2)


def milligrams(grams: float) -> Milligrams:
    """Grams as people and dispensers write them, to the nearest milligram."""
    return Milligrams(nearest(Fraction(str(grams)) * 1000))


def milliseconds(seconds: float) -> Milliseconds:
    """Seconds as people write them, to the nearest millisecond."""
    return Milliseconds(nearest(Fraction(str(seconds)) * 1000))


def micrograms_per_second(grams_per_second: float) -> MicrogramsPerSecond:
    """A jar's rate as people write it, to the nearest microgram per second."""
    return MicrogramsPerSecond(nearest(Fraction(str(grams_per_second)) * 1_000_000))
