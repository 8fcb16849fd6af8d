"""Reports whose job is not there, and what their owner says is to become of them."""

from fastapi import APIRouter

from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.orphan_reports import OrphanReportsOut, orphan_report_out
from yaguts.domain.errors import AlreadySettled, Changed, NotFound, UnknownJar
from yaguts.http.access import ActorDep, OwnerDep, SiteDep
from yaguts.http.fields import IdInPath, Ok
from yaguts.services.delivery import orphan_reports

router = APIRouter(prefix="/relatorios", tags=["kept reports"])


@router.get("")
def undecided(site: SiteDep, owner: OwnerDep) -> OrphanReportsOut:
    """Reports whose job is not there, or is another's by now."""
    found = orphan_reports.undecided(site, owner.kitchen_id)
    return OrphanReportsOut(reports=[orphan_report_out(one) for one in found])


@router.post(
    "/{report_id}/lancar",
    responses=refusals(NotFound(what="report"), UnknownJar(), AlreadySettled(), Changed()),
)
def book(site: SiteDep, owner: OwnerDep, actor: ActorDep, report_id: IdInPath) -> Ok:
    """Charge the jars with what it says. Asking again changes nothing."""
    orphan_reports.book(site, owner.kitchen_id, report_id, actor)
    return Ok()


@router.post(
    "/{report_id}/descartar", responses=refusals(NotFound(what="report"), AlreadySettled())
)
def dismiss(site: SiteDep, owner: OwnerDep, actor: ActorDep, report_id: IdInPath) -> Ok:
    """Have nothing come of it."""
    orphan_reports.dismiss(site, owner.kitchen_id, report_id, actor)
    return Ok()
