"""Spoons that a cook weighed: the kitchen's own densities."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from yaguts.domain.amounts.measures import MILLILITRES, Amount, Unit
from yaguts.domain.recipe import same_spice
from yaguts.domain.units import Milligrams

WEIGHED_UNITS = (Unit.TEASPOON, Unit.TABLESPOON, Unit.CUP)


@dataclass(frozen=True, slots=True)
class WeighedSpoon:
    """What one level spoon, or cup, of a spice weighed. `at`: None until it is stored."""

    spice: str
    unit: Unit
    weight: Milligrams
    at: datetime | None = None

    @property
    def grams_per_ml(self) -> Fraction:
        """The density of the spice."""
        return Fraction(self.weight, 1000) / MILLILITRES[self.unit]

    @property
    def amount(self) -> Amount:
        """One of the unit."""
        return Amount(Fraction(1), self.unit)


def weighed_spoon(spice: str, spoons: Iterable[WeighedSpoon]) -> WeighedSpoon | None:
    """The spoon of this spice that was weighed, or None."""
    return next((spoon for spoon in spoons if same_spice(spoon.spice, spice)), None)
