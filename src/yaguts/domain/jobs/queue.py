"""A dispenser's line: the jobs that wait for it, in the order in which they were ordered.

Whoever is first may be fetched; the others wait behind. A job's time to live begins when it comes
to be first: until then nobody could have fetched it. Nobody ever comes in between.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from yaguts.domain.jobs.job import ACTIVE, WAITING, Job

LONGEST = 20
"""So many jobs a dispenser may have before it, the one that it pours included."""


def queue_of(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Those of the jobs that are active, first come first."""
    return tuple(sorted((job for job in jobs if job.state in ACTIVE), key=lambda job: job.id))


def in_front(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Of each dispenser the one job that it pours or may fetch, first come first."""
    first: dict[int, Job] = {}
    for job in queue_of(jobs):
        first.setdefault(job.dispenser_id, job)
    return tuple(first.values())


def place(job: Job, jobs: Iterable[Job]) -> int | None:
    """A job's place among those that wait for its dispenser: 1 is next. None: it does not wait."""
    if job.state not in WAITING:
        return None
    own = [one for one in jobs if one.dispenser_id == job.dispenser_id]
    return 1 + sum(one.state in WAITING and one.id < job.id for one in own)


def called(job: Job, until: datetime) -> Job:
    """The job now that it is first, with its time to live. It is called once."""
    if job.state not in WAITING or job.expires_at is not None:
        return job
    return replace(job, expires_at=until, version=job.version + 1)
