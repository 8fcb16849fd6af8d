"""A recipe as a file has it, before anybody has looked at it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import unescape
from typing import Any, cast

FileJson = dict[str, Any]

LONGEST_LINE = 200
MOST_LINES = 100
"""Of a recipe. What a file has beyond is left."""
_MARK = {"pt_BR": ",", "en": "."}
_FIRST_NUMBER = re.compile(r"\d{1,4}")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line as it was written. Our own files say spice and grams apart, and need no reading; and
    which lines a hand adds.
    """

    text: str
    spice: str = ""
    grams: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class FoundRecipe:
    """`portions` is a text, since a file may have anything there."""

    name: str
    portions: str
    lines: tuple[FoundLine, ...]


def items_of(value: Any) -> list[Any]:
    """The items of a list. Anything else has none."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def object_of(value: Any) -> FileJson:
    """What an object of JSON says. Anything else says nothing."""
    return cast("FileJson", value) if isinstance(value, dict) else {}


def text_of(value: Any, *, marked: bool = True) -> str:
    """What a file has, as a text of one line. `marked`: it may have tags and entities of HTML."""
    if isinstance(value, dict):
        found = object_of(value)
        value = found.get("name") or found.get("text") or ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = unescape(_TAG.sub(" ", str(value))) if marked else str(value)
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def first_number(value: Any) -> str:
    """The first number in what a file says of the portions, such as "4 servings"."""
    if isinstance(value, list):
        numbers: list[str] = [first_number(each) for each in items_of(value)]
        return next((each for each in numbers if each), "")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = _FIRST_NUMBER.search(text_of(value))
    return found[0] if found else ""


def lines_of(values: Any, *, marked: bool = True) -> tuple[FoundLine, ...]:
    """Lines from texts. Empty ones are left."""
    texts = (text_of(value, marked=marked) for value in items_of(values)[:MOST_LINES])
    return tuple(FoundLine(text[:LONGEST_LINE]) for text in texts if text)


def too_long(lines: Sequence[str]) -> bool:
    """Whether they are more, or longer, than a recipe has."""
    return len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines)


def composed(quantity: Any, unit: Any, food: Any, language: str) -> str:
    """A line from its parts: "1/3", "cup", "sugar". Without a quantity, the food alone."""
    number = _written(quantity, language)
    parts = (number, text_of(unit) if number else "", text_of(food))
    return " ".join(part for part in parts if part)


def decimal(value: Any, language: str) -> str:
    """A number of a file, as it stands there, with the decimal mark of the language."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return text_of(value).replace(".", _MARK[language])[:40] if plain else ""


def _written(quantity: Any, language: str) -> str:
    """The quantity as a cook of this language writes it."""
    if isinstance(quantity, bool) or not isinstance(quantity, int | float):
        return ""
    quantity = round(quantity, 6)
    if not 0 < quantity <= 1e6:
        return ""
    whole, rest = divmod(Fraction(quantity), 1)
    if rest == 0:
        return str(whole)
    simple = rest.limit_denominator(16)
    if simple.denominator in (2, 3, 4, 6, 8) and abs(simple - rest) < Fraction(1, 2000):
        return f"{whole or ''} {simple}".strip()
    return f"{quantity:.6f}".rstrip("0").replace(".", _MARK[language])
