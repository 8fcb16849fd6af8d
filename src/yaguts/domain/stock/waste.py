"""The stock after a job that is for no dish: a jar may be empty, or its stock unknown."""

from collections.abc import Mapping
from dataclasses import replace

from yaguts.domain.jobs.job import Dose, Job
from yaguts.domain.units import NOTHING, Milligrams


def capped_by_stock(job: Job, stocks: Mapping[int, Milligrams | None]) -> Job:
    """The reported job, with no more fallen from a jar than was in it. `stocks`: None for
    unknown.
    """
    return replace(job, doses=tuple(_held(dose, stocks[dose.jar]) for dose in job.doses))


def jars_of_unknown_stock(job: Job) -> frozenset[int]:
    """The jars that ran, or may have run, without a known amount."""
    return frozenset(
        dose.jar for dose in job.doses if dose.by_time and dose.fell_at_most_mg is None
    )


def _held(dose: Dose, stock: Milligrams | None) -> Dose:
    if stock is not None and stock <= 0:
        return replace(dose, fell_at_most_mg=NOTHING, fell_at_least_mg=NOTHING)
    if dose.fell_at_most_mg is None or dose.fell_at_least_mg is None:
        return dose
    if stock is None:
        return replace(dose, fell_at_least_mg=NOTHING)
    return replace(
        dose,
        fell_at_most_mg=min(dose.fell_at_most_mg, stock),
        fell_at_least_mg=min(dose.fell_at_least_mg, stock),
    )
