"""The formats in which programs write recipes, each a function from JSON to a recipe or None."""

from typing import Any

from yaguts.domain.recipe_files.found import (
    MOST_LINES,
    FileJson,
    FoundLine,
    FoundRecipe,
    composed,
    decimal,
    first_number,
    items_of,
    lines_of,
    object_of,
    text_of,
)

WRITTEN = "escrito"
"""The key of the volume that the cook wrote for a spice."""


def ours(found: FileJson, language: str) -> FoundRecipe | None:
    """The file that Yaguts writes."""
    parts = found.get("ingredientes")
    if not isinstance(parts, list) or not isinstance(found.get("nome"), str):
        return None
    lines = [
        FoundLine(
            f"{text_of(part.get(WRITTEN))} {text_of(part.get('tempero'))}".strip(),
            text_of(part.get("tempero")),
            decimal(part.get("quantidade"), language),
        )
        for part in map(object_of, items_of(parts)[:MOST_LINES])
        if part
    ]
    by_hand = (
        FoundLine(line.text, by_hand=True) for line in lines_of(found.get("a_mao"), marked=False)
    )
    portions = text_of(found.get("porcoes", 1))
    return FoundRecipe(text_of(found["nome"]), portions, (*lines, *by_hand))


def tandoor(found: FileJson, language: str) -> FoundRecipe | None:
    """The file recipe.json of a Tandoor export: ingredients stand in the steps."""
    steps = found.get("steps")
    if not isinstance(steps, list):
        return None
    parts = [
        part
        for step in map(object_of, items_of(steps))
        for part in map(object_of, items_of(step.get("ingredients")))
        if part and not part.get("is_header")
    ]
    lines = [
        composed(
            0 if part.get("no_amount") else part.get("amount"),
            part.get("unit"),
            part.get("food"),
            language,
        )
        for part in parts
    ]
    return FoundRecipe(
        text_of(found.get("name")), first_number(found.get("servings")), lines_of(lines)
    )


def mealie(found: FileJson, language: str) -> FoundRecipe | None:
    """A recipe of Mealie, as its API (`recipeIngredient`) or an export (`recipe_ingredient`) has
    it. An ingredient is a text, or quantity, unit, food and note.
    """
    parts = _either(found, "recipeIngredient", "recipe_ingredient")
    known = any(key in found for key in ("recipe_ingredient", "slug", "recipeServings"))
    if not isinstance(parts, list) or not known:
        return None
    lines = [_mealie_line(part, language) for part in items_of(parts)]
    portions = _either(found, "recipeServings", "recipe_servings")
    portions = portions or _either(found, "recipeYield", "recipe_yield")
    return FoundRecipe(text_of(found.get("name")), first_number(portions), lines_of(lines))


def _mealie_line(found: Any, language: str) -> str:
    part = object_of(found)
    if not part:
        return text_of(found)
    original = text_of(_either(part, "originalText", "original_text"))
    if part.get("food"):
        return composed(part.get("quantity"), part.get("unit"), part["food"], language)
    return original or text_of(part.get("note")) or text_of(part.get("display"))


def schema_org(found: FileJson, _language: str) -> FoundRecipe | None:
    """A Recipe of schema.org, which is the format of Nextcloud Cookbook too."""
    kinds = found.get("@type")
    kinds = items_of(kinds) or [kinds]
    if not any(isinstance(kind, str) and kind.rpartition("/")[2] == "Recipe" for kind in kinds):
        return None
    parts = _either(found, "recipeIngredient", "ingredients")
    parts = parts.splitlines() if isinstance(parts, str) else parts
    portions = first_number(_either(found, "recipeYield", "yield"))
    return FoundRecipe(text_of(found.get("name")), portions, lines_of(parts))


def paprika(found: FileJson, _language: str) -> FoundRecipe | None:
    """A recipe of Paprika: its ingredients are one text, a line each."""
    parts = found.get("ingredients")
    if not isinstance(parts, str):
        return None
    return FoundRecipe(
        text_of(found.get("name")),
        first_number(found.get("servings")),
        lines_of(parts.splitlines()),
    )


FORMATS = (ours, tandoor, schema_org, mealie, paprika)


def _either(found: FileJson, one: str, other: str) -> Any:
    return found[one] if one in found else found.get(other)
