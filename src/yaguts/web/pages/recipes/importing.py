"""Recipes from elsewhere: read, chosen, looked at by the cook, and then stored."""

from collections.abc import Collection, Sequence

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from yaguts.domain.errors import AlreadySent, TooMany
from yaguts.domain.recipe import Recipe
from yaguts.domain.recipe_files.faults import ImportRefused
from yaguts.domain.recipe_files.found import FoundRecipe
from yaguts.domain.recipe_files.passing import passed_on, taken_over
from yaguts.domain.recipe_files.reading import MOST_RECIPES, NoRecipe
from yaguts.services.pantry import imports, recipes
from yaguts.translations.pages import page_text
from yaguts.web.forms import FormDep, Refusal, typed, typed_all
from yaguts.web.pages.recipes.asking import asked_of, chosen
from yaguts.web.pages.recipes.brought import Brought, brought, typed_drafts
from yaguts.web.pages.recipes.checking import Known, checked_recipe, known_in
from yaguts.web.static_files import home
from yaguts.web.visit import Visit, VisitDep

router = APIRouter(prefix="/recipes/import")

AT_ONCE = 50
"""So many recipes stand on one page. The rest of those that were chosen comes after them."""
LOOKED_AT_WHOLE = 5
"""Of a file with more recipes than that, the cook chooses some first."""


@router.get("")
def show(visit: VisitDep) -> Response:
    """Show the recipes as they were typed, in another language."""
    drafts, later = typed_drafts(visit.form, AT_ONCE), _passed_back(typed_all(visit.form, "later"))
    return _page(visit, drafts, known_in(visit), later) if drafts else _nothing(visit)


@router.post("")
def read(visit: VisitDep, form: FormDep) -> Response:
    """Show what a file, a page, a link or a pasted text asks for, before anything is stored."""
    file = form.get("file")
    data = file.file.read() if isinstance(file, UploadFile) else b""
    pasted = form.get("text")
    text = pasted if isinstance(pasted, str) else ""
    try:
        found = (
            imports.read_upload(visit.site, data, visit.language)
            if data
            else imports.read_typed(visit.site, text, visit.language)
        )
    except NoRecipe:
        key = "recipe.bad_file" if data or not text.strip() else "import.bad_text"
        return _nothing(visit, key, text)
    except ImportRefused as error:
        return _nothing(visit, f"import.fault.{error.fault}", text)
    if len(found) > LOOKED_AT_WHOLE:
        return _choice(visit, found)
    return _looked_at(visit, found, ())


@router.get("/choose")
def show_choice(visit: VisitDep) -> Response:
    """Show what was chosen of many recipes, in another language."""
    found = _passed_back(typed_all(visit.form, "found"))
    return _choice(visit, found, typed_all(visit.form, "pick")) if found else _nothing(visit)


@router.post("/choose")
def choose(visit: VisitDep, form: FormDep) -> Response:
    """Show what the recipes ask for that were chosen of many."""
    found = _passed_back(typed_all(form, "found"))
    every, picked = bool(typed(form, "all")), set(typed_all(form, "pick"))
    wanted = [recipe for n, recipe in enumerate(found) if every or str(n) in picked]
    if not found:
        return _nothing(visit, "import.bad_text")
    if not wanted:
        return _choice(visit, found, problem="import.none_chosen")
    return _looked_at(visit, wanted[:AT_ONCE], wanted[AT_ONCE:])


@router.post("/save")
def save(visit: VisitDep, form: FormDep) -> Response:
    """Store what can be stored. What cannot stays on the page, each with what is wrong."""
    drafts, later = typed_drafts(form, AT_ONCE), _passed_back(typed_all(form, "later"))
    known = known_in(visit)
    if choice := typed(form, "choice"):
        return _page(visit, chosen(drafts, choice, known), known, later)
    kept = [draft for draft in drafts if not draft.skipped]
    stored, left = _stored(visit, kept, known, more=bool(later))
    saved = len(kept) - len(left)
    if left:
        again, refused = zip(*left, strict=True)
        return _page(visit, again, known, later, saved, refused)
    if later:
        return _looked_at(visit, later[:AT_ONCE], later[AT_ONCE:], saved)
    return visit.go(f"{home()}recipes/{stored[0].id}" if len(kept) == 1 else "")


