"""The news of the kitchen for pages that follow nothing else."""

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.services.runtime.hub import kitchen_topic
from yaguts.web.live import live
from yaguts.web.views.watching.news import KitchenNews
from yaguts.web.visit import VisitDep

router = APIRouter(prefix="/news")


@router.get("")
def follow(visit: VisitDep) -> Response:
    """Send the news whenever there are others."""

    def nothing_else() -> str:
        visit.later()
        return ""

    topic = kitchen_topic(visit.kitchen_id)
    return live(visit.site, visit.person.id, topic, nothing_else, KitchenNews(visit))
