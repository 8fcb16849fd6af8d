"""All recipes at once, as files."""

import json
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.api.schemas.recipes import recipe_out
from yaguts.domain.quotas import MOST_RECIPES
from yaguts.domain.recipe import Recipe
from yaguts.domain.recipe_files.programs import WRITTEN
from yaguts.http.fields import IdInPath
from yaguts.services.pantry import recipes
from yaguts.translations.amounts import exact_grams
from yaguts.web.visit import Context, Visit, VisitDep
from yaguts_wire import words as w

router = APIRouter(prefix="/recipes")


@router.get("/all.json")
def ours(visit: VisitDep) -> Response:
    """Send all recipes in our own format, which the import reads."""
    return _file({w.RECIPES: list(map(_ours, _all(visit)))}, "yaguts.json", "application/json")


@router.get("/{recipe_id}/file")
def one(visit: VisitDep, recipe_id: IdInPath) -> Response:
    """Send a recipe in our own format."""
    recipe = recipes.find(visit.site, visit.kitchen_id, recipe_id)
    return _file(_ours(recipe), f"yaguts-{recipe_id}.json", "application/json")


@router.get("/schema-org.json")
def schema_org(visit: VisitDep) -> Response:
    """Send all recipes as JSON-LD of schema.org, which other programs read."""
    found = [_schema_org(each, visit.language) for each in _all(visit)]
    body = {"@context": "https://schema.org", "@graph": found}
    return _file(body, "yaguts-schema-org.json", "application/ld+json")


def _all(visit: Visit) -> Sequence[Recipe]:
    return recipes.search(visit.site, visit.kitchen_id, "", MOST_RECIPES, 0)


def _ours(recipe: Recipe) -> Context:
    """The recipe in our own format. What the hand adds and volumes stand there where there are
    any.
    """
    exclude = {"id": True, "version": True, "ingredients": {"__all__": {"id"}}}
    if not recipe.hand_lines:
        exclude["hand_lines"] = True
    written = recipe_out(recipe).model_dump(by_alias=True, exclude=exclude)
    for part, stored in zip(written[w.INGREDIENTS], recipe.ingredients, strict=True):
        if stored.written:
            part[WRITTEN] = stored.written
    return written


def _schema_org(recipe: Recipe, language: str) -> Context:
    return {
        "@type": "Recipe",
        "name": recipe.name,
        "recipeYield": recipe.portions,
        "recipeIngredient": [
            *(
                f"{exact_grams(part.quantity, language)} {part.spice}"
                for part in recipe.ingredients
            ),
            *recipe.hand_lines,
        ],
    }


def _file(body: Context, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = json.dumps(body, ensure_ascii=False, indent=1)
    return Response(text, media_type=media_type, headers=headers)
