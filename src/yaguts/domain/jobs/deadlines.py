"""How long the server waits for a dispenser before it gives a job up."""

from datetime import datetime, timedelta

from yaguts.domain.jobs.job import UNDER_WAY, WAITING, Job, JobEvent

LONGEST_SILENCE = timedelta(minutes=10)
"""The server awaits a report for this long after the job must have ended."""


def overdue(job: Job, now: datetime) -> JobEvent | None:
    """The event that time has caused, if any."""
    if job.state in WAITING and job.expires_at is not None and now >= job.expires_at:
        return JobEvent.EXPIRED
    if job.state in UNDER_WAY and now >= silent_at(job):
        return JobEvent.FELL_SILENT
    return None


def silent_at(job: Job) -> datetime:
    """The moment at which a job under way counts as lost if nothing is heard of it before."""
    return (job.heard_at or job.created_at) + job.longest_run + LONGEST_SILENCE