def _passed_back(texts: Sequence[str]) -> list[FoundRecipe]:
    """The recipes that the page had, without what is none."""
    found: list[FoundRecipe] = []
    for text in texts[:MOST_RECIPES]:
        try:
            found.append(taken_over(text))
        except NoRecipe:
            continue
    return found


def _nothing(visit: Visit, problem: str = "", pasted: str = "") -> Response:
    """The form again, with what was pasted, and why nothing was read."""
    return visit.page(
        "recipes/import.html",
        422 if problem else 200,
        drafts=(),
        problem=page_text(visit.language, problem) if problem else "",
        pasted=pasted,
        opens_links=visit.site.settings.fetch_links,
    )


def _choice(
    visit: Visit, found: Sequence[FoundRecipe], picked: Collection[str] = (), problem: str = ""
) -> Response:
    """The names of many recipes, to choose from."""
    return visit.page(
        "recipes/import_choose.html",
        422 if problem else 200,
        found=[(recipe, passed_on(recipe)) for recipe in found],
        picked=picked,
        full=len(found) >= MOST_RECIPES,
        problem=page_text(visit.language, problem) if problem else "",
    )


def _looked_at(
    visit: Visit, found: Sequence[FoundRecipe], later: Sequence[FoundRecipe], saved: int = 0
) -> Response:
    known = known_in(visit)
    return _page(visit, [brought(recipe, known) for recipe in found], known, later, saved)


def _stored(
    visit: Visit, drafts: Sequence[Brought], known: Known, *, more: bool
) -> tuple[list[Recipe], list[tuple[Brought, Refusal]]]:
    """What was stored, all together, and what could not be, with the rows' places on the page.

    A form that comes again has stored what it could: what is `more` or left is shown again.
    """
    checked: list[tuple[Brought, Recipe]] = []
    left: list[tuple[Brought, Refusal]] = []
    for draft in drafts:
        try:
            checked.append((draft, checked_recipe(draft.as_typed, known)))
        except Refusal as refusal:
            left.append((draft, refusal))
    good = [recipe for _, recipe in checked]
    try:
        added = recipes.add_all(visit.site, visit.kitchen_id, good) if good else []
    except AlreadySent:
        added = recipes.added_before(visit.site, visit.kitchen_id, good)
        if not left and not more and not any(isinstance(one, TooMany) for one in added):
            raise
    for (draft, _), one in zip(checked, added, strict=True):
        if isinstance(one, TooMany):
            where = "name" if one.fields["what"] == "recipe" else "rows"
            left.append((draft, Refusal({where: visit.explain(one)})))
    return [one for one in added if not isinstance(one, TooMany)], left


def _wrong(draft: Brought, known: Known) -> Refusal:
    """What would be refused of the recipe as it is, if anything."""
    try:
        checked_recipe(draft.as_typed, known)
    except Refusal as refusal:
        return refusal
    return Refusal({})


def _page(
    visit: Visit,
    drafts: Sequence[Brought],
    known: Known,
    later: Sequence[FoundRecipe],
    saved: int = 0,
    refused: Sequence[Refusal] | None = None,
) -> Response:
    """The recipes, each with what is wrong with it. `refused`: where they could not be stored."""
    drafts = [draft.as_shown for draft in drafts]
    wrong = refused or [_wrong(draft, known) for draft in drafts]
    asked = [
        asked_of(draft, n, known, refusal.choices)
        for n, (draft, refusal) in enumerate(zip(drafts, wrong, strict=True))
    ]
    look = any(refusal.problems for refusal in wrong)
    return visit.page(
        "recipes/import.html",
        422 if refused else 200,
        drafts=drafts,
        asked=asked,
        problems=[refusal.problems for refusal in wrong],
        problem=page_text(visit.language, "recipe.look") if look else "",
        later=[passed_on(recipe) for recipe in later],
        saved=saved,
    )
