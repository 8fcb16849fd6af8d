"""A recipe in pasted text: its name, for how many it is, its ingredient lines."""

import re

from yaguts.domain.amounts.folding import fold
from yaguts.domain.amounts.measures import NotAnAmount
from yaguts.domain.ingredients.line import read_line
from yaguts.domain.recipe_files.found import LONGEST_LINE, FoundRecipe, first_number, lines_of

_FOR_WHAT = r"(?:\s*\([^()]{0,30}\)|\s+(?:da|do|para|for)\s[^:,;]{0,30})?\W*$"
"""What may stand behind a heading: "Ingredientes da massa", "Ingredients (4 servings)"."""
_INGREDIENTS = re.compile(r"^\W*(?:ingredientes|ingredients)\b" + _FOR_WHAT)
_STEPS = re.compile(
    r"^\W*(?:modo de (?:preparo|fazer|preparar)|preparo|preparacao|instrucoes|passo a passo"
    r"|instructions|directions|method|steps|preparation)\b" + _FOR_WHAT
)
_PORTIONS = re.compile(
    r"(?:serve[sd]?|rende|rendimento|yields?|makes|servings?|porcoes|para)\W{0,3}(?:\w{1,20}\s)?(\d{1,3})\b"
    r"|\b(\d{1,3})\s*(?:porcoes|porcao|servings?|pessoas|people)\b"
)
_OF = re.compile(r"\W*(?:de|do|da|of)\b")
_MARKUP = re.compile(r"^#+\s*|\*+|(?<!\w)_|_(?!\w)")
"""What makes a title bold or slanted in messages and notes."""
_FEW_LETTERS = 2
_LONG = 40


def read_pasted(text: str, language: str) -> FoundRecipe | None:
    """The recipe in a text, or None where no line is of an ingredient."""
    lines = [line.strip()[:LONGEST_LINE] for line in text.splitlines() if line.strip()]
    folded = [fold(line).folded for line in lines]
    portions = next(filter(None, map(_PORTIONS.search, folded)), None)
    begin = next((at + 1 for at, line in enumerate(folded) if _INGREDIENTS.match(line)), None)
    end = next((at for at, line in enumerate(folded) if _STEPS.match(line)), len(lines))
    has_title = (begin or 0) > 1 or _is_title(folded, language)
    title = _MARKUP.sub("", lines[0]).strip() if has_title else ""
    first = begin if begin is not None else int(has_title)
    parts = [
        line
        for line, plain in zip(lines[first:end], folded[first:end], strict=True)
        if begin is not None or not _is_of_portions(plain)
    ]
    if not parts:
        return None
    return FoundRecipe(title, first_number(portions[0]) if portions else "", lines_of(parts))


def _is_title(lines: list[str], language: str) -> bool:
    """Whether the first line has no amount and the second one has. For how many it is counts not:
    "Frango para 6 pessoas". `lines`: folded.
    """
    if len(lines) < 2 or _is_of_portions(lines[0]):
        return False
    first, second = _PORTIONS.sub("", lines[0], count=1), lines[1]
    plain = isinstance(read_line(first, language).reading, NotAnAmount)
    measured = not isinstance(read_line(second, language).reading, NotAnAmount)
    return plain and (measured or bool(_PORTIONS.search(second)))


def _is_of_portions(line: str) -> bool:
    """Whether a folded line says for how many the recipe is, and nothing else."""
    found = _PORTIONS.search(line)
    if found is None or len(line) >= _LONG or _OF.match(line[found.end() :]):
        return False
    return sum(map(str.isalpha, line[: found.start()])) <= _FEW_LETTERS
