"""Recipes."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from yaguts.api.access import PersonDep, SiteDep
from yaguts.api.fields import (
    NO_FLAG,
    PRINTABLE,
    IdInPath,
    Inbound,
    Outbound,
    SearchText,
    Spice,
    trimmed,
)
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.units import milligrams
from yaguts.services import recipes
from yaguts_wire import words as w
from yaguts_wire.values import grams

router = APIRouter(prefix="/receitas", tags=["recipes"])

MOST_INGREDIENTS = 50
_STEP_MG = 100
_FLOAT_ERROR = 1e-6
"""A browser may compute 0.1 + 0.2 before it sends the sum."""


def _in_steps(quantity: float) -> float:
    steps = quantity * 1000 / _STEP_MG
    if abs(steps - round(steps)) > _FLOAT_ERROR:
        raise PydanticCustomError("steps", "steps of 0.1 g")
    return round(steps) * _STEP_MG / 1000


Quantity = Annotated[float, Field(gt=0, le=500), NO_FLAG, AfterValidator(_in_steps)]
"""Grams for all portions together."""
Portions = Annotated[int, Field(ge=1, le=20), NO_FLAG]


class IngredientIn(Inbound):
    """So much of a spice."""

    spice: Spice = Field(alias=w.SPICE)
    quantity: Quantity = Field(alias=w.QUANTITY)


class RecipeIn(Inbound):
    """A recipe as a cook writes it."""

    name: Annotated[str, trimmed(120), PRINTABLE] = Field(alias=w.NAME)
    portions: Portions = Field(1, alias=w.PORTIONS)
    ingredients: list[IngredientIn] = Field(
        alias=w.INGREDIENTS, min_length=1, max_length=MOST_INGREDIENTS
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
    """So much of a spice."""

    id: int
    spice: str = Field(serialization_alias=w.SPICE)
    quantity: float = Field(serialization_alias=w.QUANTITY)


class RecipeOut(Outbound):
    """A recipe as it is kept."""

    id: int
    name: str = Field(serialization_alias=w.NAME)
    portions: int = Field(serialization_alias=w.PORTIONS)
    ingredients: list[IngredientOut] = Field(serialization_alias=w.INGREDIENTS)


class Suggestion(Outbound):
    """A recipe's name."""

    id: int
    name: str = Field(serialization_alias=w.NAME)


@router.post("/", status_code=201)
def add(site: SiteDep, person: PersonDep, body: RecipeIn) -> RecipeOut:
    """Keep a new recipe."""
    return _out(recipes.add(site, person.id, _recipe(body)))


@router.get("/")
def search(
    site: SiteDep,
    person: PersonDep,
    q: SearchText = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[RecipeOut]:
    """The recipes whose name, or one of whose spices, contains `q`."""
    return [_out(recipe) for recipe in recipes.search(site, person.id, q, limit, offset)]


# Before `/{recipe_id}`, which would take it for an id.
@router.get("/sugestoes")
def suggest(
    site: SiteDep,
    person: PersonDep,
    q: SearchText = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[Suggestion]:
    """Names of recipes that contain `q`, for a search box that completes."""
    found = recipes.suggest(site, person.id, q, limit)
    return [Suggestion(id=recipe.id, name=recipe.name) for recipe in found]


@router.post("/form", status_code=201)
def add_from_form(
    site: SiteDep, person: PersonDep, form: Annotated[RecipeForm, Form()]
) -> RecipeOut:
    """Keep a new recipe sent by an HTML form with rows `tempero1`, `quantidade1` to 4."""
    return _out(recipes.add(site, person.id, _recipe(_read_form(form))))


@router.get("/{recipe_id}")
def find(site: SiteDep, person: PersonDep, recipe_id: IdInPath) -> RecipeOut:
    """One recipe."""
    return _out(recipes.find(site, person.id, recipe_id))


@router.put("/{recipe_id}")
def change(site: SiteDep, person: PersonDep, recipe_id: IdInPath, body: RecipeIn) -> RecipeOut:
    """Replace a recipe."""
    return _out(recipes.change(site, person.id, recipe_id, _recipe(body)))


@router.delete("/{recipe_id}", status_code=204)
def remove(site: SiteDep, person: PersonDep, recipe_id: IdInPath) -> None:
    """Forget a recipe."""
    recipes.remove(site, person.id, recipe_id)


def _recipe(body: RecipeIn) -> Recipe:
    ingredients = tuple(
        Ingredient(ingredient.spice, milligrams(ingredient.quantity))
        for ingredient in body.ingredients
    )
    return Recipe(body.name, body.portions, ingredients)


def _read_form(form: RecipeForm) -> RecipeIn:
    rows = [
        (form.spice1, form.quantity1),
        (form.spice2, form.quantity2),
        (form.spice3, form.quantity3),
        (form.spice4, form.quantity4),
    ]
    ingredients = [
        {w.SPICE: spice, w.QUANTITY: quantity.replace(",", ".")}
        for spice, quantity in rows
        if spice.strip()
    ]
    fields = {w.NAME: form.name, w.PORTIONS: form.portions, w.INGREDIENTS: ingredients}
    try:
        return RecipeIn.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


def _out(recipe: Recipe) -> RecipeOut:
    ingredients = [
        IngredientOut(id=part.id, spice=part.spice, quantity=grams(part.quantity))
        for part in recipe.ingredients
    ]
    return RecipeOut(
        id=recipe.id, name=recipe.name, portions=recipe.portions, ingredients=ingredients
    )
