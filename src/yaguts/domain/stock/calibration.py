"""The rate of a jar from runs onto a kitchen scale, in whole numbers.

Least squares through the origin: a dispenser computes seconds as grams ÷ rate, so an offset could
not be used. Longer runs count for more, because the scale's own error is a smaller part of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds, nearest

ENOUGH = 3
"""A calibration takes this many runs."""
LENGTHS = (Milliseconds(2_000), Milliseconds(4_000), Milliseconds(6_000))
"""The proposed lengths. Different lengths show whether time and weight are proportional."""
SLOWEST = MicrogramsPerSecond(1_000)
FASTEST = MicrogramsPerSecond(100_000_000)
_EVEN, _FAIR = 50, 120


class Evenness(StrEnum):
    """How far a dose may be from what was ordered, in three words."""

    EVEN = "even"
    FAIR = "fair"
    UNEVEN = "uneven"


@dataclass(frozen=True, slots=True)
class Run:
    """The time a jar was open, and what fell."""

    duration: Milliseconds
    weight: Milligrams


@dataclass(frozen=True, slots=True)
class Fit:
    """The rate that fits the runs best.

    `spread`: how far the most different run is from it, in thousandths of what the run should have
    given, rounded up. `outlier`: the index of that run, from 0.
    """

    rate: MicrogramsPerSecond
    spread: int
    outlier: int

    @property
    def evenness(self) -> Evenness:
        """The spread in a word for the cook."""
        if self.spread <= _EVEN:
            return Evenness.EVEN
        return Evenness.FAIR if self.spread <= _FAIR else Evenness.UNEVEN


def fit(runs: Sequence[Run]) -> Fit | None:
    """The rate of the jar. None when too little fell, or more than a jar can give."""
    squares = sum(run.duration * run.duration for run in runs)
    products = sum(run.duration * run.weight for run in runs)
    rate = MicrogramsPerSecond(nearest(Fraction(products * 1_000_000, squares or 1)))
    if not SLOWEST <= rate <= FASTEST:
        return None
    off = [_off(run, rate) for run in runs]
    return Fit(rate, max(off), off.index(max(off)))


def rate_of(run: Run) -> MicrogramsPerSecond:
    """The rate of a single run."""
    return MicrogramsPerSecond(nearest(Fraction(run.weight * 1_000_000, run.duration)))


def fallen_in(duration: Milliseconds, rate: MicrogramsPerSecond) -> Milligrams:
    """What falls in this time at this rate."""
    return Milligrams(nearest(Fraction(rate * duration, 1_000_000)))


def next_length(runs: int) -> Milliseconds:
    """The proposed length of the next run after this many runs."""
    return LENGTHS[runs % len(LENGTHS)]


def _off(run: Run, rate: MicrogramsPerSecond) -> int:
    expected = rate * run.duration
    return -(-1000 * abs(run.weight * 1_000_000 - expected) // expected)
