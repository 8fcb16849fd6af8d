"""A job that an outage interrupted, and whose dispenser asks a person whether to go on with it.

A question has a random number, a new one for each outage, so that what was said to an earlier
question answers no later one.
"""

from dataclasses import replace

from yaguts.domain.errors import NotPossibleNow
from yaguts.domain.jobs.job import Job


def asked(job: Job, question: int | None) -> Job:
    """The job after its dispenser asked this; None: it goes on and asks nothing."""
    if job.question == question:
        return job
    return replace(job, question=question, version=job.version + 1)


def told_to_go_on(job: Job) -> Job:
    """The job after somebody said yes. `NotPossibleNow` if nobody asks."""
    if job.may_go_on:
        return job
    if not job.paused:
        raise NotPossibleNow(state=job.state, event="resume")
    return replace(job, answered=job.question, version=job.version + 1)
