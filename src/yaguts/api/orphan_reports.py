"""Orphan reports: the owner books or dismisses them."""

from typing import Annotated

from fastapi import APIRouter, Query

from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.orphan_reports import OrphanReportsOut, orphan_report_out
from yaguts.domain.errors import AlreadySettled, Changed, NotFound, UnknownJar
from yaguts.http.access import ActorDep, OwnerDep, SiteDep
from yaguts.http.fields import IdInPath, Ok
from yaguts.services.delivery import orphan_reports
from yaguts_wire import words as w
from yaguts_wire.values import MAX_ID

router = APIRouter(prefix="/relatorios", tags=["orphan reports"])


@router.get("")
def undecided(
    site: SiteDep,
    owner: OwnerDep,
    after: Annotated[int | None, Query(alias=w.AFTER, ge=1, le=MAX_ID)] = None,
) -> OrphanReportsOut:
    """List the orphan reports that are neither booked nor dismissed.

    A hundred of them, oldest first; `depois` pages on.
    """
    found = orphan_reports.undecided(site, owner.kitchen_id, after)
    return OrphanReportsOut(reports=[orphan_report_out(report) for report in found])


@router.post(
    "/{report_id}/lancar",
    responses=refusals(NotFound(what="report"), UnknownJar(), AlreadySettled(), Changed()),
)
def book(site: SiteDep, owner: OwnerDep, actor: ActorDep, report_id: IdInPath) -> Ok:
    """Charge the jars with the amounts of an orphan report. Repeating it changes nothing."""
    orphan_reports.book(site, owner.kitchen_id, report_id, actor)
    return Ok()


@router.post(
    "/{report_id}/descartar", responses=refusals(NotFound(what="report"), AlreadySettled())
)
def dismiss(site: SiteDep, owner: OwnerDep, actor: ActorDep, report_id: IdInPath) -> Ok:
    """Dismiss an orphan report. The stock stays as it is."""
    orphan_reports.dismiss(site, owner.kitchen_id, report_id, actor)
    return Ok()
