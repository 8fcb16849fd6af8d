"""Watch a job, cancel it, see what fell, order what is missing."""

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.domain.errors import Conflict, NotFound
from yaguts.domain.jobs.job import FINAL, Failure, Job
from yaguts.domain.jobs.missing import surely_missing
from yaguts.domain.units import NOTHING
from yaguts.http.fields import IdInPath
from yaguts.services.jobs import orders
from yaguts.services.jobs.watch import Watched, watch
from yaguts.services.pantry import configuration
from yaguts.services.pantry.configuration import JarChange
from yaguts.services.runtime.hub import job_topic
from yaguts.web.errors import local_or_blank
from yaguts.web.forms import FormDep, typed
from yaguts.web.live import Last, live
from yaguts.web.static_files import home
from yaguts.web.views.job_progress import doses, out_of_reach, progress_percent, time_left
from yaguts.web.views.virtual import may_start
from yaguts.web.views.watching.job_words import sentence
from yaguts.web.views.watching.news import KitchenNews
from yaguts.web.views.watching.troubles import troubles
from yaguts.web.visit import Context, Visit, VisitDep

router = APIRouter(prefix="/jobs/{job_id}")


@router.get("")
def show(visit: VisitDep, job_id: IdInPath) -> Response:
    """Show a job, while it runs and afterwards."""
    return _page(visit, job_id)


@router.get("/live")
def follow(visit: VisitDep, job_id: IdInPath) -> Response:
    """Send the job whenever it changes."""
    watch(visit.site, visit.kitchen_id, job_id)  # Raises `NotFound` for another kitchen's job.

    def look() -> str:
        later = visit.later()
        seen = watch(later.site, later.kitchen_id, job_id)
        html = later.html("parts/job.html", **_context(later, seen))
        return Last(html) if is_settled(seen.job) else html

    return live(visit.site, visit.person.id, job_topic(job_id), look, KitchenNews(visit))


@router.post("/stop")
def stop(visit: VisitDep, job_id: IdInPath, form: FormDep) -> Response:
    """Cancel the job: at once before it was accepted, else at the dispenser's next slice."""
    orders.cancel(visit.site, visit.kitchen_id, job_id, visit.actor)
    return visit.go(local_or_blank(typed(form, "back")) or f"{home()}jobs/{job_id}")


@router.post("/resume")
def resume(visit: VisitDep, job_id: IdInPath) -> Response:
    """Give resume consent."""
    try:
        orders.resume(visit.site, visit.kitchen_id, job_id, visit.actor)
    except Conflict as error:
        return _page(visit, job_id, 409, visit.explain(error))
    return visit.go(f"{home()}jobs/{job_id}")


@router.post("/missing")
def order_missing(visit: VisitDep, job_id: IdInPath) -> Response:
    """Order what is missing."""
    try:
        job = orders.order_missing(visit.site, visit.kitchen_id, job_id, visit.actor)
    except Conflict as error:
        return _page(visit, job_id, 409, visit.explain(error))
    return visit.go(f"{home()}jobs/{job.id}")


@router.post("/empty/{jar}")
def say_it_is_empty(visit: VisitDep, job_id: IdInPath, jar: IdInPath) -> Response:
    """Book that a jar of which nothing fell is empty."""
    seen = watch(visit.site, visit.kitchen_id, job_id)
    if jar not in {trouble.dose.jar for trouble in troubles(seen)}:
        raise NotFound(what="jar")
    changes = [(jar, JarChange(stock=NOTHING))]
    dispenser_id = seen.dispenser.id
    configuration.set_jars(visit.site, visit.kitchen_id, changes, visit.actor, dispenser_id)
    return visit.go(f"{home()}jobs/{job_id}")


def is_settled(job: Job) -> bool:
    """Whether the job has ended for good: one that fell silent may still be reported."""
    return job.state in FINAL and job.failure != Failure.UNCONFIRMED


def _page(visit: Visit, job_id: int, status: int = 200, wrong: str = "") -> Response:
    seen = watch(visit.site, visit.kitchen_id, job_id)
    return visit.page("job.html", status, **_context(visit, seen), wrong=wrong)


def _context(visit: Visit, seen: Watched) -> Context:
    job = seen.job
    return {
        "seen": seen,
        "job": job,
        "ended": job.state in FINAL,
        "percent": progress_percent(job, seen.steps),
        "doses": doses(job, seen.steps, seen.levels),
        "left": time_left(job, seen.steps, visit.now),
        "sentence": sentence(seen, visit.now),
        "troubles": troubles(seen),
        "may_start": may_start(visit, seen.dispenser),
        "missing": surely_missing(job),
        "out_of_reach": out_of_reach(job, seen.dispenser, visit.now),
    }
