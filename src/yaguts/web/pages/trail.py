"""The trail: who did what in this kitchen, when, and from where."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.sentences.deeds import deed
from yaguts.services import trail
from yaguts.web.visit import OwnersVisitDep
from yaguts_wire.values import MAX_ID

router = APIRouter(prefix="/trail")

Before = Annotated[int | None, Query(ge=1, le=MAX_ID)]


@router.get("")
def show(visit: OwnersVisitDep, before: Before = None) -> Response:
    """A page of lines, newest first."""
    lines = trail.of_kitchen(visit.site, visit.kitchen_id, before)
    told = [(line, deed(line.entry, visit.language)) for line in lines]
    older = lines[-1].id if len(lines) == trail.PAGE else None
    return visit.page("trail.html", told=told, older=older)
