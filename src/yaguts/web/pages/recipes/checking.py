"""A recipe as somebody typed it: checked, and asked back where an amount is unclear or unusual."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from yaguts.api.schemas.recipes import RecipeIn, recipe_from
from yaguts.domain.amounts.spoons import WeighedSpoon
from yaguts.domain.recipe import Recipe
from yaguts.domain.recipe_files.found import too_long
from yaguts.services.pantry import catalogue, spoons
from yaguts.translations import Language
from yaguts.translations.pages import page_text
from yaguts.web.amounts.of_recipes import TypedPart, Usual, asked_of_parts, usual, volume_in
from yaguts.web.amounts.typed import TypedAmount, typed_grams
from yaguts.web.forms import Refusal, checked
from yaguts.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Known:
    """What the kitchen knows, and what its amounts are compared with."""

    language: Language
    spices: Sequence[str]
    weighed: Collection[WeighedSpoon]
    usual: Usual


@dataclass(frozen=True, slots=True)
class TypedRecipe:
    """`parts` are what the machine adds, `hand_lines` what the cook adds by hand."""

    name: str
    portions: str
    parts: Sequence[TypedPart]
    hand_lines: tuple[str, ...]


def known_in(visit: Visit, recipe_id: int | None = None) -> Known:
    """What is known in the visitor's kitchen, without this recipe."""
    return Known(
        visit.language,
        catalogue.spices(visit.site, visit.kitchen_id),
        spoons.weighed(visit.site, visit.kitchen_id),
        usual(visit, recipe_id),
    )


def checked_recipe(typed: TypedRecipe, known: Known) -> Recipe:
    """The recipe that was typed. Raises `Refusal`, also for what is asked back.

    Its keys are the form's names; those of a part end with its place: `amount0`.
    """
    amounts = [
        typed_grams(part.amount, known.language, part.spice, known.weighed) for part in typed.parts
    ]
    ingredients = [
        {"spice": part.spice, "quantity": "1" if amount.problem else amount.number}
        for part, amount in zip(typed.parts, amounts, strict=True)
    ]
    fields = {"name": typed.name, "portions": typed.portions, "ingredients": ingredients}
    try:
        recipe = recipe_from(checked(RecipeIn, fields, known.language))
    except Refusal as refusal:
        raise _refusal(typed.parts, amounts, _by_place(refusal.problems, typed.parts)) from None
    problems: dict[str, str] = {}
    if too_long(typed.hand_lines):
        problems["hand"] = page_text(known.language, "recipe.hand_too_long")
    unusual = asked_of_parts(known.usual, recipe, typed.parts, known.language)
    asked = [
        amount if amount.problem else question
        for amount, question in zip(amounts, unusual, strict=True)
    ]
    if problems or any(each.problem for each in asked):
        raise _refusal(typed.parts, asked, problems)
    written = tuple(
        replace(
            part,
            written=amount.written or volume_in(sent.line, part, known.weighed, known.language),
        )
        for part, amount, sent in zip(recipe.ingredients, amounts, typed.parts, strict=True)
    )
    return replace(recipe, ingredients=written, hand_lines=typed.hand_lines)


def _refusal(
    parts: Sequence[TypedPart], amounts: Sequence[TypedAmount], problems: Mapping[str, str]
) -> Refusal:
    """What is wrong with other fields, and what is asked of the amounts."""
    asked = {
        f"amount{part.place}": amount
        for part, amount in zip(parts, amounts, strict=True)
        if amount.problem
    }
    sentences = {name: amount.problem for name, amount in asked.items()}
    choices = {name: amount.choices for name, amount in asked.items()}
    return Refusal({**problems, **sentences}, choices)


def _by_place(problems: Mapping[str, str], parts: Sequence[TypedPart]) -> dict[str, str]:
    """The problems under the form's own names; parts are numbered as they stand there."""
    names = {"name": "name", "portions": "portions"}
    for sent, part in enumerate(parts):
        names[f"ingredients.{sent}.spice"] = f"spice{part.place}"
        names[f"ingredients.{sent}.quantity"] = f"amount{part.place}"
    return {names.get(where, "rows"): problem for where, problem in problems.items()}
