"""What an amount of a spice weighs."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from yaguts.domain.amounts.densities import density_of
from yaguts.domain.amounts.measures import Amount, Unit
from yaguts.domain.amounts.spoons import WeighedSpoon


@dataclass(frozen=True, slots=True)
class SpiceWeight:
    """Grams. `sure`: they do not rest on a density that nobody has verified."""

    grams: Fraction
    sure: bool = True


def weight_of(
    amount: Amount, spice: str, weighed: Iterable[WeighedSpoon] = ()
) -> SpiceWeight | None:
    """The weight of an amount of the spice; None when nobody knows it. A bare number is grams.

    `weighed`: the spoons that were weighed in the kitchen.
    """
    grams = amount.quantity if amount.unit == Unit.NONE else amount.grams
    if grams is not None:
        return SpiceWeight(grams)
    volume, density = amount.millilitres, density_of(spice, weighed)
    if volume is None or density is None:
        return None
    return SpiceWeight(volume * density.grams_per_ml, density.verified)
