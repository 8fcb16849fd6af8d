"""Maintenance: a dose, a purge or a cleaning, without a recipe. Each is a job."""

from fastapi import APIRouter

from yaguts.api.openapi.examples import NOT_EMPTY, OUT_OF_REACH, REASONS
from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.jobs import JobOut, job_out
from yaguts.api.schemas.maintenance import CleaningIn, DoseIn, PurgeIn
from yaguts.domain.errors import (
    Busy,
    Changed,
    JobTooLarge,
    NotFound,
    NotPlannable,
    QueueFull,
    UnknownJar,
    UnsendableSpice,
)
from yaguts.domain.units import milligrams, milliseconds
from yaguts.http.access import ActorDep, OwnerDep, PersonDep, SiteDep
from yaguts.http.fields import IdInPath
from yaguts.services.jobs import maintenance

router = APIRouter(prefix="/devices/{dispenser_id}", tags=["maintenance"])

_REFUSED = (
    NotFound(what="dispenser"),
    UnknownJar(),
    Busy(job_id=41),
    QueueFull(),
    JobTooLarge(),
    UnsendableSpice(spice="Sal"),
    Changed(),
)


@router.post("/dose", status_code=201, responses=refusals(*_REFUSED, NotPlannable(REASONS)))
def dose(
    site: SiteDep, person: PersonDep, actor: ActorDep, dispenser_id: IdInPath, body: DoseIn
) -> JobOut:
    """Order a dose of one jar, in grams."""
    quantity = milligrams(body.quantity)
    job = maintenance.order_dose(site, person.kitchen_id, dispenser_id, body.jar, quantity, actor)
    return job_out(job)


@router.post("/purge", status_code=201, responses=refusals(*_REFUSED, NotPlannable(OUT_OF_REACH)))
def purge(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: PurgeIn
) -> JobOut:
    """Run one jar to clear or to empty it. What falls is booked as waste."""
    duration = milliseconds(body.duration)
    return job_out(
        maintenance.order_purge(site, owner.kitchen_id, dispenser_id, body.jar, duration, actor)
    )


@router.post("/cleaning", status_code=201, responses=refusals(*_REFUSED, NotPlannable(NOT_EMPTY)))
def clean(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: CleaningIn
) -> JobOut:
    """Run short pulses of emptied jars, one after the other."""
    return job_out(
        maintenance.order_cleaning(site, owner.kitchen_id, dispenser_id, body.jars, actor)
    )
