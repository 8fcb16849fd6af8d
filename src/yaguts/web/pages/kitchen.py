"""The kitchen: the dispenser's state, the jars, the recipes."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.http.fields import IdInQuery
from yaguts.services.pantry import kitchen
from yaguts.services.runtime.hub import kitchen_topic
from yaguts.services.tryout.first_steps import first_steps
from yaguts.web.live import live
from yaguts.web.views.job_progress import progress_percent
from yaguts.web.views.newcomers import newcomers
from yaguts.web.views.recipe_address import dispenser_query
from yaguts.web.visit import Context, Visit, VisitDep

router = APIRouter()

KitchenSearch = Annotated[str, Query(max_length=120)]


@router.get("/")
def show(visit: VisitDep, q: KitchenSearch = "", dispenser: IdInQuery = None) -> Response:
    """Show the kitchen, and the recipes that mention `q`."""
    context = _context(visit, q, dispenser)
    steps = first_steps(visit.site, visit.kitchen_id, context["kitchen"])
    return visit.page("kitchen.html", **context, steps=steps)


@router.get("/live")
def follow(visit: VisitDep, dispenser: IdInQuery = None) -> Response:
    """Send the kitchen's state whenever it changes. The recipes stay while somebody reads them."""

    def look() -> str:
        later = visit.later()
        return later.html("parts/kitchen_state.html", **_context(later, "", dispenser))

    return live(visit.site, kitchen_topic(visit.kitchen_id), look)


def _context(visit: Visit, text: str, dispenser_id: int | None) -> Context:
    seen = kitchen.look(visit.site, visit.kitchen_id, text, dispenser_id)
    active = None if seen.active is None else seen.active.job
    steps = {} if active is None else visit.site.progress.of(active.id)
    percent = None if active is None else progress_percent(active, steps)
    return {
        "kitchen": seen,
        "q": text,
        "percent": percent,
        "dispenser": seen.dispenser,
        "query": dispenser_query(seen.dispenser),
        "newcomers": newcomers(visit),
    }
