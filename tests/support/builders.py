"""Values for tests: whole by default, and only what a test is about is said in the test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from yaguts.domain.jobs.job import FINAL, UNDER_WAY, Dose, Job, JobState, advance
from yaguts.domain.jobs.report import Report, ReportedDose, event_of, settle_doses
from yaguts.domain.recipe import Ingredient, Jar, Motor, Recipe
from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds

NOW = datetime(2026, 1, 31, 18, 0, tzinfo=UTC)
SPICES = ("Sal", "Pimenta", "Orégano", "Cominho", "Alho em pó")


def a_recipe(portions: int = 2, **grams: float) -> Recipe:
    """`a_recipe(Sal=4.5)`: so many grams of each spice for all portions."""
    ingredients = tuple(
        Ingredient(spice, Milligrams(round(amount * 1000)))
        for spice, amount in (grams or {"Sal": 4.5}).items()
    )
    return Recipe("Arroz", portions, ingredients)


def a_jar(number: int = 1, label: str | None = "Sal", **changes: Any) -> Jar:
    """A calibrated jar that pours 1 g/s, with 100 g in it."""
    jar = Jar(number, label, MicrogramsPerSecond(1_000_000), Milligrams(100_000))
    return replace(jar, **changes)


def some_jars(*labels: str) -> tuple[Jar, ...]:
    """One jar for each label, numbered from 1."""
    return tuple(a_jar(number, label) for number, label in enumerate(labels, start=1))


def a_dose(order: int = 1, **changes: Any) -> Dose:
    """So many grams as its order says, from the jar with the same number."""
    spice = SPICES[(order - 1) % len(SPICES)]
    dose = Dose(order, order, order, spice, Milligrams(order * 1000), Milliseconds(order * 1000))
    return replace(dose, **changes)


def a_job(doses: int = 3, state: JobState = JobState.QUEUED, **changes: Any) -> Job:
    """A job with so many items, with the dates that its state brings with it."""
    job = Job(
        id=1,
        key="0123456789abcdef" * 2,
        kitchen_id=1,
        dispenser_id=1,
        recipe_id=None,
        people=2,
        multiplier=1,
        motor=Motor(),
        doses=tuple(a_dose(order) for order in range(1, doses + 1)),
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
        state=state,
        started_at=NOW if state in UNDER_WAY else None,
        heard_at=NOW if state in UNDER_WAY else None,
        finished_at=NOW if state in FINAL else None,
    )
    return replace(job, **changes)


def a_reported_dose(dose: Dose, *, done: bool = True, **changes: Any) -> ReportedDose:
    """What firmware 0.1 from 0.1.4 on says of an item, which is the planned amount in any case."""
    error = None if done else "motor travado"
    entry = ReportedDose(dose.jar, dose.spice, dose.quantity, done, dose.order, error=error)
    return replace(entry, **changes)


def a_report(job: Job, failed: tuple[int, ...] = ()) -> Report:
    """What firmware 0.1 says of a job in which the items with these orders failed."""
    return report_of(*(a_reported_dose(dose, done=dose.order not in failed) for dose in job.doses))


def report_of(*entries: ReportedDose) -> Report:
    """The report that consists of these entries, and its counts."""
    done = sum(entry.done for entry in entries)
    return Report(done, len(entries) - done, entries)


def a_settled_job(doses: int = 3, failed: tuple[int, ...] = ()) -> Job:
    """A job whose report is booked."""
    job = a_job(doses, JobState.RUNNING)
    report = a_report(job, failed)
    settled = settle_doses(job, report)
    return advance(settled, event_of(settled, report), NOW)[0]
