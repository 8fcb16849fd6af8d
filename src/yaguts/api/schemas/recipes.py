"""Recipes in requests and answers."""

from collections.abc import Collection
from typing import Annotated, Any

from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from yaguts.domain.amounts.measures import Amount, NotAnAmount
from yaguts.domain.amounts.reader import read_amount
from yaguts.domain.amounts.spoons import WeighedSpoon
from yaguts.domain.amounts.weight import weight_of
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.recipe_files.found import LONGEST_LINE, MOST_LINES
from yaguts.domain.recipe_version import version_of
from yaguts.domain.units import milligrams
from yaguts.http.fields import NO_FLAG, PRINTABLE, Inbound, Outbound, Spice, trimmed
from yaguts_wire import words as w
from yaguts_wire.values import grams

MOST_INGREDIENTS = 50
_STEP_MG = 1
_FLOAT_ERROR = 1e-6
"""A browser that adds 0.1 and 0.2 sends 0.30000000000000004."""


def _in_steps(quantity: float) -> float:
    steps = quantity * 1000 / _STEP_MG
    if round(steps) < 1 or abs(steps - round(steps)) > _FLOAT_ERROR:
        raise PydanticCustomError("steps", "steps of 0.001 g")
    return round(steps) * _STEP_MG / 1000


Quantity = Annotated[
    float,
    Field(gt=0, le=500, json_schema_extra={"multipleOf": 0.001}),
    NO_FLAG,
    AfterValidator(_in_steps),
]
"""Grams for all portions together."""
Portions = Annotated[int, Field(ge=1, le=20), NO_FLAG]


HandLine = Annotated[str, trimmed(LONGEST_LINE), PRINTABLE]
_HAND = "What the cook adds by hand whatever is in the jars, a line each."


class IngredientIn(Inbound):
    """A spice and its amount."""

    spice: Spice = Field(alias=w.SPICE)
    quantity: Quantity = Field(alias=w.QUANTITY)


class RecipeIn(Inbound):
    """A recipe as a cook writes it."""

    name: Annotated[str, trimmed(120), PRINTABLE] = Field(alias=w.NAME)
    portions: Portions = Field(1, alias=w.PORTIONS)
    ingredients: list[IngredientIn] = Field(
        alias=w.INGREDIENTS, min_length=1, max_length=MOST_INGREDIENTS
    )
    hand_lines: list[HandLine] | None = Field(
        None,
        alias=w.BY_HAND,
        max_length=MOST_LINES,
        description=f"{_HAND} Left out or null: a change keeps them.",
    )
    version: str | None = Field(
        None,
        alias=w.VERSION,
        max_length=64,
        description="The version that was edited: a change of another one is refused. Left out or"
        " null: whatever is there is replaced.",
    )


class RecipeForm(Inbound):
    """A recipe as an HTML form sends it: a fixed number of rows, the unused ones blank."""

    name: str = Field(alias=w.NAME)
    portions: str = Field("1", alias=w.PORTIONS)
    spice1: str = Field("", alias=f"{w.SPICE}1")
    quantity1: str = Field("", alias=f"{w.QUANTITY}1")
    spice2: str = Field("", alias=f"{w.SPICE}2")
    quantity2: str = Field("", alias=f"{w.QUANTITY}2")
    spice3: str = Field("", alias=f"{w.SPICE}3")
    quantity3: str = Field("", alias=f"{w.QUANTITY}3")
    spice4: str = Field("", alias=f"{w.SPICE}4")
    quantity4: str = Field("", alias=f"{w.QUANTITY}4")


class IngredientOut(Outbound):
    """A spice and its amount."""

    id: int
    spice: str = Field(serialization_alias=w.SPICE)
    quantity: float = Field(serialization_alias=w.QUANTITY)


class RecipeOut(Outbound):
    """A stored recipe."""

    id: int
    name: str = Field(serialization_alias=w.NAME)
    portions: int = Field(serialization_alias=w.PORTIONS)
    ingredients: list[IngredientOut] = Field(serialization_alias=w.INGREDIENTS)
    hand_lines: list[str] = Field(serialization_alias=w.BY_HAND, description=_HAND)
    version: str = Field(
        serialization_alias=w.VERSION,
        description="Another one as soon as the recipe reads otherwise.",
    )


class Suggestion(Outbound):
    """The id and the name of a recipe."""

    id: int
    name: str = Field(serialization_alias=w.NAME)


def recipe_from(body: RecipeIn) -> Recipe:
    ingredients = tuple(
        Ingredient(ingredient.spice, milligrams(ingredient.quantity))
        for ingredient in body.ingredients
    )
    hand_lines = tuple(body.hand_lines or ())
    return Recipe(body.name, body.portions, ingredients, hand_lines=hand_lines)


def read_form(form: RecipeForm, weighed: Collection[WeighedSpoon] = ()) -> RecipeIn:
    """Convert a form to a recipe. `weighed`: the kitchen's weighed spoons.

    Raises RequestValidationError if a field is wrong.
    """
    rows = [
        (form.spice1, form.quantity1),
        (form.spice2, form.quantity2),
        (form.spice3, form.quantity3),
        (form.spice4, form.quantity4),
    ]
    ingredients = [
        {w.SPICE: spice, w.QUANTITY: _grams(quantity, spice, weighed)}
        for spice, quantity in rows
        if spice.strip()
    ]
    fields = {w.NAME: form.name, w.PORTIONS: form.portions, w.INGREDIENTS: ingredients}
    try:
        return RecipeIn.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError([_named(each) for each in error.errors()]) from None


class _Uncertain:
    """Stands for an amount with several readings, or of which nobody knows what it weighs."""


def _grams(text: str, spice: str, weighed: Collection[WeighedSpoon]) -> str | _Uncertain:
    """The amount of a form in grams. What says none stays as it is, to be refused."""
    reading = read_amount(text, "pt_BR")
    if isinstance(reading, NotAnAmount):
        return text.replace(",", ".")
    one = reading if isinstance(reading, Amount) and reading.most is None else None
    weight = None if one is None else weight_of(one, spice, weighed)
    return f"{float(weight.grams):.3f}" if weight and weight.sure else _Uncertain()


def _named(error: ErrorDetails) -> dict[str, Any]:
    """The error, under a name of its own where the amount was not certain."""
    return {**error, "type": "uncertain"} if isinstance(error["input"], _Uncertain) else {**error}


def recipe_out(recipe: Recipe) -> RecipeOut:
    ingredients = [
        IngredientOut(id=part.id, spice=part.spice, quantity=grams(part.quantity))
        for part in recipe.ingredients
    ]
    return RecipeOut(
        id=recipe.id,
        name=recipe.name,
        portions=recipe.portions,
        ingredients=ingredients,
        hand_lines=list(recipe.hand_lines),
        version=version_of(recipe),
    )
