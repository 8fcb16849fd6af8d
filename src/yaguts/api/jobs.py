"""The jobs of a kitchen."""

from fastapi import APIRouter

from yaguts.api.openapi.examples import REASONS
from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.jobs import (
    ActiveJob,
    ActiveOut,
    CancelledOut,
    JobOut,
    OrderIn,
    QueueOut,
    job_out,
    queue_out,
)
from yaguts.domain.errors import (
    Busy,
    Changed,
    JobTooLarge,
    NotFound,
    NotPlannable,
    NotPossibleNow,
    QueueFull,
    UnsendableSpice,
)
from yaguts.domain.jobs.job import Job
from yaguts.domain.people import Person
from yaguts.http.access import ActorDep, PersonDep, SiteDep
from yaguts.http.fields import IdInPath
from yaguts.http.lean.route import PersonRoute
from yaguts.services.delivery.job_message import STATUS_WORDS
from yaguts.services.jobs import orders
from yaguts.services.runtime.context import Site

router = APIRouter(prefix="/jobs", tags=["jobs"], route_class=PersonRoute)

_REFUSED = refusals(
    NotFound(what="recipe"),
    NotFound(what="dispenser"),
    Busy(job_id=41),
    NotPlannable(REASONS),
    JobTooLarge(),
    UnsendableSpice(spice="Sal"),
    QueueFull(),
    Changed(),
)


@router.post("", status_code=201, responses=_REFUSED)
@router.post("/", status_code=201, include_in_schema=False)
def order(site: SiteDep, person: PersonDep, actor: ActorDep, body: OrderIn) -> JobOut:
    """Order a recipe from the dispenser that is named, or from the default one."""
    wanted = body.order()
    job = orders.order(site, person.kitchen_id, wanted, actor)
    parts = orders.by_hand(site, person.kitchen_id, job.id) if wanted.by_hand else ()
    return job_out(job, by_hand=parts)


@router.get("/active")
def active(site: SiteDep, person: PersonDep) -> ActiveOut:
    """Return the id, the status and the start of the job under way."""
    job = orders.active(site, person.kitchen_id)
    if job is None:
        return ActiveOut(active=None)
    status = STATUS_WORDS[job.state]
    return ActiveOut(active=ActiveJob(id=job.id, status=status, started_at=job.started_at))


@router.post("/active/cancel", responses=refusals(Changed()))
def cancel(site: SiteDep, person: PersonDep, actor: ActorDep) -> CancelledOut:
    """Cancel all jobs under way or queued. What falls before the dispenser stops is charged."""
    return CancelledOut(cancelled=orders.cancel_active(site, person.kitchen_id, actor))


@router.get("/queue")
def queue(site: SiteDep, person: PersonDep) -> QueueOut:
    """List the jobs in the queues of the kitchen's dispensers, oldest first."""
    return queue_out(orders.active_jobs(site, person.kitchen_id))


@router.get("/{job_id:id}", responses=refusals(NotFound(what="job")))
def find(site: SiteDep, person: PersonDep, job_id: IdInPath) -> JobOut:
    """Return one job, with its progress if it is known."""
    return _with_progress(site, person, orders.find(site, person.kitchen_id, job_id))


@router.post("/{job_id}/cancel", responses=refusals(NotFound(what="job"), Changed()))
def cancel_one(site: SiteDep, person: PersonDep, actor: ActorDep, job_id: IdInPath) -> JobOut:
    """Cancel one job, under way or queued. A job that has ended stays as it is."""
    return _with_progress(site, person, orders.cancel(site, person.kitchen_id, job_id, actor))


@router.post(
    "/{job_id}/resume",
    responses=refusals(NotFound(what="job"), NotPossibleNow(event="resume"), Changed()),
)
def resume(site: SiteDep, person: PersonDep, actor: ActorDep, job_id: IdInPath) -> JobOut:
    """Give the resume consent: the dispenser goes on with a job after an outage."""
    return _with_progress(site, person, orders.resume(site, person.kitchen_id, job_id, actor))


def _with_progress(site: Site, person: Person, job: Job) -> JobOut:
    by_hand = orders.by_hand(site, person.kitchen_id, job.id)
    return job_out(job, site.progress.of(job.id), by_hand)
