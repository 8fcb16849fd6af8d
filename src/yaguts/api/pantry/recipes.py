"""Recipes."""

from typing import Annotated

from fastapi import APIRouter, Form, Query

from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.recipes import (
    RecipeForm,
    RecipeIn,
    RecipeOut,
    Suggestion,
    read_form,
    recipe_from,
    recipe_out,
)
from yaguts.domain.errors import NotAsShown, NotFound, TooMany
from yaguts.domain.quotas import MOST_RECIPES, MOST_SPICES
from yaguts.http.access import PersonDep, SiteDep
from yaguts.http.fields import IdInPath, SearchText
from yaguts.services.pantry import recipes, spoons

router = APIRouter(prefix="/receitas", tags=["recipes"])

_UNKNOWN = refusals(NotFound(what="recipe"))
_TOO_MANY_SPICES = TooMany(what="spice", most=MOST_SPICES)
_FULL = refusals(TooMany(what="recipe", most=MOST_RECIPES), _TOO_MANY_SPICES)


@router.post("/", status_code=201, responses=_FULL)
def add(site: SiteDep, person: PersonDep, body: RecipeIn) -> RecipeOut:
    """Store a new recipe."""
    return recipe_out(recipes.add(site, person.kitchen_id, recipe_from(body)))


@router.get("/")
def search(
    site: SiteDep,
    person: PersonDep,
    q: SearchText = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[RecipeOut]:
    """List the recipes whose name or one of whose spices contains `q`."""
    return [
        recipe_out(recipe) for recipe in recipes.search(site, person.kitchen_id, q, limit, offset)
    ]


@router.get("/sugestoes")
def suggest(
    site: SiteDep,
    person: PersonDep,
    q: SearchText = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[Suggestion]:
    """List the names of recipes that contain `q`, for a search box that completes."""
    found = recipes.suggest(site, person.kitchen_id, q, limit)
    return [Suggestion(id=recipe_id, name=name) for recipe_id, name in found]


@router.post("/form", status_code=201, responses=_FULL)
def add_from_form(
    site: SiteDep, person: PersonDep, form: Annotated[RecipeForm, Form()]
) -> RecipeOut:
    """Store a new recipe from an HTML form with rows `tempero1`, `quantidade1` to 4."""
    wanted = read_form(form, spoons.weighed(site, person.kitchen_id))
    return recipe_out(recipes.add(site, person.kitchen_id, recipe_from(wanted)))


@router.get("/{recipe_id:id}", responses=_UNKNOWN)
def find(site: SiteDep, person: PersonDep, recipe_id: IdInPath) -> RecipeOut:
    """Return one recipe."""
    return recipe_out(recipes.find(site, person.kitchen_id, recipe_id))


_NOT_CHANGED = (NotFound(what="recipe"), _TOO_MANY_SPICES, NotAsShown())


@router.put("/{recipe_id:id}", responses=refusals(*_NOT_CHANGED))
def change(site: SiteDep, person: PersonDep, recipe_id: IdInPath, body: RecipeIn) -> RecipeOut:
    """Replace a recipe."""
    changed = recipes.change(
        site,
        person.kitchen_id,
        recipe_id,
        recipe_from(body),
        body.version,
        keeps_hand_lines=body.hand_lines is None,
        keeps_volumes=True,
    )
    return recipe_out(changed)


@router.delete("/{recipe_id:id}", status_code=204, responses=_UNKNOWN)
def remove(site: SiteDep, person: PersonDep, recipe_id: IdInPath) -> None:
    """Delete a recipe."""
    recipes.remove(site, person.kitchen_id, recipe_id)
