"""Recipes, and the jars that may hold what they ask for."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from yaguts.domain.ids import NO_KITCHEN, KitchenId
from yaguts.domain.units import NOTHING, MicrogramsPerSecond, Milligrams

_PART_OF_A_LETTER = (0, 7, 8, 9)
"""The classes of marks without which it is another letter, as in Japanese and in Hindi."""
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Variation selectors and fillers, which Unicode counts as letters or marks. Others are `Cf`."""


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A quantity of a spice. In a recipe it is for all portions together.

    `written` is the volume that the cook wrote, such as "2 colheres"; None for grams.
    """

    spice: str
    quantity: Milligrams
    id: int = 0
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a cook wrote down; `id` and `kitchen_id` are 0 until it is stored.

    `hand_lines`: what the cook adds by hand whatever is in the jars, as it was written.
    """

    name: str
    portions: int
    ingredients: tuple[Ingredient, ...]
    id: int = 0
    kitchen_id: KitchenId = NO_KITCHEN
    hand_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar of a dispenser.

    `stock` is what is in the jar, `held` the part promised to jobs that are not reported. `rate` is
    None until the jar is calibrated, `stock` None while it is unknown. `in_reach`: the board of the
    dispenser has so many jars, as far as that is known. `capacity`: how much of its spice fits in.
    """

    number: int
    label: str | None = None
    rate: MicrogramsPerSecond | None = None
    stock: Milligrams | None = None
    held: Milligrams = Milligrams(0)
    updated_at: datetime | None = None
    in_reach: bool = True
    capacity: Milligrams | None = None

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
    """What looks the same in a kitchen is the same spice: see `search_key`."""
    return search_key(one) == search_key(other)


@lru_cache(maxsize=4096)
def search_key(text: str) -> str:
    """What is compared of two names: neither case, accents, hyphens, kinds of space nor invisible
    characters count, so that `oregano` finds `Orégano`.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    letters = unicodedata.normalize("NFKD", folded)
    return " ".join("".join(map(_without_hyphen, filter(_counts, letters))).split())


def _without_hyphen(character: str) -> str:
    return " " if unicodedata.category(character) == "Pd" else character


def _counts(character: str) -> bool:
    if unicodedata.combining(character) not in _PART_OF_A_LETTER:
        return False
    invisible = unicodedata.category(character) == "Cf" or _UNSEEN.match(character)
    return not invisible
