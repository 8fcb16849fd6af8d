"""How long the server waits for a dispenser before it gives a job up."""

from datetime import datetime, timedelta

from yaguts.domain.clock import age, ahead
from yaguts.domain.jobs.job import UNDER_WAY, WAITING, Job, JobEvent

LONGEST_SILENCE = timedelta(minutes=10)
"""The server awaits a report for this long after the job must have ended."""


def overdue(job: Job, now: datetime, time_to_live: timedelta) -> JobEvent | None:
    """The event that time has caused, if any."""
    if job.state in WAITING and job.expires_at is not None:
        return None if in_time(job, now, time_to_live) else JobEvent.EXPIRED
    silence = age(job.heard_at or job.created_at, now)
    if job.state in UNDER_WAY and silence is not None and silence >= patience(job):
        return JobEvent.FELL_SILENT
    return None


def in_time(job: Job, now: datetime, time_to_live: timedelta) -> bool:
    """Whether a dispenser may be offered the job, or start it."""
    return job.expires_at in ahead(now, time_to_live)


def heard_in_the_future(job: Job, now: datetime) -> bool:
    """Whether nobody knows for how long a job under way has been silent. The wait begins anew."""
    return job.state in UNDER_WAY and age(job.heard_at or job.created_at, now) is None


def patience(job: Job) -> timedelta:
    """For how long a job under way may be silent before it counts as lost."""
    return job.longest_run + LONGEST_SILENCE
