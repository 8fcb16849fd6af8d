"""Found recipes as JSON: from the process that read them, and from a page back to the server."""

import json
from typing import Any

from yaguts.domain.recipe_files.found import (
    LONGEST_LINE,
    MOST_LINES,
    FoundLine,
    FoundRecipe,
    items_of,
    text_of,
)
from yaguts.domain.recipe_files.reading import NoRecipe


def passed_on(recipe: FoundRecipe) -> str:
    """The recipe as one line of JSON."""
    lines = [[line.text, line.spice, line.grams, line.by_hand] for line in recipe.lines]
    found = [recipe.name, recipe.portions, lines]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def taken_over(text: str) -> FoundRecipe:
    """The recipe, within the bounds of one that was just read. Raises `NoRecipe`."""
    try:
        name, portions, lines = items_of(json.loads(text))
        read = tuple(_line(*items_of(line)) for line in items_of(lines)[:MOST_LINES])
    except (ValueError, TypeError, RecursionError):
        raise NoRecipe from None
    return FoundRecipe(_text(name), _text(portions), read)


def _text(value: Any) -> str:
    return text_of(value, marked=False)


def _line(text: Any, spice: Any, grams: Any, by_hand: Any) -> FoundLine:
    return FoundLine(_text(text)[:LONGEST_LINE], _text(spice), _text(grams)[:40], by_hand is True)
