"""Recipes: write one, change it, copy it, share it as a file, delete it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from yaguts.api.schemas.recipes import MOST_INGREDIENTS, RecipeIn, recipe_from, recipe_out
from yaguts.domain.recipe import Recipe
from yaguts.http.fields import IdInPath
from yaguts.services.pantry import catalogue, recipes
from yaguts.translations.amounts import plain_grams
from yaguts.translations.pages import page_text
from yaguts.web.forms import FormDep, Refusal, checked, checked_message, number, typed, typed_all
from yaguts.web.static_files import home
from yaguts.web.visit import Context, Visit, VisitDep

router = APIRouter(prefix="/recipes")

FIRST_ROWS, MORE_ROWS = 4, 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A recipe as it stands in the form; `rows` are spices and amounts as somebody typed them."""

    name: str = ""
    portions: str = "4"
    rows: tuple[tuple[str, str], ...] = ()


@router.get("/new")
def new(visit: VisitDep) -> Response:
    """Show an empty form."""
    return _form(visit, Draft())


@router.post("/new")
def add(visit: VisitDep, form: FormDep) -> Response:
    """Store a new recipe, or show the form with more rows."""
    return _save(visit, form, None)


@router.post("/import")
async def import_file(visit: VisitDep, form: FormDep) -> Response:
    """Read a recipe from a shared file into the form."""
    file = form.get("file")
    text = await file.read() if isinstance(file, UploadFile) else b""
    try:
        recipe = recipe_from(checked_message(RecipeIn, _decoded(text), visit.language))
    except Refusal:
        problems = {"file": page_text(visit.language, "recipe.bad_file")}
        return _form(visit, Draft(), 422, problems)
    return _form(visit, _draft(visit, recipe))


@router.get("/{recipe_id}/edit")
def edit(visit: VisitDep, recipe_id: IdInPath) -> Response:
    """Show the form with the recipe in it."""
    recipe = recipes.find(visit.site, visit.kitchen_id, recipe_id)
    return _form(visit, _draft(visit, recipe), recipe_id=recipe_id)


@router.post("/{recipe_id}/edit")
def change(visit: VisitDep, recipe_id: IdInPath, form: FormDep) -> Response:
    """Replace the recipe by the form."""
    return _save(visit, form, recipe_id)


@router.post("/{recipe_id}/copy")
def copy(visit: VisitDep, recipe_id: IdInPath) -> Response:
    """Show the form with a copy in it. Saving the form stores the copy."""
    recipe = recipes.find(visit.site, visit.kitchen_id, recipe_id)
    draft = _draft(visit, recipe)
    name = page_text(visit.language, "recipe.copy_of", name=recipe.name)
    return _form(visit, replace(draft, name=name[:120]))


@router.get("/{recipe_id}/file")
def file(visit: VisitDep, recipe_id: IdInPath) -> Response:
    """Send the recipe as a file."""
    recipe = recipes.find(visit.site, visit.kitchen_id, recipe_id)
    body = recipe_out(recipe).model_dump_json(
        by_alias=True, exclude={"id": True, "ingredients": {"__all__": {"id"}}}, indent=1
    )
    headers = {"Content-Disposition": f'attachment; filename="yaguts-{recipe_id}.json"'}
    return Response(body, media_type="application/json", headers=headers)


@router.get("/{recipe_id}/delete")
def ask(visit: VisitDep, recipe_id: IdInPath) -> Response:
    """Ask for a confirmation."""
    recipe = recipes.find(visit.site, visit.kitchen_id, recipe_id)
    return visit.page("recipes/delete_recipe.html", recipe=recipe)


@router.post("/{recipe_id}/delete")
def delete(visit: VisitDep, recipe_id: IdInPath) -> Response:
    """Remove the recipe."""
    recipes.remove(visit.site, visit.kitchen_id, recipe_id)
    return visit.go()


def _save(visit: Visit, form: FormData, recipe_id: int | None) -> Response:
    draft = _typed(form)
    if typed(form, "more"):
        return _form(visit, draft, recipe_id=recipe_id, more=True)
    try:
        recipe = recipe_from(checked(RecipeIn, _fields(draft), visit.language))
    except Refusal as refusal:
        return _form(visit, draft, 422, _by_row(refusal.problems, draft), recipe_id)
    if recipe_id is None:
        recipe = recipes.add(visit.site, visit.kitchen_id, recipe)
    else:
        recipe = recipes.change(visit.site, visit.kitchen_id, recipe_id, recipe)
    return visit.go(f"{home()}recipes/{recipe.id}")


def _typed(form: FormData) -> Draft:
    rows = zip(typed_all(form, "spice"), typed_all(form, "amount"), strict=False)
    filled = [(spice, amount) for spice, amount in rows if spice or amount]
    return Draft(typed(form, "name"), typed(form, "portions"), tuple(filled))


def _draft(visit: Visit, recipe: Recipe) -> Draft:
    rows = tuple(
        (part.spice, plain_grams(part.quantity, visit.language)) for part in recipe.ingredients
    )
    return Draft(recipe.name, str(recipe.portions), rows)


def _fields(draft: Draft) -> Context:
    parts = [{"spice": spice, "quantity": number(amount)} for spice, amount in draft.rows]
    return {"name": draft.name, "portions": draft.portions, "ingredients": parts}


def _by_row(problems: Mapping[str, str], draft: Draft) -> dict[str, str]:
    """The problems under the form's own names; rows are numbered as they stand there."""
    names = {"name": "name", "portions": "portions", "ingredients": "rows"}
    for row in range(len(draft.rows)):
        names[f"ingredients.{row}.spice"] = f"spice{row}"
        names[f"ingredients.{row}.quantity"] = f"amount{row}"
    return {names.get(place, "rows"): problem for place, problem in problems.items()}


def _form(
    visit: Visit,
    draft: Draft,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    recipe_id: int | None = None,
    *,
    more: bool = False,
) -> Response:
    blank = MORE_ROWS if more or draft.rows else FIRST_ROWS
    room = max(0, MOST_INGREDIENTS - len(draft.rows))
    return visit.page(
        "recipes/recipe.html",
        status,
        draft=draft,
        blank=min(blank, room),
        problems=problems or {},
        recipe_id=recipe_id,
        catalogue=catalogue.spices(visit.site, visit.kitchen_id),
    )


def _decoded(text: bytes) -> Context:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
