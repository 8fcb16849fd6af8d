"""What a watcher sees of a job: how far it is, and whether the dispenser is within reach."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.job import FINAL, UNDER_WAY, Item, ItemStatus, Job
from yaguts.services.progress import Step

OUT_OF_REACH_AFTER = timedelta(seconds=25)
"""A dispenser with firmware 0.2 speaks twice a second while it pours; that it spoke is written
down every 15 seconds."""


def fallen(item: Item, step: Step | None) -> int:
    """How many milligrams have fallen, as far as anybody said."""
    if item.fell is not None:
        return item.fell
    return 0 if step is None else min(step.dispensed, item.quantity)


def progress_percent(job: Job, steps: Mapping[int, Step]) -> int:
    """How much of the whole job has fallen."""
    planned = sum(item.quantity for item in job.items)
    return 100 * sum(fallen(item, steps.get(item.order)) for item in job.items) // planned


def status(item: Item, step: Step | None) -> ItemStatus:
    """How an item is: as reported or, until then, as the dispenser last said."""
    return item.status if step is None or item.fell is not None else step.status


def out_of_reach(job: Job, dispenser: Dispenser, now: datetime) -> bool:
    """Whether nothing has been heard of the dispenser for longer than its calls are apart."""
    if job.state not in UNDER_WAY:
        return job.state not in FINAL and not dispenser.online(now)
    heard = max(filter(None, (job.heard_at, dispenser.last_seen_at, job.created_at)))
    return now - heard > OUT_OF_REACH_AFTER
