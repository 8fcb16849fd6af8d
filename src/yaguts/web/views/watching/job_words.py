"""What a page says of a job, in one place: each sentence is the key of a text."""

from datetime import datetime

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.jobs.job import WAITING, Failure, Job, JobState
from yaguts.services.jobs.watch import Watched
from yaguts.web.views.job_progress import out_of_reach

SILENT = "kitchen.silent"
"""The state of a dispenser that pours and is not heard of."""


def sentence(seen: Watched, now: datetime) -> str:
    """What the job does, waits for or came to. `failure`: why the server gave it up."""
    job = seen.job
    if job.paused:
        return "job.paused.more"
    if job.state in WAITING:
        return waits_for(job, seen.dispenser, now, behind=job.expires_at is None)
    if job.state == JobState.FAILED and job.failure:
        return "failure"
    if job.state == JobState.CANCELED and not job.stock_deducted:
        unknown = job.failure in (Failure.UNCONFIRMED, Failure.RESTORED)
        return "failure" if unknown else "job.canceled.nothing"
    if job.state != JobState.DONE:
        return f"job.{job.state}.more"
    if job.retry_of is not None:
        return "job.done.rest"
    return "job.done.jars" if seen.by_hand else f"job.done.{job.kind}"


def waits_for(job: Job, dispenser: Dispenser, now: datetime, *, behind: bool = False) -> str:
    """What a waiting job waits for. `behind`: other jobs come first."""
    if behind:
        return "queue.wait"
    if not dispenser.paired:
        return "wait.unpaired"
    if not dispenser.online(now):
        return "wait.offline"
    return f"job.{job.state}.more"


def state_of(job: Job, dispenser: Dispenser, now: datetime) -> str:
    """The one state of a dispenser that has a job."""
    if job.paused:
        return "job.paused"
    if job.state in WAITING:
        return "kitchen.waiting"
    if out_of_reach(job, dispenser, now):
        return SILENT
    return f"job.{job.state}"
