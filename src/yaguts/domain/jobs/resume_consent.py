"""A job that an outage interrupted, and whose dispenser asks a person whether to go on.

Each outage has a question with a new random number, so that an old answer does not count for it.
"""

from dataclasses import replace

from yaguts.domain.errors import NotPossibleNow
from yaguts.domain.jobs.job import Job


def with_question(job: Job, question: int | None) -> Job:
    """The job after its dispenser asked this question, or (None) went on without one."""
    if job.question == question:
        return job
    return replace(job, question=question, version=job.version + 1)


def with_consent(job: Job) -> Job:
    """The job after somebody said yes. Raises `NotPossibleNow` when the dispenser does not ask."""
    if job.may_go_on:
        return job
    if not job.paused:
        raise NotPossibleNow(state=job.state, event="resume")
    return replace(job, answered=job.question, version=job.version + 1)
