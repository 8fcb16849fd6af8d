"""A dispenser's calls about jobs. `next_job` tells firmware 0.2 from 0.1.

A report is never refused for what it says: firmware repeats what is refused, and serves no more.
"""

import re
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BeforeValidator
from starlette.types import Scope

from yaguts.api.openapi.any_body import any_body
from yaguts.api.openapi.refusals import Answers, refusals
from yaguts.api.report_body import job_id_in, read_report, read_status
from yaguts.api.schemas.device import (
    AcceptedOut,
    AcceptIn,
    OfferOut,
    ProgressIn,
    ProgressOut,
    ReportedOut,
    ReportIn,
    StatusIn,
)
from yaguts.domain.errors import BadReport, Changed, NotFound, NotPossibleNow, NotYours
from yaguts.domain.jobs.job import Job, JobEvent
from yaguts.http.access import RecognisedDep, SiteDep
from yaguts.http.fields import IdInPath, Ok
from yaguts.http.lean.route import BodyDep, DispenserRoute
from yaguts.http.public_address import route_path
from yaguts.services.delivery import handover, reports
from yaguts.services.delivery.job_message import job_message
from yaguts.services.delivery.long_poll import wait_for_job
from yaguts.services.runtime.threads import briefly
from yaguts.translations import translated
from yaguts_wire import words as w
from yaguts_wire.limits import MAX_POLL_S
from yaguts_wire.values import MAX_ID

router = APIRouter(prefix="/devices/me", tags=["jobs for dispensers"], route_class=DispenserRoute)

_NOT_ITS_JOB = (NotFound(what="job"), NotYours())
_REPORTS = re.compile("/devices/me/jobs/[^/]+/(complete|status)")
_FETCHED: Answers = {200: {"model": OfferOut}, 204: {"description": "There is none."}}

Wait = Annotated[float | None, Query(ge=0, le=MAX_POLL_S)]
Holding = Annotated[str | None, Header(alias=w.HOLDING_HEADER, max_length=64)]
AnyJobId = Annotated[
    int, BeforeValidator(job_id_in), Path(json_schema_extra={"minimum": 1, "maximum": MAX_ID})
]
"""The id of a job that is reported, known or not; 0 if it can be none."""


def takes_anything(scope: Scope) -> bool:
    """Whether a request is a report, whose body may be anything."""
    return scope["method"] == "POST" and bool(_REPORTS.fullmatch(route_path(scope)))


@router.get("/next_job", response_class=Response, responses=_FETCHED)
async def next_job(
    request: Request,
    site: SiteDep,
    dispenser: RecognisedDep,
    wait: Wait = None,
    holding: Holding = None,
) -> Response:
    """Return the job to dispense, or 204.

    With `wait` or `Yaguts-Holding` the job is an offer that the dispenser must accept. Without
    either the caller is firmware 0.1, and the job has been handed over.
    """
    if wait is not None or holding is not None:
        has_gone = request.is_disconnected
        job = await wait_for_job(site, dispenser, holding or "", wait or 0, has_gone)
    elif await request.is_disconnected():
        job = None  # a job fetched now would never reach the dispenser
    else:
        job = await briefly(handover.fetch)(site, dispenser)
    if job is None:
        return Response(status_code=204)
    return Response(job_message(job, site.clock()), media_type="application/json")


@router.post(
    "/jobs/{job_id}/accept",
    responses=refusals(*_NOT_ITS_JOB, NotPossibleNow(event=JobEvent.ACCEPTED), Changed()),
)
def accept(
    site: SiteDep, dispenser: RecognisedDep, job_id: IdInPath, body: AcceptIn
) -> AcceptedOut:
    """Accept an offered job. The dispenser may start it."""
    handover.accept(site, dispenser, job_id, body.job_key, body.acceptance)
    return AcceptedOut(job_key=body.job_key)


@router.post(
    "/jobs/{job_id}/progress",
    response_model_exclude_none=True,
    responses=refusals(*_NOT_ITS_JOB, NotPossibleNow(), BadReport()),
)
def progress(
    site: SiteDep, dispenser: RecognisedDep, job_id: IdInPath, body: ProgressIn
) -> ProgressOut:
    """Send a dose's progress. The answer says whether to stop, or to go on after an outage."""
    answer = handover.progress(site, dispenser, job_id, body.progress())
    return ProgressOut(cancel=answer.cancel, resume=body.question if answer.resume else None)


@router.post("/jobs/{job_id}/status", openapi_extra=any_body(StatusIn))
def status(site: SiteDep, dispenser: RecognisedDep, job_id: AnyJobId, body: BodyDep) -> Ok:
    """Set a job's status: started, done or failed. Firmware up to 0.1.3 uses it.

    Whatever the body says is answered 200, as with a report.
    """
    received = read_status(body)
    if received is None:
        reports.still_running(site, dispenser, job_id)
    else:
        reports.complete(site, dispenser, job_id, received)
    return Ok()


@router.post("/jobs/{job_id}/complete", openapi_extra=any_body(ReportIn))
def complete(
    site: SiteDep, dispenser: RecognisedDep, job_id: AnyJobId, body: BodyDep
) -> ReportedOut:
    """Report a job. 200 means that the report is stored durably.

    Whatever the body says is answered 200. What contradicts the job is kept for its owner, and
    charges no jar with more than was planned for it.
    """
    job = reports.complete(site, dispenser, job_id, read_report(body))
    return ReportedOut(stock_deducted=job is not None and job.stock_deducted, message=_message(job))


def _message(job: Job | None) -> str:
    if job is None:
        return translated("report.orphan")
    return translated("report.booked" if job.stock_deducted else "report.booked_nothing")
