"""Who adds a line: the machine, or a hand; or nobody knows before the cook has said more."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from yaguts.domain.amounts.densities import density_of
from yaguts.domain.amounts.measures import Amount, NotAnAmount, Unit
from yaguts.domain.amounts.spoons import WeighedSpoon, weighed_spoon
from yaguts.domain.ingredients.line import IngredientLine
from yaguts.domain.recipe import search_key
from yaguts.domain.units import Milligrams

STEP_MG, MOST_MG = 1, 500_000
"""What a recipe may ask for of a spice."""
_FORMS = frozenset("ground dried powder powdered moido moida em po seco seca secos secas".split())


class Adds(StrEnum):
    """Who adds it. `ASKED`: a spice of which nobody knows how much."""

    MACHINE = "machine"
    HAND = "hand"
    ASKED = "asked"


class Why(StrEnum):
    """Why a spice is asked back."""

    UNSURE = "unsure"
    NO_AMOUNT = "no_amount"
    DENSITY = "density"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class SortedLine:
    """A line with the spice that it asks for. `grams` is None unless the machine adds it."""

    text: str
    adds: Adds
    spice: str
    quantity: Milligrams | None = None
    why: Why | None = None


def sort_line(
    line: IngredientLine, catalogue: Iterable[str], weighed: Collection[WeighedSpoon] = ()
) -> SortedLine:
    """Decide who adds the line. `catalogue`: the spices of the kitchen. `weighed`: its spoons."""
    spice = _spice(line.food, catalogue)
    reading = line.reading
    counted = isinstance(reading, Amount) and reading.unit is Unit.PIECE
    if spice is None or counted:
        return SortedLine(line.text, Adds.HAND, line.food)
    if isinstance(reading, NotAnAmount):
        return SortedLine(line.text, Adds.ASKED, spice, why=Why.NO_AMOUNT)
    if not isinstance(reading, Amount) or reading.most is not None:
        return SortedLine(line.text, Adds.ASKED, spice, why=Why.UNSURE)
    return _measured(line, reading, spice, weighed)


def _measured(
    line: IngredientLine, amount: Amount, spice: str, weighed: Collection[WeighedSpoon]
) -> SortedLine:
    grams = _grams(line, amount, spice, weighed)
    if grams is None:
        return SortedLine(line.text, Adds.ASKED, spice, why=Why.DENSITY)
    steps = round(grams * 1000 / STEP_MG)
    if steps < 1 or steps * STEP_MG > MOST_MG:
        why = Why.TOO_LITTLE if steps < 1 else Why.TOO_MUCH
        return SortedLine(line.text, Adds.ASKED, spice, why=why)
    return SortedLine(line.text, Adds.MACHINE, spice, Milligrams(steps * STEP_MG))


def _grams(
    line: IngredientLine, amount: Amount, spice: str, weighed: Collection[WeighedSpoon]
) -> Fraction | None:
    """The weight, or None where only a volume was written and the spice's density is not sure."""
    if amount.grams is not None:
        return amount.grams
    if line.weight is not None:
        return line.weight.grams
    own = weighed_spoon(line.food, weighed) or weighed_spoon(spice, weighed)
    if own is not None and amount.millilitres is not None:
        return amount.millilitres * own.grams_per_ml
    density = density_of(line.food) or density_of(spice)
    if amount.millilitres is None or density is None or not density.verified:
        return None
    return amount.millilitres * density.grams_per_ml


def _spice(food: str, catalogue: Iterable[str]) -> str | None:
    """The spice of the catalogue that a food is, or the food where it is a known spice."""
    listed, plain = _listed(tuple(catalogue))
    found = listed.get(_key(food)) or plain.get(_plain(food))
    return found or (food if density_of(food) else None)


@lru_cache(maxsize=16)
def _listed(catalogue: tuple[str, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The spices by their keys, and by their plain keys. Many lines are sorted with one list."""
    listed = {_key(spice): spice for spice in catalogue}
    return listed, {_plain(spice): spice for spice in listed.values()}


def _plain(food: str) -> str:
    """The key of a food without the form in which it comes: "ground cumin" is cumin."""
    words = [word for word in _key(food).split() if word not in _FORMS]
    return " ".join(words) or _key(food)


def _key(food: str) -> str:
    return " ".join(search_key(food).replace("-", " ").split())
