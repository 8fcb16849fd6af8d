"""What a job that is for no dish does to the stock: a jar may run empty, or its count be lost."""

from collections.abc import Mapping
from dataclasses import replace

from yaguts.domain.jobs.job import Item, Job
from yaguts.domain.units import NOTHING, Milligrams


def held_to_stock(job: Job, stocks: Mapping[int, Milligrams | None]) -> Job:
    """The reported job, no more having fallen from a jar than was in it: it may have run empty.

    `stocks`: what was in each of its jars, None where nobody knows.
    """
    return replace(job, items=tuple(_held(item, stocks[item.jar]) for item in job.items))


def uncounted(job: Job) -> frozenset[int]:
    """The jars that ran, or may have, without anybody knowing how much fell."""
    return frozenset(item.jar for item in job.items if item.by_time and item.fell is None)


def _held(item: Item, stock: Milligrams | None) -> Item:
    if stock is not None and stock <= 0:
        return replace(item, fell=NOTHING, fell_at_least=NOTHING)
    if item.fell is None or item.fell_at_least is None:
        return item
    if stock is None:
        return replace(item, fell_at_least=NOTHING)
    return replace(item, fell=min(item.fell, stock), fell_at_least=min(item.fell_at_least, stock))
