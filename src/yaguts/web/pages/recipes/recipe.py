"""One recipe: write it, change it, copy it, share it as a file, delete it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from yaguts.api.schemas.recipes import MOST_INGREDIENTS
from yaguts.domain.errors import NotAsShown, NotFound, TooMany
from yaguts.domain.recipe import Recipe
from yaguts.domain.recipe_files.found import text_of
from yaguts.domain.recipe_version import version_of
from yaguts.http.fields import IdInPath
from yaguts.services.pantry import catalogue, recipes
from yaguts.translations.amounts import plain_grams
from yaguts.translations.pages import page_text
from yaguts.web.amounts.of_recipes import TypedPart
from yaguts.web.amounts.typed import Choice, SentAmount, sent_amount
from yaguts.web.forms import FormDep, Refusal, typed, typed_all, whole
from yaguts.web.pages.recipes.checking import TypedRecipe, checked_recipe, known_in
from yaguts.web.static_files import home
from yaguts.web.views.spice_names import proposed
from yaguts.web.visit import Visit, VisitDep

router = APIRouter(prefix="/recipes")

FIRST_ROWS, MORE_ROWS = 4, 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A recipe as it stands in the form; `rows` are spices and amounts as somebody typed them.

    `sure` are spices with the answers to what was asked of their amounts. `hand` is what the cook
    adds by hand, a line each.
    """

    name: str = ""
    portions: str = "4"
    rows: tuple[tuple[str, str], ...] = ()
    sure: tuple[str, ...] = ()
    hand: str = ""

    @property
    def hand_lines(self) -> tuple[str, ...]:
        """The lines without what is no text."""
        return tuple(filter(None, (text_of(line, marked=False) for line in self.hand.splitlines())))

    @property
    def as_typed(self) -> TypedRecipe:
        """The recipe as it would be stored."""
        parts = [
            TypedPart(place, spice, self._sent(spice, amount))
            for place, (spice, amount) in enumerate(self.rows)
        ]
        return TypedRecipe(self.name, self.portions, parts, self.hand_lines)

    def _sent(self, spice: str, amount: str) -> SentAmount:
        """The amount of the spice, with what was confirmed of it last."""
        for answered in reversed(self.sure):
            of, _, value = answered.rpartition("|")
            sent = sent_amount(value)
            if (of, sent.text) == (spice, amount):
                return sent
        return SentAmount(amount)


@router.get("/new")
def new(visit: VisitDep) -> Response:
    """Show an empty form, or what was typed into it in another language."""
    return _form(visit, _typed(visit.form) if "name" in visit.form else Draft())


@router.post("/new")
def add(visit: VisitDep, form: FormDep) -> Response:
    """Store a new recipe, or show the form with more rows."""
    return _save(visit, form, None)


@router.get("/{recipe_id}/edit")
def edit(visit: VisitDep, recipe_id: IdInPath) -> Response:
    """Show the form with the recipe in it."""
    recipe = recipes.find(visit.site, visit.kitchen_id, recipe_id)
    draft = _typed(visit.form) if "name" in visit.form else _draft(visit, recipe)
    return _form(visit, draft, recipe_id=recipe_id)


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
        recipe = checked_recipe(draft.as_typed, known_in(visit, recipe_id))
    except Refusal as refusal:
        return _form(visit, draft, 422, refusal.problems, recipe_id, choices=refusal.choices)
    try:
        if recipe_id is None:
            recipe = recipes.add(visit.site, visit.kitchen_id, recipe)
        else:
            version = typed(form, "version") or None
            recipe = recipes.change(visit.site, visit.kitchen_id, recipe_id, recipe, version)
    except NotAsShown as error:
        return _form(
            visit, draft, 409, recipe_id=recipe_id, saved=cast("Recipe", error.fields["now"])
        )
    except NotFound:
        problems = {"gone": page_text(visit.language, "stale.recipe_gone")}
        return _form(visit, draft, 404, problems)
    except TooMany as error:
        where = "name" if error.fields["what"] == "recipe" else "rows"
        return _form(visit, draft, 409, {where: visit.explain(error)}, recipe_id)
    return visit.go(f"{home()}recipes/{recipe.id}")


def _typed(form: FormData) -> Draft:
    rows = zip(typed_all(form, "spice"), typed_all(form, "amount"), strict=False)
    filled = [(spice, amount) for spice, amount in rows if spice or amount]
    sure = typed_all(form, "sure")
    row, _, chosen = typed(form, "choice").partition("|")
    place = whole(row, 0, len(filled) - 1)
    if place is not None:
        spice, _ = filled[place]
        filled[place] = (spice, sent_amount(chosen).text)
        sure.append(f"{spice}|{chosen}")
    name, portions, hand = (typed(form, each) for each in ("name", "portions", "hand_lines"))
    return Draft(name, portions, tuple(filled), tuple(sure), hand)


def _draft(visit: Visit, recipe: Recipe) -> Draft:
    rows = tuple(
        (part.spice, part.written or plain_grams(part.quantity, visit.language))
        for part in recipe.ingredients
    )
    hand = "\n".join(recipe.hand_lines)
    return Draft(recipe.name, str(recipe.portions), rows, hand=hand)


def _form(
    visit: Visit,
    draft: Draft,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    recipe_id: int | None = None,
    *,
    more: bool = False,
    choices: Mapping[str, tuple[Choice, ...]] | None = None,
    saved: Recipe | None = None,
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
        choices=choices or {},
        saved=saved,
        opens_links=visit.site.settings.fetch_links,
        version=_version(visit, recipe_id, saved),
        catalogue=proposed(catalogue.spices(visit.site, visit.kitchen_id), visit.language),
    )


def _version(visit: Visit, recipe_id: int | None, saved: Recipe | None) -> str:
    """The version that the form is about: what is saved, or what its page was opened with."""
    if recipe_id is None:
        return ""
    if saved is not None:
        return version_of(saved)
    return visit.sent("version") or version_of(
        recipes.find(visit.site, visit.kitchen_id, recipe_id)
    )
