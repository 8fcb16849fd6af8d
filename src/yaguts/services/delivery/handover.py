"""The handover of a job: fetched once by firmware 0.1, offered and then accepted by 0.2."""

from dataclasses import dataclass
from datetime import timedelta

from yaguts.domain.clock import lately
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import BadReport, NotPossibleNow, NotYours
from yaguts.domain.jobs.acceptance import accepted
from yaguts.domain.jobs.deadlines import in_time
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
from yaguts.domain.jobs.ownership import is_of_dispenser, of_dispenser
from yaguts.domain.jobs.queue import with_time_to_live
from yaguts.domain.jobs.report import most_reportable
from yaguts.domain.jobs.resume_consent import with_question
from yaguts.domain.units import Milligrams
from yaguts.services.delivery.expiry import end_if_overdue
from yaguts.services.delivery.replacement import take_place
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import job_topic
from yaguts.services.runtime.progress import DoseProgress
from yaguts.storage import dispensers, jobs, replacements

HEARD_EVERY = timedelta(seconds=30)
"""A sign of life is stored this often at most, because progress comes twice a second."""


@dataclass(frozen=True, slots=True)
class ReportedProgress:
    """What a dispenser says of a dose while it pours, or what it asks before it resumes."""

    key: str
    order: int
    jar: int
    fell_at_least_mg: Milligrams
    status: DoseStatus
    question: int | None = None


@dataclass(frozen=True, slots=True)
class ProgressAnswer:
    """The answer to progress: stop, resume, or neither."""

    cancel: bool
    resume: bool


def fetch(site: Site, caller: Dispenser) -> Job | None:
    """The job for a dispenser with firmware 0.1. It has started then, and is never served again.

    Raises `NotSignedIn` when the caller's token is no longer valid.
    """
    job = _first_waiting(site, caller)
    return None if job is None else _hand_out(site, caller, job.id, JobEvent.FETCHED)


def offer(site: Site, caller: Dispenser, holding: str = "") -> Job | None:
    """The job for a dispenser with firmware 0.2, offered again until it is accepted.

    `holding` is the key of the job in its journal, which has room for one. Raises `NotSignedIn`
    when the caller's token is no longer valid.
    """
    job = _first_waiting(site, caller)
    if job is None or holding not in ("", job.key):
        return None
    if job.state == JobState.OFFERED and in_time(job, site.clock(), site.settings.job_time_to_live):
        return job
    return _hand_out(site, caller, job.id, JobEvent.OFFERED)


def accept(site: Site, caller: Dispenser, job_id: int, key: str, number: int | None = None) -> None:
    """Let the dispenser start a job that it has journaled.

    A repeated call with the same number is allowed, because the answer may have been lost. Raises
    `NotPossibleNow`, `NotYours`, or `NotSignedIn` when the caller's token is no longer valid.
    """
    now = site.clock()
    with site.database.write(shared=True) as connection:
        holder = dispensers.insist_on_token(connection, caller)
        job = of_dispenser(jobs.find_for_update(connection, job_id), holder.id)
        if key != job.key or not in_time(job, now, site.settings.job_time_to_live):
            raise NotPossibleNow(state=job.state, event=JobEvent.ACCEPTED)
        started = accepted(job, number, now)
        if started is job:
            return
        jobs.store(connection, job, started)
    announce(site, started)


def progress(site: Site, caller: Dispenser, job_id: int, told: ReportedProgress) -> ProgressAnswer:
    """Store how far a dose is, and a question of the dispenser.

    Raises `NotYours`, `NotPossibleNow`, `BadReport`, or `NotSignedIn` when there is something to
    store or a question, and the caller's token is no longer valid.
    """
    with site.database.read() as connection:
        holder = caller if told.question is None else dispensers.insist_on_token(connection, caller)
        job = jobs.find(connection, job_id)
        if not replacements.is_its_job(connection, holder.id, job):
            raise NotYours
    if told.key != job.key:
        raise NotPossibleNow(state=job.state, event="progress")
    _insist_on_dose(job, told)
    if told.question is not None and not job.asks:
        raise BadReport
    if job.state in UNDER_WAY:
        step = DoseProgress(told.order, told.jar, told.fell_at_least_mg, told.status)
        site.progress.note(job_id, step)
        site.hub.publish(job_topic(job_id), step)
        _hear(site, caller, job)
        job = _note(site, caller, job, told.question)
    cancelled = job.state in (JobState.CANCELLING, JobState.CANCELED)
    return ProgressAnswer(cancel=cancelled, resume=told.question is not None and job.may_go_on)


def _first_waiting(site: Site, caller: Dispenser) -> Job | None:
    """The first job of the queue, unless it runs. Most polls end here, without a write."""
    take_place(site, caller)
    with site.database.read() as connection:
        holder = dispensers.insist_on_token(connection, caller)
        first = jobs.first_of(connection, holder.id)
    return first if first is not None and first.state in WAITING else None


def _hand_out(site: Site, caller: Dispenser, job_id: int, event: JobEvent) -> Job | None:
    now, life = site.clock(), site.settings.job_time_to_live
    with site.database.write(shared=True) as connection:
        holder = dispensers.insist_on_token(connection, caller)
        before = jobs.find_for_update(connection, job_id)
        if before.state not in WAITING or not is_of_dispenser(before, holder.id):
            return None
        after = end_if_overdue(site, connection, before, now)
        if after is before:
            after, _ = advance(with_time_to_live(before, now + life), event, now)
            jobs.store(connection, before, after)
    announce(site, after)
    return None if after.state in FINAL else after


def _insist_on_dose(job: Job, told: ReportedProgress) -> None:
    dose = next((dose for dose in job.doses if dose.order == told.order), None)
    if dose is None or dose.jar != told.jar or told.fell_at_least_mg > most_reportable(dose):
        raise BadReport


def _note(site: Site, caller: Dispenser, job: Job, question: int | None) -> Job:
    if with_question(job, question) is job:
        return job
    with site.database.write(shared=True) as connection:
        dispensers.insist_on_token(connection, caller)
        before = jobs.find_for_update(connection, job.id)
        after = with_question(before, question)
        if after is not before:
            jobs.store(connection, before, after)
    announce(site, after)
    return after


def _hear(site: Site, caller: Dispenser, job: Job) -> None:
    now = site.clock()
    if job.heard_at not in lately(now, HEARD_EVERY):
        with site.database.write(shared=True) as connection:
            dispensers.insist_on_token(connection, caller)
            jobs.heard(connection, job.id, now)
