"""Whose job it is: the kitchen's, for people, and the dispenser's, for dispensers."""

from yaguts.domain.errors import NotFound, NotYours
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Job


def is_of_kitchen(job: Job, kitchen_id: KitchenId) -> bool:
    """Whether the job is the kitchen's, for callers that may say so."""
    return job.kitchen_id == kitchen_id


def of_kitchen(job: Job, kitchen_id: KitchenId, what: str = "job") -> Job:
    """The job, if it is the kitchen's. Raises `NotFound`: another's is as unknown as none."""
    if not is_of_kitchen(job, kitchen_id):
        raise NotFound(what=what)
    return job


def is_of_dispenser(job: Job, dispenser_id: int) -> bool:
    """Whether the job waits for the dispenser, or was given to it."""
    return job.dispenser_id == dispenser_id


def of_dispenser(job: Job, dispenser_id: int) -> Job:
    """The job, if it was given to the dispenser. Raises `NotYours`."""
    if not is_of_dispenser(job, dispenser_id):
        raise NotYours
    return job
