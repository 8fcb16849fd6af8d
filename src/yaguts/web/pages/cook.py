"""Cook: how many people, what each jar will give, and the button that orders."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.datastructures import FormData
from starlette.responses import Response

from yaguts.api.schemas.jobs import OrderIn
from yaguts.domain.errors import Busy, Conflict, NotAsShown
from yaguts.domain.jobs.smallest_dose import is_below_smallest
from yaguts.http.fields import IdInPath, IdInQuery
from yaguts.services.jobs import orders
from yaguts.services.jobs.preview import Preview, Share, preview
from yaguts.translations import Language
from yaguts.translations.pages import page_text
from yaguts.web.amounts.of_recipes import told_of_small
from yaguts.web.amounts.typed import as_written
from yaguts.web.forms import FormDep, Refusal, checked, typed, whole
from yaguts.web.static_files import home
from yaguts.web.views.obstacles import obstacles
from yaguts.web.views.recipe_address import dispenser_query, recipe_address
from yaguts.web.views.shown.order import SHOWN, as_shown, shown_in, told
from yaguts.web.visit import Visit, VisitDep
from yaguts_wire.values import MAX_ID

router = APIRouter()

QUICK = (1, 2, 4, 6, 8, 10)
MOST_PEOPLE = 100

Typed = Annotated[str, Query(max_length=9)]


@router.get("/recipes/{recipe_id}")
def show(
    visit: VisitDep,
    recipe_id: IdInPath,
    people: Typed = "",
    hand: Typed = "",
    dispenser: IdInQuery = None,
) -> Response:
    """Show a recipe for a number of people, before anything is ordered."""
    seen = _look(visit, recipe_id, _people(people), dispenser, by_hand=bool(hand))
    return _cook(visit, seen, said=_said(visit, people))


@router.post("/orders")
def order(visit: VisitDep, form: FormDep) -> Response:
    """Order it and show the job."""
    if _is_other_number(form):
        return _show_instead(visit, form)
    fields = {
        "recipe_id": typed(form, "recipe"),
        "people": typed(form, "people"),
        "dispenser_id": typed(form, "dispenser") or None,
        "by_hand": bool(typed(form, "hand")),
    }
    try:
        body = checked(OrderIn, fields, visit.language)
    except Refusal:
        return visit.go(home())
    wanted = replace(body.order(), shown=as_shown(typed(form, SHOWN)))
    try:
        job = orders.order(visit.site, visit.kitchen_id, wanted, visit.actor)
    except NotAsShown as error:
        seen = _look(visit, body.recipe_id, body.people, body.dispenser_id, by_hand=body.by_hand)
        return _cook(visit, seen, 409, differences=told(error, visit.language))
    except Conflict as error:
        # The page itself says that the dispenser is busy, with a link to the running job.
        wrong = "" if isinstance(error, Busy) else visit.explain(error)
        seen = _look(visit, body.recipe_id, body.people, body.dispenser_id, by_hand=body.by_hand)
        return _cook(visit, seen, 409, wrong)
    return visit.go(f"{home()}jobs/{job.id}")


def _is_other_number(form: FormData) -> bool:
    """Whether the field has another number of people than the button, as it may without a script,
    or only asks what it would be.
    """
    button = typed(form, "button")
    return bool(typed(form, "show")) or bool(button and button != typed(form, "people"))


def _show_instead(visit: Visit, form: FormData) -> Response:
    """The recipe for the number in the field. Nothing is ordered."""
    recipe, dispenser = whole(typed(form, "recipe"), 1, MAX_ID), typed(form, "dispenser")
    if recipe is None:
        return visit.go(home())
    people, by_hand = typed(form, "people"), bool(typed(form, "hand"))
    wanted = whole(dispenser, 1, MAX_ID)
    seen = _look(visit, recipe, _people(people), wanted, by_hand=by_hand)
    if typed(form, "show") and not _said(visit, people):
        return visit.go(recipe_address(seen, seen.people))
    said = _said(visit, people) or page_text(visit.language, "cook.people_changed")
    return _cook(visit, seen, 200 if typed(form, "show") else 409, said=said)


def _said(visit: Visit, people: str) -> str:
    """What the page says of a number that was typed."""
    if whole(people, MOST_PEOPLE + 1, MAX_ID) is None:
        return ""
    return page_text(visit.language, "cook.at_most", n=MOST_PEOPLE)


def _look(
    visit: Visit, recipe_id: int, people: int | None, dispenser_id: int | None, *, by_hand: bool
) -> Preview:
    return preview(visit.site, visit.kitchen_id, recipe_id, people, dispenser_id, by_hand=by_hand)


def _cook(
    visit: Visit,
    seen: Preview,
    status: int = 200,
    wrong: str = "",
    differences: Sequence[str] = (),
    said: str = "",
) -> Response:
    hurdles = obstacles(seen, visit.language, visit.person)
    return visit.page(
        "recipes/cook.html",
        status,
        seen=seen,
        address=partial(recipe_address, seen),
        query=dispenser_query(seen.dispenser),
        obstacles=hurdles,
        differences=differences,
        shown=shown_in(seen),
        # The page says these obstacles jar by jar already.
        wrong="" if hurdles else wrong,
        written=[
            as_written(part, seen.recipe, seen.people, visit.language)
            for part in seen.recipe.ingredients
        ],
        small=[_too_small(share, visit.language) for share in seen.shares],
        said=said,
        quick=QUICK,
        most=MOST_PEOPLE,
    )


def _too_small(share: Share, language: Language) -> str:
    """The sentence about a dose that is too little for its jar, or ""."""
    jar = None if share.level is None else share.level.jar
    if jar is None or not jar.rate or not is_below_smallest(share.quantity, jar.rate):
        return ""
    return page_text(language, "cook.small", **told_of_small(jar, language))


def _people(text: str) -> int | None:
    """The number of people, at most the largest that is allowed: more is a typing error."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(max(int(text), 1), MOST_PEOPLE)
