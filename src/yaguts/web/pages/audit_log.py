"""The audit log: who did what in this kitchen, when, and from where."""

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.http.fields import IdInQuery
from yaguts.services import audit_log
from yaguts.translations.audit_log import audit_entry_text
from yaguts.web.visit import OwnersVisitDep

router = APIRouter(prefix="/trail")


@router.get("")
def show(visit: OwnersVisitDep, before: IdInQuery = None) -> Response:
    """Show a page of entries, newest first."""
    lines = audit_log.of_kitchen(visit.site, visit.kitchen_id, before)
    told = [(line, audit_entry_text(line.entry, visit.language)) for line in lines]
    older = lines[-1].id if len(lines) == audit_log.PAGE else None
    return visit.page("audit_log.html", told=told, older=older)
