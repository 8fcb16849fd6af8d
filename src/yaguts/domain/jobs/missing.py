"""What a job that has ended left undone, as far as anybody can know."""

from yaguts.domain.jobs.job import FINAL, FOR_A_DISH, Failure, Item, ItemStatus, Job
from yaguts.domain.units import Milligrams

_NOBODY_KNOWS = frozenset({Failure.UNCONFIRMED, Failure.NO_REPORT, Failure.RESTORED})


def missing(job: Job) -> tuple[tuple[Item, Milligrams], ...]:
    """Each item that did not get all of its amount, and how much surely did not fall.

    Of an item that no report speaks of, everything may have fallen: nothing is missing for sure.
    Nor does anybody miss what would only have gone to waste.
    """
    if job.state not in FINAL or job.kind not in FOR_A_DISH:
        return ()
    undone = [item for item in job.items if item.status != ItemStatus.DONE]
    lacks = [(item, _lack(item)) for item in undone if item.failure not in _NOBODY_KNOWS]
    return tuple((item, amount) for item, amount in lacks if amount > 0)


def _lack(item: Item) -> Milligrams:
    return Milligrams(item.quantity - (item.fell or 0))
