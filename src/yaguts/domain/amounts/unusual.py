"""What is far from what a jar or a dish has had before. It is asked back, and never refused."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from yaguts.domain.amounts.densities import Density
from yaguts.domain.amounts.measures import MILLILITRES, Unit
from yaguts.domain.units import MicrogramsPerSecond, Milligrams, nearest

FAR = 10
"""So many times the most that there was before is far from it."""
_FIRST_REFILL = Milligrams(200_000)
_FIRST_SHARE = Fraction(5_000)
_FIRST_DOSE = Milligrams(5_000)
_SPOON_FAR = 3
_LIGHTEST, _HEAVIEST = Fraction(1, 20), Fraction(2)
"""Grams of a millilitre of any spice."""


class Range(NamedTuple):
    """From the least to the most."""

    least: Milligrams
    most: Milligrams


def is_unusual_refill(poured: Milligrams, before: Iterable[Milligrams]) -> bool:
    """Whether no refill of the jar was near this one."""
    return poured > FAR * max(before, default=_FIRST_REFILL)


def is_unusual_dose(dose: Milligrams, before: Iterable[Milligrams]) -> bool:
    """Whether no dose of the jar was near this one."""
    return dose > FAR * max(before, default=_FIRST_DOSE)


def is_unusual_level(weighed: Milligrams, booked: Milligrams | None) -> bool:
    """Whether a scale found far more in the jar than the ledger has. `booked`: None is unknown."""
    return weighed > FAR * (booked if booked is not None and booked > 0 else _FIRST_REFILL)


def is_unusual_rate(rate: MicrogramsPerSecond, before: MicrogramsPerSecond | None) -> bool:
    """Whether the rate is far from the jar's rate before, up or down."""
    return before is not None and (rate > FAR * before or before > FAR * rate)


def is_unusual_fall(fell: Milligrams, expected: Milligrams | None) -> bool:
    """Whether a scale says far more, or far less, than should have fallen by the rate."""
    return expected is not None and (fell > FAR * expected or expected > FAR * fell)


def is_unusual_share(quantity: Milligrams, portions: int, before: Iterable[Fraction]) -> bool:
    """Whether no dish had near so much of the spice a person. `before`: milligrams a person."""
    return Fraction(quantity, portions) > FAR * max(before, default=_FIRST_SHARE)


def usual_spoon(unit: Unit, density: Density | None) -> Range:
    """What a level spoon may weigh of a spice with this density, or of any spice."""
    least, most = _LIGHTEST, _HEAVIEST
    if density is not None:
        least, most = density.grams_per_ml / _SPOON_FAR, density.grams_per_ml * _SPOON_FAR
    millilitres = MILLILITRES[unit]
    return Range(
        Milligrams(nearest(least * millilitres * 1000)),
        Milligrams(nearest(most * millilitres * 1000)),
    )
