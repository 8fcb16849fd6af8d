"""What a page shows of a job: its progress, and whether the dispenser can be reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yaguts.domain.clock import lately
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.jobs.job import FINAL, UNDER_WAY, Dose, DoseStatus, Job
from yaguts.domain.units import NOTHING, Milligrams
from yaguts.services.runtime.progress import DoseProgress
from yaguts.translations.jar_faults import FAULTS

OUT_OF_REACH_AFTER = timedelta(seconds=25)
"""Firmware 0.2 reports progress twice a second while it pours; the server stores a sign of life
every 15 seconds.
"""


@dataclass(frozen=True, slots=True)
class DoseView:
    """One dose of a job, as far as it is known.

    `fault` is the key of a text; `error` is a dispenser's reason that has no text.
    """

    dose: Dose
    status: DoseStatus
    fallen: Milligrams
    percent: int
    fault: str | None = None
    error: str | None = None

    @property
    def failed(self) -> bool:
        """Whether it ended without all of its amount."""
        return self.status == DoseStatus.FAILED

    @property
    def uncertain(self) -> bool:
        """Whether only bounds are known of what fell."""
        return self.dose.fell_at_least_mg != self.dose.fell_at_most_mg


def doses(job: Job, steps: Mapping[int, DoseProgress]) -> tuple[DoseView, ...]:
    """The doses of a job, each with its progress or its end."""
    return tuple(_dose(dose, steps.get(dose.order)) for dose in job.doses)


def progress_percent(job: Job, steps: Mapping[int, DoseProgress]) -> int:
    """How much of the job has fallen, in percent. For doses that run by time: how much has run."""
    planned = sum(planned_dose.quantity for planned_dose in job.doses)
    if not planned:
        return sum(dose.percent for dose in doses(job, steps)) // len(job.doses)
    return (
        100
        * sum(_fallen(planned_dose, steps.get(planned_dose.order)) for planned_dose in job.doses)
        // planned
    )


def out_of_reach(job: Job, dispenser: Dispenser, now: datetime) -> bool:
    """Whether the dispenser has been silent for longer than its calls are apart."""
    if job.state not in UNDER_WAY:
        return job.state not in FINAL and not dispenser.online(now)
    heard = (job.heard_at, dispenser.last_seen_at, job.created_at)
    return not any(moment in lately(now, OUT_OF_REACH_AFTER) for moment in heard)


def _dose(dose: Dose, step: DoseProgress | None) -> DoseView:
    fallen = _fallen(dose, step)
    status = dose.status if step is None or dose.fell_at_most_mg is not None else step.status
    percent = _percent(dose, status, fallen)
    if dose.error is not None:
        fault = FAULTS.get(dose.error)
        return DoseView(dose, status, fallen, percent, fault, None if fault else dose.error)
    fault = None if dose.failure is None else f"failure.{dose.failure}"
    return DoseView(dose, status, fallen, percent, fault)


def _percent(dose: Dose, status: DoseStatus, fallen: Milligrams) -> int:
    if dose.by_time:  # A dispenser's progress is in grams, which say nothing here.
        return 100 if status == DoseStatus.DONE else 0
    return 100 * fallen // dose.quantity


def _fallen(dose: Dose, step: DoseProgress | None) -> Milligrams:
    if dose.fell_at_most_mg is not None:
        return dose.fell_at_most_mg
    return NOTHING if step is None else min(step.fell_at_least_mg, dose.quantity)
