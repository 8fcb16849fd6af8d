"""A dispenser's queue: its active jobs in the order in which they were ordered.

The first job may be fetched, the others wait. A job's time to live begins when the job is first:
nobody could have fetched it before.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from yaguts.domain.jobs.job import ACTIVE, WAITING, Job

MOST_JOBS = 20
"""A dispenser may have this many active jobs, including the one that it pours."""


def queue_of(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The active jobs, the earliest first."""
    return tuple(sorted((job for job in jobs if job.state in ACTIVE), key=lambda job: job.id))


def first_of_each_dispenser(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The first job of each dispenser: the one that it pours or may fetch."""
    first: dict[int, Job] = {}
    for job in queue_of(jobs):
        first.setdefault(job.dispenser_id, job)
    return tuple(first.values())


def place(job: Job, jobs: Iterable[Job]) -> int | None:
    """The job's place among the waiting jobs of its dispenser, 1 for the next. None: it does not
    wait.
    """
    if job.state not in WAITING:
        return None
    own = [one for one in jobs if one.dispenser_id == job.dispenser_id]
    return 1 + sum(one.state in WAITING and one.id < job.id for one in own)


def with_time_to_live(job: Job, until: datetime) -> Job:
    """The job when it becomes the first, with its time to live. That happens once."""
    if job.state not in WAITING or job.expires_at is not None:
        return job
    return replace(job, expires_at=until, version=job.version + 1)
