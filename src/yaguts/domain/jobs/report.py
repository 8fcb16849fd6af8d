"""Check a dispenser's report against its job, before anything is booked."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yaguts.domain.errors import BadReport
from yaguts.domain.jobs.job import Dose, DoseStatus, Failure, Job, JobEvent
from yaguts.domain.recipe import same_spice
from yaguts.domain.units import NOTHING, Milligrams

ROUNDING = Milligrams(1)
"""Firmware 0.1 computes in 32-bit floats. Its grams differ by this, and by 1 in 100,000."""


@dataclass(frozen=True, slots=True)
class ReportedDose:
    """One dose of a report. `fell_at_least_mg` is None from firmware 0.1, `order` None before
    0.1.4.
    """

    jar: int
    spice: str
    fell_at_most_mg: Milligrams
    done: bool
    order: int | None = None
    fell_at_least_mg: Milligrams | None = None
    resumes: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a dispenser says of a job: two counts, and normally one dose of the report a dose of the
    job.
    """

    completed: int
    failed: int
    doses: tuple[ReportedDose, ...] = ()


def all_done(job: Job) -> Report:
    """What firmware up to 0.1.3 says of all doses at once: they all fell."""
    return _of_all(job, done=True)


def all_failed(job: Job, error: str | None) -> Report:
    """What firmware up to 0.1.3 says of all doses at once: the job went wrong."""
    return _of_all(job, done=False, error=error)


def most_reportable(dose: Dose) -> Milligrams:
    """The largest amount that a report may name for a dose: the planned amount, and float
    rounding.
    """
    return Milligrams(dose.quantity + ROUNDING + dose.quantity // 100_000)


def _of_all(job: Job, *, done: bool, error: str | None = None) -> Report:
    reported_doses = tuple(
        ReportedDose(dose.jar, dose.spice, dose.quantity, done, dose.order, error=error)
        for dose in job.doses
    )
    return Report(
        len(reported_doses) if done else 0, 0 if done else len(reported_doses), reported_doses
    )


def settle_doses(job: Job, report: Report) -> Job:
    """The job with its doses as the report says they ended. Raises `BadReport` on a
    contradiction.
    """
    if report.doses:
        return replace(job, doses=_from_reported_doses(job, report))
    return replace(job, doses=_from_counts(job.doses, report.completed), review=True)


def event_of(job: Job) -> JobEvent:
    """The event that a job with settled doses amounts to."""
    done = sum(dose.status == DoseStatus.DONE for dose in job.doses)
    if done == len(job.doses) and not job.review:
        return JobEvent.REPORTED_DONE
    return JobEvent.REPORTED_PARTLY if done or job.review else JobEvent.REPORTED_FAILED


def _from_reported_doses(job: Job, report: Report) -> tuple[Dose, ...]:
    check_counts(report)
    reported_doses: dict[int, ReportedDose] = {}
    for reported in report.doses:
        dose = _dose_of(reported, job.doses, reported_doses.keys())
        _check_amounts(reported, dose)
        reported_doses[dose.order] = reported
    return tuple(_settled(dose, reported_doses.get(dose.order)) for dose in job.doses)


def _from_counts(doses: Sequence[Dose], completed: int) -> tuple[Dose, ...]:
    """Firmware 0.1 has lost its log after a reboot, and its counts may be wrong.

    The dispenser takes no other job until it gets an answer, so the first doses count as done.
    """
    return tuple(
        _done(dose) if place < completed else _settled(dose, None)
        for place, dose in enumerate(doses)
    )


def check_counts(report: Report) -> None:
    """Check that the counts are those of the reported doses. Raises `BadReport`."""
    done = sum(reported.done for reported in report.doses)
    if (report.completed, report.failed) != (done, len(report.doses) - done):
        raise BadReport(problem="counts")


def _dose_of(reported: ReportedDose, doses: Sequence[Dose], taken: Container[int]) -> Dose:
    """The dose that a reported dose is about: by its order, or (before 0.1.4) the next with its
    jar.
    """
    for dose in doses:
        if reported.order is not None and dose.order != reported.order:
            continue
        if dose.jar != reported.jar or not _is_of(reported, dose):
            continue
        if dose.order not in taken:
            return dose
    raise BadReport(problem="not_in_job", jar=reported.jar, spice=reported.spice)


def _is_of(reported: ReportedDose, dose: Dose) -> bool:
    """A jar without a label has no name to compare, nor has a report that was parked."""
    return not (dose.spice and reported.spice) or same_spice(dose.spice, reported.spice)


def _check_amounts(reported: ReportedDose, dose: Dose) -> None:
    check_bounds(reported, dose.order)
    if reported.fell_at_most_mg > most_reportable(dose):
        raise BadReport(problem="too_much", order=dose.order, spice=dose.spice)


def check_bounds(reported: ReportedDose, order: int) -> None:
    """Check the amounts that a report may name for any dose. Raises `BadReport`."""
    if reported.fell_at_most_mg < 0 or (reported.fell_at_least_mg or 0) < 0:
        raise BadReport(problem="negative", order=order, spice=reported.spice)
    if (
        reported.fell_at_least_mg is not None
        and reported.fell_at_least_mg > reported.fell_at_most_mg
    ):
        raise BadReport(problem="interval", order=order, spice=reported.spice)


def _settled(dose: Dose, reported: ReportedDose | None) -> Dose:
    if reported is None:
        return replace(
            dose,
            status=DoseStatus.FAILED,
            failure=Failure.NO_REPORT,
            **_between(dose, NOTHING, NOTHING),
        )
    fell = min(fell_by(reported), dose.quantity)  # The rest is rounding.
    at_least = fell if reported.fell_at_least_mg is None else min(reported.fell_at_least_mg, fell)
    return replace(
        dose,
        status=DoseStatus.DONE if reported.done else DoseStatus.FAILED,
        resumes=reported.resumes,
        error=None if reported.done else reported.error,
        failure=None,
        **_between(dose, at_least, fell),
    )


def _between(dose: Dose, at_least: Milligrams, fell: Milligrams) -> dict[str, Any]:
    """The bounds, or none when nobody knows how much falls from the jar in a time."""
    if dose.by_time:
        return {"fell_at_most_mg": None, "fell_at_least_mg": None}
    return {"fell_at_most_mg": fell, "fell_at_least_mg": at_least}


def fell_by(reported: ReportedDose) -> Milligrams:
    """The most that fell.

    Firmware 0.1 writes the planned amount even for a failed dose. Only 0.2 knows what fell.
    """
    return (
        reported.fell_at_most_mg
        if reported.done or reported.fell_at_least_mg is not None
        else NOTHING
    )


def _done(dose: Dose) -> Dose:
    return replace(
        dose,
        status=DoseStatus.DONE,
        failure=None,
        **_between(dose, dose.quantity, dose.quantity),
    )
