"""Recipes, and the jars that may hold what they ask for."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from yaguts.domain.ids import NO_KITCHEN, KitchenId
from yaguts.domain.units import NOTHING, MicrogramsPerSecond, Milligrams


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A quantity of a spice. In a recipe it is for all portions together."""

    spice: str
    quantity: Milligrams
    id: int = 0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a cook wrote down; `id` and `kitchen_id` are 0 until it is stored."""

    name: str
    portions: int
    ingredients: tuple[Ingredient, ...]
    id: int = 0
    kitchen_id: KitchenId = NO_KITCHEN


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar of a dispenser.

    `stock` is what is in the jar, `held` the part promised to jobs that are not reported. `rate` is
    None until the jar is calibrated, `stock` None while it is unknown. `in_reach`: the board of the
    dispenser has so many jars, as far as that is known.
    """

    number: int
    label: str | None = None
    rate: MicrogramsPerSecond | None = None
    stock: Milligrams | None = None
    held: Milligrams = Milligrams(0)
    updated_at: datetime | None = None
    in_reach: bool = True

    @property
    def available(self) -> Milligrams | None:
        """What can still be ordered, or None when it is unknown. A purge may hold more than there
        is.
        """
        return None if self.stock is None else max(Milligrams(self.stock - self.held), NOTHING)


@dataclass(frozen=True, slots=True)
class Motor:
    """How the vibration motor runs during a pour. The defaults are those of version 0.1."""

    intensity: int = 75
    pre_start_ms: int = 500
    post_stop_ms: int = 300
    max_runtime_s: int = 300


def same_spice(one: str, other: str) -> bool:
    """Names of spices are compared without regard to case or surrounding space."""
    return one.strip().casefold() == other.strip().casefold()


def search_key(text: str) -> str:
    """What a search compares: neither case nor accents count, so that `oregano` finds `Orégano`."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold().strip()
