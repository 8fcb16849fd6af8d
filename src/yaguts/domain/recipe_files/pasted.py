"""A recipe in pasted text: its name, for how many it is, its ingredient lines."""

import re

from yaguts.domain.amounts.folding import fold
from yaguts.domain.amounts.measures import NotAnAmount
from yaguts.domain.ingredients.line import read_line
from yaguts.domain.recipe_files.found import LONGEST_LINE, FoundRecipe, first_number, lines_of

_INGREDIENTS = re.compile(r"^\W*(?:ingredientes|ingredients)\b[\s:]*$")
_STEPS = re.compile(
    r"^\W*(?:modo de (?:preparo|fazer|preparar)|preparo|preparacao|instrucoes|passo a passo"
    r"|instructions|directions|method|steps|preparation)\b[\s:]*$"
)
_PORTIONS = re.compile(
    r"(?:serve[sd]?|rende|rendimento|yields?|makes|servings?|porcoes|para)\W{0,3}(?:\w{1,20}\s)?(\d{1,3})\b"
    r"|\b(\d{1,3})\s*(?:porcoes|porcao|servings?|pessoas|people)\b"
)


def read_pasted(text: str, language: str) -> FoundRecipe | None:
    """The recipe in a text, or None where no line is of an ingredient."""
    lines = [line.strip()[:LONGEST_LINE] for line in text.splitlines() if line.strip()]
    folded = [fold(line).folded for line in lines]
    portions = next(filter(None, map(_PORTIONS.search, folded)), None)
    begin = next((at + 1 for at, line in enumerate(folded) if _INGREDIENTS.match(line)), None)
    end = next((at for at, line in enumerate(folded) if _STEPS.match(line)), len(lines))
    title = lines[0] if (lines and (begin or 0) > 1) or _is_title(lines, language) else ""
    first = begin if begin is not None else int(bool(title))
    parts = [
        line
        for line, plain in zip(lines[first:end], folded[first:end], strict=True)
        if not (_PORTIONS.search(plain) and len(plain) < 40 and begin is None)
    ]
    if not parts:
        return None
    return FoundRecipe(title, first_number(portions[0]) if portions else "", lines_of(parts))


def _is_title(lines: list[str], language: str) -> bool:
    """Whether the first line has no amount and the second one has."""
    if len(lines) < 2:
        return False
    first, second = (read_line(line, language).reading for line in lines[:2])
    plain = isinstance(first, NotAnAmount)
    return plain and (not isinstance(second, NotAnAmount) or bool(_PORTIONS.search(lines[1])))
