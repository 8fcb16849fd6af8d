"""Cook: how many people, what each jar will give, and the one big button."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.api.fields import IdInPath
from yaguts.api.job_schemas import OrderIn
from yaguts.domain.errors import Busy, Conflict
from yaguts.services import jobs
from yaguts.services.preview import preview
from yaguts.web.forms import FormDep, Refusal, checked, typed
from yaguts.web.remedies import obstacles
from yaguts.web.static_files import HOME
from yaguts.web.visit import Visit, VisitDep
from yaguts_wire import words as w

router = APIRouter()

QUICK = (1, 2, 4, 6, 8, 10)
MOST_PEOPLE = 100


@router.get("/recipes/{recipe_id}")
def show(
    visit: VisitDep, recipe_id: IdInPath, people: Annotated[str, Query(max_length=9)] = ""
) -> Response:
    """A recipe for so many people, before anything happens."""
    return _cook(visit, recipe_id, _people(people))


@router.post("/orders")
def order(visit: VisitDep, form: FormDep) -> Response:
    """Order it, and watch."""
    fields = {w.RECIPE_ID: typed(form, "recipe"), w.PEOPLE: typed(form, "people")}
    try:
        wanted = checked(OrderIn, fields, visit.language)
    except Refusal:
        return visit.go(HOME)
    try:
        job = jobs.order(visit.site, visit.person_id, jobs.Order(wanted.recipe_id, wanted.people))
    except Busy:
        # The page says so by itself, with the way to what is under way.
        return _cook(visit, wanted.recipe_id, wanted.people, status=409)
    except Conflict as error:
        wrong = visit.explain(error)
        return _cook(visit, wanted.recipe_id, wanted.people, status=409, wrong=wrong)
    return visit.go(f"{HOME}jobs/{job.id}")


def _cook(
    visit: Visit, recipe_id: int, people: int | None, status: int = 200, wrong: str = ""
) -> Response:
    seen = preview(visit.site, visit.person_id, recipe_id, people)
    hurdles = obstacles(seen, visit.language)
    # What the page says jar by jar is not said twice.
    shown = {"seen": seen, "obstacles": hurdles, "wrong": "" if hurdles else wrong}
    return visit.page("cook.html", status, **shown, quick=QUICK, most=MOST_PEOPLE)


def _people(text: str) -> int | None:
    """As many as there may be: a thousand guests are a slip of the thumb."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(max(int(text), 1), MOST_PEOPLE)
