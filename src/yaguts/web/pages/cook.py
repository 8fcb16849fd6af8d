"""Cook: how many people, what each jar will give, and the button that orders."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.api.schemas.jobs import OrderIn
from yaguts.domain.errors import Busy, Conflict
from yaguts.http.fields import IdInPath, IdInQuery
from yaguts.services.jobs import orders
from yaguts.services.jobs.preview import Preview, preview
from yaguts.web.forms import FormDep, Refusal, checked, typed
from yaguts.web.static_files import home
from yaguts.web.views.obstacles import obstacles
from yaguts.web.views.recipe_address import dispenser_query, recipe_address
from yaguts.web.visit import Visit, VisitDep

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
    return _cook(visit, _look(visit, recipe_id, _people(people), dispenser, by_hand=bool(hand)))


@router.post("/orders")
def order(visit: VisitDep, form: FormDep) -> Response:
    """Order it and show the job."""
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
    wanted = body.order()
    try:
        job = orders.order(visit.site, visit.kitchen_id, wanted, visit.actor)
    except Conflict as error:
        # The page itself says that the dispenser is busy, with a link to the running job.
        wrong = "" if isinstance(error, Busy) else visit.explain(error)
        seen = _look(visit, body.recipe_id, body.people, body.dispenser_id, by_hand=body.by_hand)
        return _cook(visit, seen, 409, wrong)
    return visit.go(f"{home()}jobs/{job.id}")


def _look(
    visit: Visit, recipe_id: int, people: int | None, dispenser_id: int | None, *, by_hand: bool
) -> Preview:
    return preview(visit.site, visit.kitchen_id, recipe_id, people, dispenser_id, by_hand=by_hand)


def _cook(visit: Visit, seen: Preview, status: int = 200, wrong: str = "") -> Response:
    hurdles = obstacles(seen, visit.language, visit.person)
    return visit.page(
        "recipes/cook.html",
        status,
        seen=seen,
        address=partial(recipe_address, seen),
        query=dispenser_query(seen.dispenser),
        obstacles=hurdles,
        # The page says these obstacles jar by jar already.
        wrong="" if hurdles else wrong,
        quick=QUICK,
        most=MOST_PEOPLE,
    )


def _people(text: str) -> int | None:
    """The number of people, at most the largest that is allowed: more is a typing error."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(max(int(text), 1), MOST_PEOPLE)
