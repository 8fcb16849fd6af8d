"""Reports that are kept until the owner books or dismisses them.

Either there is no job to settle: the database was restored from an older copy and does not know it,
or the board belongs to another kitchen by now. Or the report contradicts its job, which has ended
all the same: then there is nothing to book, and the owner looks at it.

Of a report only facts are kept: numbers, known words and the hash of what was sent, never its text.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from yaguts.domain.jobs.job import Job
from yaguts.domain.jobs.report import (
    Contradiction,
    Report,
    ReportedDose,
    clear_doses,
    contradiction,
    fell_by,
    first_of,
    problem_of_amounts,
    says_all,
)
from yaguts.domain.recipe import same_spice
from yaguts.domain.stock.ledger import Movement, MovementKind, MovementReason
from yaguts.domain.units import Milligrams

LAST_JAR = 16
"""No dispenser has more jars."""
HEAVIEST = Milligrams(9_000_000)
"""No dispenser gives more of a dose."""
MOST_UNDECIDED = 50
"""So many undecided reports of a dispenser are kept that contradict nothing, and so many that do.
Those that contradict cannot crowd out the others.
"""


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
    stopped_here: bool = False


@dataclass(frozen=True, slots=True)
class NewOrphan:
    """A report to be kept. `key` is None from firmware 0.1.

    `body_hash` tells one report without a key from another. `facts` has the words of the wire.
    """

    dispenser_id: int
    job_id: int
    key: str | None
    body_hash: str
    doses: tuple[OrphanDose, ...]
    facts: Mapping[str, object]
    contradiction: Contradiction | None


@dataclass(frozen=True, slots=True)
class OrphanReport:
    """An orphan report. `job_id` and `key` are the dispenser's numbers of the job.

    `dropped`: how many reports of the dispenser came after it and were not kept, because there were
    too many.
    """

    id: int
    dispenser_id: int
    job_id: int
    key: str | None
    doses: tuple[OrphanDose, ...]
    received_at: datetime
    decision: Decision | None = None
    contradiction: Contradiction | None = None
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Readable:
    """What of a report without a job can be booked, and how it contradicts itself."""

    doses: tuple[OrphanDose, ...]
    contradiction: Contradiction | None


def doses_of(report: Report, labels: Collection[str]) -> Readable:
    """The doses of a report whose job is unknown. Of names only the jars' labels are kept."""
    doses: dict[int, OrphanDose] = {}
    found: set[Contradiction] = {Contradiction.UNREADABLE} if report.unreadable else set()
    for place, reported in enumerate(report.doses, start=1):
        order = place if reported.order is None else reported.order
        problem = _problem(reported)
        if order in doses:
            found.add(Contradiction.TWICE)
        elif problem is not None:
            found.add(problem)
        else:
            doses[order] = _dose(reported, order, labels)
    if not found and report.doses and not _counts_agree(report):
        found.add(Contradiction.COUNTS)
    return Readable(tuple(doses.values()), first_of(found))


def doses_of_job(job: Job, report: Report) -> Readable:
    """The same of a report whose job is known, and the dispenser of it too."""
    names = {dose.order: dose.spice for dose in job.doses}
    doses = tuple(
        _dose(reported, reported.order or 0, [names[reported.order or 0]])
        for reported in clear_doses(job, report)
    )
    return Readable(doses, contradiction(job, report))


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
            stopped_here=dose.stopped_here,
        )
        for dose in orphan.doses
    )
    return Report(None, None, reported_doses, unreadable=orphan.contradiction is not None)


def _counts_agree(report: Report) -> bool:
    done = sum(bool(reported.done) for reported in report.doses)
    counts = (report.completed, done), (report.failed, len(report.doses) - done)
    return all(told in (None, real) for told, real in counts)


def _problem(reported: ReportedDose) -> Contradiction | None:
    if reported.unreadable or not says_all(reported):
        return Contradiction.UNREADABLE
    if reported.jar not in range(1, LAST_JAR + 1):
        return Contradiction.NOT_IN_JOB
    return problem_of_amounts(reported, HEAVIEST)


def _dose(reported: ReportedDose, order: int, names: Collection[str]) -> OrphanDose:
    fell = fell_by(reported)
    return OrphanDose(
        order=order,
        jar=reported.jar or 0,
        spice=next((name for name in names if same_spice(name, reported.spice)), ""),
        done=bool(reported.done),
        fell_at_most_mg=fell,
        fell_at_least_mg=fell if reported.fell_at_least_mg is None else reported.fell_at_least_mg,
        resumes=reported.resumes,
        error=reported.error,
        stopped_here=reported.stopped_here,
    )
