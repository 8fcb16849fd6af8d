"""What a page shows of a job: its progress, and whether the dispenser can be reached."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from yaguts.domain.clock import age, lately
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.jobs.job import FINAL, UNDER_WAY, Dose, DoseStatus, Job, JobState
from yaguts.domain.recipe import same_spice
from yaguts.domain.stock.levels import Level
from yaguts.domain.units import NOTHING, Milligrams, Milliseconds
from yaguts.services.runtime.progress import DoseProgress
from yaguts.translations.jar_faults import FAULTS

OUT_OF_REACH_AFTER = timedelta(seconds=25)
"""Firmware 0.2 reports progress twice a second while it pours; the server stores a sign of life
every 15 seconds.
"""


@dataclass(frozen=True, slots=True)
class DoseView:
    """One dose of a job, as far as it is known.

    `fault` is the key of a text; `error` is a dispenser's reason that has no text. `level` is
    that of its jar now, while the jar holds this spice.
    """

    dose: Dose
    status: DoseStatus
    fallen: Milligrams
    percent: int
    fault: str | None = None
    error: str | None = None
    level: Level | None = None

    @property
    def stock_percent(self) -> int | None:
        """How full the jar is. None: nobody knows, or it holds another spice by now."""
        return None if self.level is None else self.level.percent

    @property
    def failed(self) -> bool:
        """Whether it ended without all of its amount."""
        return self.status == DoseStatus.FAILED

    @property
    def uncertain(self) -> bool:
        """Whether only bounds are known of what fell."""
        return self.dose.fell_at_least_mg != self.dose.fell_at_most_mg


def doses(
    job: Job, steps: Mapping[int, DoseProgress], levels: Mapping[int, Level] | None = None
) -> tuple[DoseView, ...]:
    """The doses of a job, each with its progress or its end, and its jar's level."""
    known = levels or {}
    return tuple(
        replace(_dose(dose, steps.get(dose.order)), level=_level(dose, known.get(dose.jar)))
        for dose in job.doses
    )


def time_left(job: Job, steps: Mapping[int, DoseProgress], now: datetime) -> Milliseconds | None:
    """How long a running job will still pour. None: nothing pours, or it is over time.

    A dispenser that reports no progress in grams is taken to be on time.
    """
    if job.state != JobState.RUNNING or job.paused or job.started_at is None:
        return None
    if not steps or any(dose.by_time for dose in job.doses):
        left = job.longest_run - (age(job.started_at, now) or timedelta())
        return Milliseconds(max(0, int(left / timedelta(milliseconds=1)))) or None
    pauses = job.motor.pre_start_ms + job.motor.post_stop_ms
    left_ms = sum(_left(dose, steps.get(dose.order), pauses) for dose in job.doses)
    return Milliseconds(left_ms) or None


def _left(dose: Dose, step: DoseProgress | None, pauses: int) -> int:
    if step is None:
        return dose.duration + pauses
    if step.status in (DoseStatus.DONE, DoseStatus.FAILED):
        return 0
    rest = dose.duration * (dose.quantity - _fallen(dose, step)) // dose.quantity
    return rest + (pauses if step.status == DoseStatus.PENDING else 0)


def _level(dose: Dose, level: Level | None) -> Level | None:
    if level is None or not same_spice(level.jar.label or "", dose.spice):
        return None
    return level


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
