"""How a job gets to a dispenser: fetched once by firmware 0.1; by 0.2 offered, then accepted."""

from dataclasses import dataclass
from datetime import timedelta

from yaguts.domain.errors import BadReport, NotPossibleNow, NotYours
from yaguts.domain.jobs.deadlines import overdue
from yaguts.domain.jobs.job import (
    FINAL,
    UNDER_WAY,
    WAITING,
    DoseStatus,
    Job,
    JobEvent,
    JobState,
    advance,
)
from yaguts.domain.jobs.queue import called
from yaguts.domain.jobs.report import most_of
from yaguts.domain.jobs.resume_consent import asked
from yaguts.domain.units import Milligrams
from yaguts.services.delivery.expiry import end_if_overdue
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import job_topic
from yaguts.services.runtime.progress import DoseProgress
from yaguts.storage import jobs

HEARD_EVERY = timedelta(seconds=30)
"""Progress comes twice a second; that the dispenser was heard is written this often at most."""


@dataclass(frozen=True, slots=True)
class ReportedProgress:
    """What a dispenser says of a dose while it pours, or asks before it goes on after an outage."""

    key: str
    order: int
    jar: int
    fell_at_least_mg: Milligrams
    status: DoseStatus
    question: int | None = None


@dataclass(frozen=True, slots=True)
class ProgressAnswer:
    """What a dispenser hears: stop, or go on, or neither."""

    cancel: bool
    resume: bool


def fetch(site: Site, dispenser_id: int) -> Job | None:
    """The job for a dispenser with firmware 0.1. It has started then, and is never served again."""
    job = _waiting(site, dispenser_id)
    return None if job is None else _hand_out(site, job.id, JobEvent.FETCHED)


def offer(site: Site, dispenser_id: int, holding: str = "") -> Job | None:
    """The job for a dispenser with firmware 0.2, again and again until it accepts.

    `holding`: the key of a job in its journal, which has no room for another beside it.
    """
    job = _waiting(site, dispenser_id)
    if job is None or holding not in ("", job.key):
        return None
    if job.state == JobState.OFFERED and overdue(job, site.clock()) is None:
        return job
    return _hand_out(site, job.id, JobEvent.OFFERED)


def accept(site: Site, dispenser_id: int, job_id: int, key: str) -> None:
    """The dispenser has journaled the job and asks to start it. `NotPossibleNow` if it may not.

    Asking again is allowed while the job would still be wanted: the answer may have got lost.
    """
    now = site.clock()
    with site.database.write() as connection:
        job = _own(jobs.take(connection, job_id), dispenser_id)
        if key != job.key or job.expires_at is None or now >= job.expires_at:
            raise NotPossibleNow(state=job.state, event=JobEvent.ACCEPTED)
        started, _ = advance(job, JobEvent.ACCEPTED, now)
        if started is job:
            return
        jobs.store(connection, job, started)
    announce(site, started)


def progress(site: Site, dispenser_id: int, job_id: int, told: ReportedProgress) -> ProgressAnswer:
    """Show how far a dose is, and that the dispenser asks whether to go on, if it does."""
    with site.database.read() as connection:
        job = _own(jobs.find(connection, job_id), dispenser_id)
    if told.key != job.key:
        raise NotPossibleNow(state=job.state, event="progress")
    _insist_on_dose(job, told)
    if told.question is not None and not job.asks:
        raise BadReport(problem="progress")
    if job.state in UNDER_WAY:
        step = DoseProgress(told.order, told.jar, told.fell_at_least_mg, told.status)
        site.progress.note(job_id, step)
        site.hub.publish(job_topic(job_id), step)
        _hear(site, job)
        job = _note(site, job, told.question)
    cancelled = job.state in (JobState.CANCELLING, JobState.CANCELED)
    return ProgressAnswer(cancel=cancelled, resume=told.question is not None and job.may_go_on)


def _waiting(site: Site, dispenser_id: int) -> Job | None:
    """The first in line, unless it runs already. Most polls end here, without a write."""
    with site.database.read() as connection:
        first = jobs.first_of(connection, dispenser_id)
    return first if first is not None and first.state in WAITING else None


def _hand_out(site: Site, job_id: int, event: JobEvent) -> Job | None:
    now = site.clock()
    with site.database.write() as connection:
        before = jobs.take(connection, job_id)
        if before.state not in WAITING:
            return None
        after = end_if_overdue(connection, before, now)
        if after is before:
            after, _ = advance(called(before, now + site.settings.job_time_to_live), event, now)
            jobs.store(connection, before, after)
    announce(site, after)
    return None if after.state in FINAL else after


def _own(job: Job, dispenser_id: int) -> Job:
    if job.dispenser_id != dispenser_id:
        raise NotYours
    return job


def _insist_on_dose(job: Job, told: ReportedProgress) -> None:
    dose = next((dose for dose in job.doses if dose.order == told.order), None)
    if dose is None or dose.jar != told.jar or told.fell_at_least_mg > most_of(dose):
        raise BadReport(problem="progress")


def _note(site: Site, job: Job, question: int | None) -> Job:
    if asked(job, question) is job:
        return job
    with site.database.write() as connection:
        before = jobs.take(connection, job.id)
        after = asked(before, question)
        if after is not before:
            jobs.store(connection, before, after)
    announce(site, after)
    return after


def _hear(site: Site, job: Job) -> None:
    now = site.clock()
    if job.heard_at is None or now - job.heard_at >= HEARD_EVERY:
        with site.database.write() as connection:
            jobs.heard(connection, job.id, now)
