"""Reports whose job is not there, and what their owner says is to become of them."""

from fastapi import APIRouter
from pydantic import Field

from yaguts.api.access import ActorDep, OwnerDep, SiteDep
from yaguts.api.fields import IdInPath, Ok, Outbound, UtcTime
from yaguts.api.refusals import refusals
from yaguts.domain.errors import AlreadySettled, Changed, NotFound, UnknownJar
from yaguts.domain.unclaimed import Dose, Unclaimed
from yaguts.services import unclaimed
from yaguts_wire import words as w
from yaguts_wire.values import grams

router = APIRouter(prefix="/relatorios", tags=["kept reports"])


class DoseOut(Outbound):
    """What a kept report says of one dose: the upper bound is what would be charged."""

    order: int = Field(serialization_alias=w.ORDER)
    jar: int = Field(serialization_alias=w.JAR)
    spice: str = Field(serialization_alias=w.SPICE)
    quantity: float = Field(serialization_alias=w.QUANTITY_G)
    at_least: float = Field(serialization_alias=w.AT_LEAST_G)
    status: str


class KeptOut(Outbound):
    """A kept report. `job_id` is what the dispenser calls the job."""

    id: int
    dispenser_id: int = Field(serialization_alias=w.DEVICE_ID)
    job_id: int = Field(serialization_alias=w.JOB_ID)
    received_at: UtcTime = Field(serialization_alias=w.RECEIVED_AT)
    doses: list[DoseOut] = Field(serialization_alias=w.ITEMS)


class KeptReportsOut(Outbound):
    """Reports of which nothing is decided yet, oldest first."""

    reports: list[KeptOut] = Field(serialization_alias=w.REPORTS)


@router.get("")
def undecided(site: SiteDep, owner: OwnerDep) -> KeptReportsOut:
    """Reports whose job is not there, or is another's by now."""
    found = unclaimed.undecided(site, owner.id)
    return KeptReportsOut(reports=[_kept(one) for one in found])


@router.post(
    "/{report_id}/lancar",
    responses=refusals(NotFound(what="report"), UnknownJar(), AlreadySettled(), Changed()),
)
def book(site: SiteDep, owner: OwnerDep, actor: ActorDep, report_id: IdInPath) -> Ok:
    """Charge the jars with what it says. Asking again changes nothing."""
    unclaimed.book(site, owner.id, report_id, actor)
    return Ok()


@router.post(
    "/{report_id}/descartar", responses=refusals(NotFound(what="report"), AlreadySettled())
)
def dismiss(site: SiteDep, owner: OwnerDep, actor: ActorDep, report_id: IdInPath) -> Ok:
    """Have nothing come of it."""
    unclaimed.dismiss(site, owner.id, report_id, actor)
    return Ok()


def _kept(kept: Unclaimed) -> KeptOut:
    return KeptOut(
        id=kept.id,
        dispenser_id=kept.dispenser_id,
        job_id=kept.job_id,
        received_at=kept.received_at,
        doses=[_dose(dose) for dose in kept.doses],
    )


def _dose(dose: Dose) -> DoseOut:
    return DoseOut(
        order=dose.order,
        jar=dose.jar,
        spice=dose.spice,
        quantity=grams(dose.fell),
        at_least=grams(dose.fell_at_least),
        status=w.DONE if dose.done else w.FAILED,
    )
