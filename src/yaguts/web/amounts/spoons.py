"""What spoons of a spice weigh, as pages show it."""

from fractions import Fraction

from yaguts.domain.amounts.measures import Amount
from yaguts.domain.amounts.spoons import WEIGHED_UNITS, WeighedSpoon
from yaguts.domain.amounts.weight import weight_of
from yaguts.domain.units import Milligrams, nearest
from yaguts.translations import Language
from yaguts.web.amounts.measures import amount_text


def known_spoons(
    spice: str, own: WeighedSpoon | None, language: Language
) -> list[tuple[str, Milligrams]]:
    """Each spoon in words, and what it weighs: the kitchen's own weighing, or else the table."""
    found: list[tuple[str, Milligrams]] = []
    for unit in WEIGHED_UNITS:
        amount = Amount(Fraction(1), unit)
        weight = weight_of(amount, spice, () if own is None else (own,))
        if weight is not None:
            grams = Milligrams(nearest(weight.grams * 1000))
            found.append((amount_text(amount, language), grams))
    return found
