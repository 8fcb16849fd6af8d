"""Reports without a job to settle, kept until the owner books or dismisses them.

The database was restored from an older copy and does not know the job, or the board belongs to
another kitchen by now.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yaguts.domain.errors import BadReport
from yaguts.domain.jobs.report import (
    Report,
    ReportedDose,
    fell_by,
    insist_on_bounds,
    insist_on_counts,
)
from yaguts.domain.stock.ledger import Movement, MovementKind, MovementReason
from yaguts.domain.units import Milligrams


class Decision(StrEnum):
    """What the owner decided about an orphan report."""

    BOOKED = "booked"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class OrphanDose:
    """One dose of an orphan report. `fell_at_most_mg` would be charged."""

    order: int
    jar: int
    spice: str
    done: bool
    fell_at_most_mg: Milligrams
    fell_at_least_mg: Milligrams
    resumes: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class OrphanReport:
    """An orphan report. `job_id` and `key` are the dispenser's numbers of the job."""

    id: int
    dispenser_id: int
    job_id: int
    key: str
    doses: tuple[OrphanDose, ...]
    received_at: datetime
    decision: Decision | None = None


def doses_of(report: Report) -> tuple[OrphanDose, ...]:
    """The doses of a report. Raises `BadReport` when the report contradicts itself."""
    if not report.doses:
        return ()
    insist_on_counts(report)
    doses = {place: _dose(reported, place) for place, reported in _numbered(report)}
    if len(doses) != len(report.doses):
        raise BadReport(problem="counts")
    return tuple(doses.values())


def charges(orphan: OrphanReport) -> tuple[Movement, ...]:
    """The movements that an orphan report causes when there is no job to charge."""
    return tuple(
        Movement(
            dose.jar,
            MovementKind.SETTLE,
            Milligrams(-dose.fell_at_most_mg),
            MovementReason.UNCLAIMED,
            dose_order=dose.order,
            report_id=orphan.id,
        )
        for dose in orphan.doses
        if dose.fell_at_most_mg
    )


def report_as_sent(orphan: OrphanReport) -> Report:
    """The report as it was sent, for a job that is there after all."""
    reported_doses = tuple(
        ReportedDose(
            jar=dose.jar,
            spice=dose.spice,
            fell_at_most_mg=dose.fell_at_most_mg,
            done=dose.done,
            order=dose.order,
            fell_at_least_mg=dose.fell_at_least_mg,
            resumes=dose.resumes,
            error=dose.error,
        )
        for dose in orphan.doses
    )
    done = sum(dose.done for dose in orphan.doses)
    return Report(done, len(reported_doses) - done, reported_doses)


def _numbered(report: Report) -> list[tuple[int, ReportedDose]]:
    places = enumerate(report.doses, start=1)
    return [
        (place if reported.order is None else reported.order, reported)
        for place, reported in places
    ]


def _dose(reported: ReportedDose, place: int) -> OrphanDose:
    insist_on_bounds(reported, place)
    fell = fell_by(reported)
    return OrphanDose(
        order=place,
        jar=reported.jar,
        spice=reported.spice,
        done=reported.done,
        fell_at_most_mg=fell,
        fell_at_least_mg=fell if reported.fell_at_least_mg is None else reported.fell_at_least_mg,
        resumes=reported.resumes,
        error=reported.error,
    )
