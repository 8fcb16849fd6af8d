"""The kitchen: the dispenser's state, the jars, the recipes."""

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.domain.quotas import MOST_RECIPES
from yaguts.http.fields import IdInQuery
from yaguts.services.pantry import kitchen
from yaguts.services.runtime.hub import kitchen_topic
from yaguts.services.tryout.first_steps import first_steps
from yaguts.web.live import live
from yaguts.web.static_files import home
from yaguts.web.views.job_progress import progress_percent
from yaguts.web.views.newcomers import newcomers
from yaguts.web.views.recipe_address import dispenser_query
from yaguts.web.views.virtual import may_start
from yaguts.web.views.watching.job_words import state_of, waits_for
from yaguts.web.views.watching.news import KitchenNews
from yaguts.web.visit import Context, Visit, VisitDep

router = APIRouter()

KitchenSearch = Annotated[str, Query(max_length=120)]
PageNumber = Annotated[int, Query(ge=1, le=MOST_RECIPES)]


@router.get("/")
def show(
    visit: VisitDep, q: KitchenSearch = "", dispenser: IdInQuery = None, page: PageNumber = 1
) -> Response:
    """Show the kitchen, and a page of the recipes that mention `q`."""
    context = context_of(visit, dispenser)
    seen = context["kitchen"]
    found = kitchen.cards(visit.site, visit.kitchen_id, seen, q, page)
    # Whoever searches is not shown them.
    steps = None if q else first_steps(visit.site, visit.kitchen_id, seen, found.found)
    address = partial(_address, q=q, dispenser=dispenser)
    return visit.page("kitchen.html", **context, q=q, found=found, steps=steps, address=address)


@router.get("/live")
def follow(visit: VisitDep, dispenser: IdInQuery = None) -> Response:
    """Send the kitchen's state whenever it changes. The recipes stay while somebody reads them."""

    def look() -> str:
        later = visit.later()
        return later.html("parts/kitchen_state.html", **context_of(later, dispenser))

    return live(
        visit.site, visit.person.id, kitchen_topic(visit.kitchen_id), look, KitchenNews(visit)
    )


def context_of(visit: Visit, dispenser_id: int | None) -> Context:
    """What the state of the kitchen shows."""
    seen = kitchen.look(visit.site, visit.kitchen_id, dispenser_id)
    active = None if seen.active is None else seen.active.job
    steps = {} if active is None else visit.site.progress.of(active.id)
    percent = None if active is None else progress_percent(active, steps)
    return {
        "kitchen": seen,
        "percent": percent,
        "state": None if active is None else state_of(active, seen.dispenser, visit.now),
        "waits": None if active is None else waits_for(active, seen.dispenser, visit.now),
        "may_start": may_start(visit, seen.dispenser),
        "dispenser": seen.dispenser,
        "query": dispenser_query(seen.dispenser),
        "newcomers": newcomers(visit),
    }


def _address(**query: object) -> str:
    """The address of the page with this query."""
    said = urlencode({name: value for name, value in query.items() if value})
    return f"{home()}?{said}".rstrip("?")
