"""Calibrating a jar: runs onto a kitchen scale, their weights, and the rate that they give."""

from fastapi import APIRouter

from yaguts.api.openapi.examples import OUT_OF_REACH
from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.calibration import (
    CalibrationOut,
    RunIn,
    WeightIn,
    calibration_out,
)
from yaguts.api.schemas.configuration import JarOut, WhichJar, jar_out
from yaguts.api.schemas.jobs import JobOut, job_out
from yaguts.domain.errors import (
    Busy,
    Changed,
    JobTooLarge,
    NotFound,
    NotPlannable,
    NotPossibleNow,
    TooFewRuns,
    UnknownJar,
    UnlabelledJar,
    UnsendableSpice,
)
from yaguts.domain.units import milligrams, milliseconds
from yaguts.http.access import ActorDep, OwnerDep, SiteDep
from yaguts.http.fields import IdInPath, JarInQuery
from yaguts.services.jobs import calibration

router = APIRouter(tags=["calibration"])

_NO_JAR = (NotFound(what="dispenser"), UnknownJar(), UnlabelledJar())
_NO_RUN = (NotFound(what="run"), NotPossibleNow())


@router.get("/devices/{dispenser_id}/calibration", responses=refusals(*_NO_JAR))
def look(
    site: SiteDep, owner: OwnerDep, dispenser_id: IdInPath, frasco: JarInQuery
) -> CalibrationOut:
    """Return the runs of a jar's calibration and the rate that they give."""
    return calibration_out(calibration.look(site, owner.kitchen_id, dispenser_id, frasco))


@router.post(
    "/devices/{dispenser_id}/calibration",
    status_code=201,
    responses=refusals(
        *_NO_JAR,
        Busy(job_id=41),
        NotPossibleNow(event="next_run"),
        NotPlannable(OUT_OF_REACH),
        JobTooLarge(),
        UnsendableSpice(spice="Sal"),
        Changed(),
    ),
)
def run(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: RunIn
) -> JobOut:
    """Run a jar onto the scale. The next run is refused until this one is weighed or put aside."""
    duration = milliseconds(body.duration)
    return job_out(
        calibration.order_run(site, owner.kitchen_id, dispenser_id, body.jar, duration, actor)
    )


@router.put("/jobs/{job_id}/weight", responses=refusals(*_NO_RUN, Changed()))
def weigh(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, job_id: IdInPath, body: WeightIn
) -> CalibrationOut:
    """Enter the weight that fell in a run. The stock is charged this weight."""
    weight = milligrams(body.weight)
    return calibration_out(calibration.weigh(site, owner.kitchen_id, job_id, weight, actor))


@router.delete("/jobs/{job_id}/weight", responses=refusals(*_NO_RUN))
def put_aside(site: SiteDep, owner: OwnerDep, job_id: IdInPath) -> CalibrationOut:
    """Put a run aside to repeat it. What fell in it stays charged."""
    return calibration_out(calibration.put_aside(site, owner.kitchen_id, job_id))


@router.post(
    "/devices/{dispenser_id}/calibration/accept",
    responses=refusals(*_NO_JAR, TooFewRuns(), NotPossibleNow(event="next_run")),
)
def accept(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: WhichJar
) -> JarOut:
    """Set the jar's rate to the one that its runs give."""
    return jar_out(calibration.accept(site, owner.kitchen_id, dispenser_id, body.jar, actor))
