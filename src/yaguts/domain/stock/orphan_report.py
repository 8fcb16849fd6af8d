"""Reports that no job is there to settle: kept until the owner says what is to become of them.

The job is unknown to a database that was restored from an older copy; or its board belongs to
somebody else by now, who has no say in it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yaguts.domain.errors import BadReport
from yaguts.domain.jobs.report import Entry, Report, fell_by, insist_on_bounds, insist_on_counts
from yaguts.domain.stock.ledger import Kind, Movement, Reason
from yaguts.domain.units import Milligrams


class Outcome(StrEnum):
    """What the owner said of a kept report."""

    BOOKED = "booked"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Dose:
    """What a kept report says of one dose: `fell` is the upper bound, which is charged."""

    order: int
    jar: int
    spice: str
    done: bool
    fell: Milligrams
    fell_at_least: Milligrams
    resumes: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A kept report. `job_id` and `key` are what the dispenser calls the job."""

    id: int
    dispenser_id: int
    job_id: int
    key: str
    doses: tuple[Dose, ...]
    received_at: datetime
    outcome: Outcome | None = None


def doses_of(report: Report) -> tuple[Dose, ...]:
    """What a report says, dose by dose. `BadReport` if it contradicts itself."""
    if not report.entries:
        return ()
    insist_on_counts(report)
    doses = {place: _dose(entry, place) for place, entry in _numbered(report)}
    if len(doses) != len(report.entries):
        raise BadReport(problem="counts")
    return tuple(doses.values())


def charges(kept: Unclaimed) -> tuple[Movement, ...]:
    """What a kept report takes from the jars, when its job is not there to be charged for it."""
    return tuple(
        Movement(
            dose.jar,
            Kind.SETTLE,
            Milligrams(-dose.fell),
            Reason.UNCLAIMED,
            item_order=dose.order,
            report_id=kept.id,
        )
        for dose in kept.doses
        if dose.fell
    )


def as_sent(kept: Unclaimed) -> Report:
    """The report once more, for a job that is there after all."""
    entries = tuple(
        Entry(
            jar=dose.jar,
            spice=dose.spice,
            quantity=dose.fell,
            done=dose.done,
            order=dose.order,
            at_least=dose.fell_at_least,
            resumes=dose.resumes,
            error=dose.error,
        )
        for dose in kept.doses
    )
    done = sum(dose.done for dose in kept.doses)
    return Report(done, len(entries) - done, entries)


def _numbered(report: Report) -> list[tuple[int, Entry]]:
    places = enumerate(report.entries, start=1)
    return [(place if entry.order is None else entry.order, entry) for place, entry in places]


def _dose(entry: Entry, place: int) -> Dose:
    insist_on_bounds(entry, place)
    fell = fell_by(entry)
    return Dose(
        order=place,
        jar=entry.jar,
        spice=entry.spice,
        done=entry.done,
        fell=fell,
        fell_at_least=fell if entry.at_least is None else entry.at_least,
        resumes=entry.resumes,
        error=entry.error,
    )
