"""What an amount is: a quantity of a unit."""

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction


class Unit(StrEnum):
    """What is counted. `NONE`: nothing was said, as in "2" or "2 bay leaves"."""

    NONE = "none"
    PIECE = "piece"
    MILLIGRAM = "milligram"
    GRAM = "gram"
    KILOGRAM = "kilogram"
    OUNCE = "ounce"
    POUND = "pound"
    MILLILITRE = "millilitre"
    PINCH = "pinch"
    DASH = "dash"
    COFFEE_SPOON = "coffee_spoon"
    TEASPOON = "teaspoon"
    DESSERT_SPOON = "dessert_spoon"
    TABLESPOON = "tablespoon"
    FLUID_OUNCE = "fluid_ounce"
    COFFEE_CUP = "coffee_cup"
    CUP = "cup"
    GLASS = "glass"
    HANDFUL = "handful"


GRAMS = {
    Unit.MILLIGRAM: Fraction(1, 1000),
    Unit.GRAM: Fraction(1),
    Unit.KILOGRAM: Fraction(1000),
    Unit.OUNCE: Fraction(28_349_523_125, 10**9),
    Unit.POUND: Fraction(45_359_237, 10**5),
}
"""The units of weight."""
MILLILITRES = {
    Unit.MILLILITRE: Fraction(1),
    Unit.PINCH: Fraction(5, 16),
    Unit.DASH: Fraction(5, 8),
    Unit.COFFEE_SPOON: Fraction(5, 2),
    Unit.TEASPOON: Fraction(5),
    Unit.DESSERT_SPOON: Fraction(10),
    Unit.TABLESPOON: Fraction(15),
    Unit.FLUID_OUNCE: Fraction(295_735, 10_000),
    Unit.COFFEE_CUP: Fraction(50),
    Unit.CUP: Fraction(240),
}
"""The units of volume. Nobody knows how much a glass or a hand holds."""
SMALLER = {
    Unit.KILOGRAM: {Unit.GRAM},
    Unit.POUND: {Unit.OUNCE},
    Unit.CUP: {Unit.TABLESPOON, Unit.TEASPOON},
    Unit.TABLESPOON: {Unit.TEASPOON},
}
"""What adds to a unit where it stands behind it, as in "1 lb 2 oz"."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of a unit. `most` is the upper end of a range such as "2 to 3"."""

    quantity: Fraction
    unit: Unit
    most: Fraction | None = None

    @property
    def grams(self) -> Fraction | None:
        """The weight, or None when no weight was written."""
        weight = GRAMS.get(self.unit)
        return None if weight is None else self.quantity * weight

    @property
    def millilitres(self) -> Fraction | None:
        """The volume, or None when no volume was written, or none that is known."""
        volume = MILLILITRES.get(self.unit)
        return None if volume is None else self.quantity * volume

    def times(self, factor: Fraction) -> "Amount":
        """So many times the amount."""
        most = None if self.most is None else self.most * factor
        return replace(self, quantity=self.quantity * factor, most=most)


@dataclass(frozen=True, slots=True)
class Unsure:
    """A text with several readings. The writer is asked which of them is meant."""

    readings: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class NotAnAmount:
    """A text that says no amount."""


Reading = Amount | Unsure | NotAnAmount
