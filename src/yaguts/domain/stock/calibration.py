"""How fast a jar pours, from runs onto a kitchen scale: all in whole numbers.

Least squares through the origin: a dispenser computes seconds as grams ÷ rate, so an offset that a
better line might have could never be said to it. Longer runs count for more, as they should: the
scale's own error is a smaller part of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds, nearest

ENOUGH = 3
"""So many runs make a calibration."""
LENGTHS = (Milliseconds(2_000), Milliseconds(4_000), Milliseconds(6_000))
"""What is proposed for them. Different lengths show whether time and weight go together."""
SLOWEST = MicrogramsPerSecond(1_000)
FASTEST = MicrogramsPerSecond(100_000_000)
_EVEN, _FAIR = 50, 120


class Evenness(StrEnum):
    """How far a dose may be from what was asked, in three words."""

    EVEN = "even"
    FAIR = "fair"
    UNEVEN = "uneven"


@dataclass(frozen=True, slots=True)
class Run:
    """A jar was open for so long, and so much fell."""

    duration: Milliseconds
    weight: Milligrams


@dataclass(frozen=True, slots=True)
class Fit:
    """The rate that the runs agree on best.

    `spread`: how far the run that differs most is from it, in thousandths of what it should have
    given, rounded up. `outlier`: the place of that run among them, from 0.
    """

    rate: MicrogramsPerSecond
    spread: int
    outlier: int

    @property
    def evenness(self) -> Evenness:
        """What the spread means to a cook."""
        if self.spread <= _EVEN:
            return Evenness.EVEN
        return Evenness.FAIR if self.spread <= _FAIR else Evenness.UNEVEN


def fit(runs: Sequence[Run]) -> Fit | None:
    """The rate of the jar, or None when nothing fell to speak of, or more than a jar can give."""
    squares = sum(run.duration * run.duration for run in runs)
    products = sum(run.duration * run.weight for run in runs)
    rate = MicrogramsPerSecond(nearest(Fraction(products * 1_000_000, squares or 1)))
    if not SLOWEST <= rate <= FASTEST:
        return None
    off = [_off(run, rate) for run in runs]
    return Fit(rate, max(off), off.index(max(off)))


def rate_of(run: Run) -> MicrogramsPerSecond:
    """What one run says by itself."""
    return MicrogramsPerSecond(nearest(Fraction(run.weight * 1_000_000, run.duration)))


def next_length(runs: int) -> Milliseconds:
    """How long to let it fall after so many runs."""
    return LENGTHS[runs % len(LENGTHS)]


def _off(run: Run, rate: MicrogramsPerSecond) -> int:
    expected = rate * run.duration
    return -(-1000 * abs(run.weight * 1_000_000 - expected) // expected)
