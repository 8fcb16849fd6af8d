"""What a watcher sees of a job: how far it is, and whether the dispenser is within reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.jobs.job import FINAL, UNDER_WAY, Item, ItemStatus, Job
from yaguts.domain.units import NOTHING, Milligrams
from yaguts.services.runtime.progress import Step
from yaguts.translations.jar_faults import FAULTS

OUT_OF_REACH_AFTER = timedelta(seconds=25)
"""A dispenser with firmware 0.2 speaks twice a second while it pours; that it spoke is written
down every 15 seconds."""


@dataclass(frozen=True, slots=True)
class DoseView:
    """One item of a job, as far as anybody knows.

    `fault` is the key of a text; `error` is what a dispenser said that we have no text for.
    """

    item: Item
    status: ItemStatus
    fallen: Milligrams
    percent: int
    fault: str | None = None
    error: str | None = None

    @property
    def failed(self) -> bool:
        """Whether it ended without all of its amount."""
        return self.status == ItemStatus.FAILED

    @property
    def uncertain(self) -> bool:
        """Whether only bounds are known of what fell."""
        return self.item.fell_at_least != self.item.fell


def doses(job: Job, steps: Mapping[int, Step]) -> tuple[DoseView, ...]:
    """The items of a job, each with its progress or its end."""
    return tuple(_dose(item, steps.get(item.order)) for item in job.items)


def progress_percent(job: Job, steps: Mapping[int, Step]) -> int:
    """How much of the whole job has fallen; of one that runs by time, how much has run."""
    planned = sum(item.quantity for item in job.items)
    if not planned:
        return sum(dose.percent for dose in doses(job, steps)) // len(job.items)
    return 100 * sum(_fallen(item, steps.get(item.order)) for item in job.items) // planned


def out_of_reach(job: Job, dispenser: Dispenser, now: datetime) -> bool:
    """Whether nothing has been heard of the dispenser for longer than its calls are apart."""
    if job.state not in UNDER_WAY:
        return job.state not in FINAL and not dispenser.online(now)
    heard = max(filter(None, (job.heard_at, dispenser.last_seen_at, job.created_at)))
    return now - heard > OUT_OF_REACH_AFTER


def _dose(item: Item, step: Step | None) -> DoseView:
    fallen = _fallen(item, step)
    status = item.status if step is None or item.fell is not None else step.status
    percent = _percent(item, status, fallen)
    if item.error is not None:
        fault = FAULTS.get(item.error)
        return DoseView(item, status, fallen, percent, fault, None if fault else item.error)
    fault = None if item.failure is None else f"failure.{item.failure}"
    return DoseView(item, status, fallen, percent, fault)


def _percent(item: Item, status: ItemStatus, fallen: Milligrams) -> int:
    if item.by_time:  # grams are all that a dispenser says on the way
        return 100 if status == ItemStatus.DONE else 0
    return 100 * fallen // item.quantity


def _fallen(item: Item, step: Step | None) -> Milligrams:
    if item.fell is not None:
        return item.fell
    return NOTHING if step is None else min(step.dispensed, item.quantity)
