"""The smallest sensible dose of a jar: what it pours in one slice of the board's.

A board pours slice by slice, and after a power cut it cannot tell less than a slice apart.
"""

from fractions import Fraction

from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds

SLICE = Milliseconds(500)
SHORTEST_SLICE = Milliseconds(100)
SLICE_WORTH = Milligrams(500)
"""The firmware's: a slice is shorter where so much falls sooner."""


def slice_of(rate: MicrogramsPerSecond) -> Milliseconds:
    """How long the slices of a jar with this rate are."""
    soonest = SLICE_WORTH * 1_000_000 // rate
    return min(SLICE, max(SHORTEST_SLICE, Milliseconds(soonest)))


def smallest_dose(rate: MicrogramsPerSecond) -> Milligrams:
    """The smallest sensible dose of a jar with this rate, rounded up to a milligram."""
    return Milligrams(-(-Fraction(rate * slice_of(rate), 1_000_000) // 1))


def is_below_smallest(dose: Milligrams, rate: MicrogramsPerSecond) -> bool:
    """Whether a dose of this jar is less than sensible."""
    return dose < smallest_dose(rate)
