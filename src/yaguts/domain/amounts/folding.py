"""A text without case, accents and kinds of space, and where each letter of it came from."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from yaguts.domain.recipe import search_key

_MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Folded:
    """`origins` has the place in the text of each character of `folded`."""

    text: str
    folded: str
    origins: tuple[int, ...]

    def after(self, place: int) -> str:
        """What the text says from this place of the folded one on."""
        return self.text[self.origins[place] :].strip() if place < len(self.folded) else ""


@lru_cache(maxsize=16)
def fold(text: str) -> Folded:
    """Fold the text. A fraction such as ½ stands there as 1/2, apart from what is before it.

    The parts of a line are folded several times, one after the other.
    """
    pairs = [(char, place) for place, one in enumerate(text) for char in _fold_character(one)]
    return Folded(text, "".join(char for char, _ in pairs), tuple(place for _, place in pairs))


def has_odd_digits(text: str) -> bool:
    """Whether it has digits that mean something else, such as ² and ①."""
    return any(one.isdigit() and not one.isdecimal() for one in text)


@lru_cache(maxsize=1024)
def _fold_character(one: str) -> str:
    if one.isspace():
        return " "
    if unicodedata.category(one) == "Pd" or one == _MINUS:
        return "-"  # It counts here: it stands between two amounts.
    if unicodedata.decomposition(one).startswith("<fraction>"):
        return f" {unicodedata.normalize('NFKD', one).replace(chr(0x2044), '/')} "
    return search_key(one).replace(chr(0x2044), "/")
