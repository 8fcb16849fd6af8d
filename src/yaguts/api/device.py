"""A dispenser's calls about jobs. `next_job` tells firmware 0.2 from 0.1."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from yaguts.api.openapi.refusals import Answers, refusals
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
from yaguts.http.access import DispenserDep, SiteDep
from yaguts.http.fields import IdInPath, Ok
from yaguts.services.delivery import handover, reports
from yaguts.services.delivery.job_message import job_message
from yaguts.services.delivery.long_poll import wait_for_job
from yaguts.translations import translated
from yaguts_wire import words as w
from yaguts_wire.limits import MAX_POLL_S

router = APIRouter(prefix="/devices/me", tags=["jobs for dispensers"])

_NOT_ITS_JOB = (NotFound(what="job"), NotYours())
_BAD_REPORT = [
    BadReport(problem=problem)
    for problem in ("counts", "not_in_job", "too_much", "interval", "negative")
]
_FETCHED: Answers = {200: {"model": OfferOut}, 204: {"description": "There is none."}}

Wait = Annotated[float | None, Query(ge=0, le=MAX_POLL_S)]
Holding = Annotated[str | None, Header(alias=w.HOLDING_HEADER, max_length=64)]


@router.get("/next_job", response_class=Response, responses=_FETCHED)
async def next_job(
    request: Request,
    site: SiteDep,
    dispenser: DispenserDep,
    wait: Wait = None,
    holding: Holding = None,
) -> Response:
    """Return the job to dispense, or 204.

    With `wait` or `Yaguts-Holding` the job is an offer that the dispenser must accept. Without
    either the caller is firmware 0.1, and the job has been handed over.
    """
    if wait is not None or holding is not None:
        has_gone = request.is_disconnected
        job = await wait_for_job(site, dispenser.id, holding or "", wait or 0, has_gone)
    elif await request.is_disconnected():
        job = None  # a job fetched now would never reach the dispenser
    else:
        job = await run_in_threadpool(handover.fetch, site, dispenser.id)
    if job is None:
        return Response(status_code=204)
    return Response(job_message(job, site.clock()), media_type="application/json")


@router.post(
    "/jobs/{job_id}/accept",
    responses=refusals(*_NOT_ITS_JOB, NotPossibleNow(event=JobEvent.ACCEPTED), Changed()),
)
def accept(site: SiteDep, dispenser: DispenserDep, job_id: IdInPath, body: AcceptIn) -> AcceptedOut:
    """Accept an offered job. The dispenser may start it."""
    handover.accept(site, dispenser.id, job_id, body.job_key, body.acceptance)
    return AcceptedOut(job_key=body.job_key)


@router.post(
    "/jobs/{job_id}/progress",
    response_model_exclude_none=True,
    responses=refusals(*_NOT_ITS_JOB, NotPossibleNow(), BadReport()),
)
def progress(
    site: SiteDep, dispenser: DispenserDep, job_id: IdInPath, body: ProgressIn
) -> ProgressOut:
    """Send a dose's progress. The answer says whether to stop, or to go on after an outage."""
    answer = handover.progress(site, dispenser.id, job_id, body.progress())
    return ProgressOut(cancel=answer.cancel, resume=body.question if answer.resume else None)


@router.post("/jobs/{job_id}/status", responses=refusals(*_NOT_ITS_JOB, Changed()))
def status(site: SiteDep, dispenser: DispenserDep, job_id: IdInPath, body: StatusIn) -> Ok:
    """Set a job's status: started, done or failed. Firmware up to 0.1.3 uses it."""
    if body.status == w.RUNNING:
        reports.still_running(site, dispenser.id, job_id)
    else:
        done = body.status == w.DONE
        reports.finish(site, dispenser.id, job_id, done=done, error=body.error)
    return Ok()


@router.post(
    "/jobs/{job_id}/complete",
    responses=refusals(*_NOT_ITS_JOB, *_BAD_REPORT, Changed()),
)
def complete(
    site: SiteDep, dispenser: DispenserDep, job_id: IdInPath, body: ReportIn
) -> ReportedOut:
    """Report a job. 200 means that the report is stored durably."""
    job = reports.complete(site, dispenser.id, job_id, body.received())
    return ReportedOut(stock_deducted=job is not None and job.stock_deducted, message=_message(job))


def _message(job: Job | None) -> str:
    if job is None:
        return translated("report.orphan")
    return translated("report.booked" if job.stock_deducted else "report.booked_nothing")
