"""A dispenser's report against its job. A report is never refused.

What it says clearly is taken. Of a dose that it leaves out, or about which it contradicts the job
or itself, anything from nothing to the planned amount may have fallen.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from yaguts.domain.jobs.job import Dose, DoseStatus, Failure, Job, JobEvent
from yaguts.domain.units import NOTHING, Milligrams

ROUNDING = Milligrams(1)
"""Firmware 0.1 computes in 32-bit floats. Its grams differ by this, and by 1 in 100,000."""


class Contradiction(StrEnum):
    """Why a report cannot be taken as it is. A person should look at it."""

    UNREADABLE = "unreadable"
    """It is no report, or something in it is not what belongs there."""
    NOT_ITS_JOB = "not_its_job"
    """Its job is another dispenser's."""
    NOT_IN_JOB = "not_in_job"
    TWICE = "twice"
    NEGATIVE = "negative"
    INTERVAL = "interval"
    """The lower bound is above the upper one."""
    TOO_MUCH = "too_much"
    COUNTS = "counts"


@dataclass(frozen=True, slots=True)
class ReportedDose:
    """One dose of a report. None: the report does not say it.

    `fell_at_least_mg` is None from firmware 0.1, `order` before 0.1.4. `unreadable`: something is
    there that cannot be read. `stopped_here`: it ended because of the dispenser's button.
    """

    jar: int | None
    spice: str
    fell_at_most_mg: Milligrams | None
    done: bool | None
    order: int | None = None
    fell_at_least_mg: Milligrams | None = None
    resumes: int = 0
    error: str | None = None
    unreadable: bool = False
    stopped_here: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a dispenser says of a job: two counts, and normally one dose of the report a dose of the
    job.

    Firmware up to 0.1.3 says `all_done` in place of both: whether all doses fell. `unreadable`: a
    count or the list of the doses is there and cannot be read.
    """

    completed: int | None
    failed: int | None
    doses: tuple[ReportedDose, ...] = ()
    all_done: bool | None = None
    error: str | None = None
    unreadable: bool = False

    @property
    def of_counts_only(self) -> bool:
        """Whether firmware 0.1 has lost its log in a reboot and kept the counts."""
        return not self.doses and not self.unreadable and self.completed is not None


def most_reportable(dose: Dose) -> Milligrams:
    """The largest amount that a report may name for a dose: the planned amount, and float
    rounding.
    """
    return Milligrams(dose.quantity + ROUNDING + dose.quantity // 100_000)


def settle_doses(job: Job, report: Report) -> Job:
    """The job with its doses as the report says they ended.

    Marked for review if the report leaves something out or contradicts the job or itself.
    """
    if report.all_done is not None:
        settled = settle_doses(job, _of_all(job, report))
        return replace(settled, error=report.error)
    if report.of_counts_only:
        completed = report.completed or 0
        return replace(job, doses=_from_counts(job.doses, completed), review=True)
    matched = _match(job, report)
    doses = tuple(_settled(dose, matched.clear.get(dose.order)) for dose in job.doses)
    whole = len(matched.clear) == len(doses) and not matched.contradictions
    return replace(job, doses=doses, review=job.review or not whole)


def contradiction(job: Job, report: Report) -> Contradiction | None:
    """How the report contradicts the job or itself, if it does: the first of `Contradiction`."""
    if report.all_done is not None or report.of_counts_only:
        return None
    return first_of(_match(job, report).contradictions)


def first_of(contradictions: Container[Contradiction]) -> Contradiction | None:
    """The one that a person is told of."""
    return next((one for one in Contradiction if one in contradictions), None)


def clear_doses(job: Job, report: Report) -> tuple[ReportedDose, ...]:
    """What the report says clearly about doses of the job, each with its order."""
    clear = _match(job, report).clear
    return tuple(replace(reported, order=order) for order, reported in sorted(clear.items()))


def event_of(job: Job, report: Report) -> JobEvent:
    """The event that a report amounts to, of a job whose doses it has settled."""
    if any(dose.stopped_here for dose in report.doses):
        return JobEvent.REPORTED_STOPPED
    done = sum(dose.status == DoseStatus.DONE for dose in job.doses)
    if done == len(job.doses) and not job.review:
        return JobEvent.REPORTED_DONE
    return JobEvent.REPORTED_PARTLY if done or job.review else JobEvent.REPORTED_FAILED


@dataclass(frozen=True, slots=True)
class _Matched:
    """What a report says clearly, by the order of the dose, and how it contradicts the job."""

    clear: dict[int, ReportedDose]
    contradictions: set[Contradiction]


def _match(job: Job, report: Report) -> _Matched:
    clear: dict[int, ReportedDose] = {}
    found: set[Contradiction] = {Contradiction.UNREADABLE} if report.unreadable else set()
    told: set[int] = set()
    for reported in report.doses:
        dose = _dose_of(reported, job.doses, told)
        problem = _problem(reported, dose, told)
        if dose is not None and dose.order in told:
            clear.pop(dose.order, None)
        elif dose is not None:
            told.add(dose.order)
            if problem is None and says_all(reported):
                clear[dose.order] = reported
        if problem is not None:
            found.add(problem)
    if _counts_contradict(report, clear.values(), len(job.doses) - len(clear)):
        found.add(Contradiction.COUNTS)
    return _Matched(clear, found)


def _dose_of(reported: ReportedDose, doses: Sequence[Dose], told: Container[int]) -> Dose | None:
    """The dose that a reported dose is about: by its order, or (before 0.1.4) the next with its
    jar. The name of the spice is not compared: old firmware repeats a report with a broken one.
    """
    if reported.order is not None:
        return next((dose for dose in doses if dose.order == reported.order), None)
    of_jar = (dose for dose in doses if dose.jar == reported.jar and dose.order not in told)
    return next(of_jar, None)


def _problem(
    reported: ReportedDose, dose: Dose | None, told: Container[int]
) -> Contradiction | None:
    if reported.unreadable:
        return Contradiction.UNREADABLE
    if dose is None:
        says_which = reported.order is not None or reported.jar is not None
        return Contradiction.NOT_IN_JOB if says_which else None
    if dose.order in told:
        return Contradiction.TWICE
    if reported.jar is not None and reported.jar != dose.jar:
        return Contradiction.NOT_IN_JOB
    return problem_of_amounts(reported, most_reportable(dose))


def problem_of_amounts(reported: ReportedDose, most: Milligrams) -> Contradiction | None:
    """What is wrong with the amounts that a report names for a dose."""
    upper, lower = reported.fell_at_most_mg, reported.fell_at_least_mg
    if (upper or 0) < 0 or (lower or 0) < 0:
        return Contradiction.NEGATIVE
    if upper is not None and lower is not None and lower > upper:
        return Contradiction.INTERVAL
    if (upper or 0) > most:
        return Contradiction.TOO_MUCH
    return None


def says_all(reported: ReportedDose) -> bool:
    """Whether the report says of the dose what is needed to book it."""
    return None not in (reported.jar, reported.fell_at_most_mg, reported.done)


def _counts_contradict(report: Report, clear: Any, unclear: int) -> bool:
    """Whether the counts are not those of the clear doses. What is not clear may be either."""
    done = sum(bool(reported.done) for reported in clear)
    failed = len(clear) - done
    return any(
        told is not None and not known <= told <= known + unclear
        for told, known in ((report.completed, done), (report.failed, failed))
    )


def _of_all(job: Job, report: Report) -> Report:
    """What firmware up to 0.1.3 says of all doses at once, dose by dose."""
    done = bool(report.all_done)
    doses = tuple(
        ReportedDose(dose.jar, dose.spice, dose.quantity, done, dose.order, error=report.error)
        for dose in job.doses
    )
    return Report(None, None, doses)


def _from_counts(doses: Sequence[Dose], completed: int) -> tuple[Dose, ...]:
    """Firmware 0.1 has lost its log after a reboot, and its counts may be wrong.

    The dispenser takes no other job until it gets an answer, so the first doses count as done.
    """
    return tuple(
        _done(dose) if place < completed else _without_report(dose, NOTHING)
        for place, dose in enumerate(doses)
    )


def _settled(dose: Dose, reported: ReportedDose | None) -> Dose:
    if reported is None:
        return _without_report(dose, dose.quantity)
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


def _without_report(dose: Dose, at_most: Milligrams) -> Dose:
    return replace(
        dose,
        status=DoseStatus.FAILED,
        failure=Failure.NO_REPORT,
        **_between(dose, NOTHING, at_most),
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
    knows = reported.done or reported.fell_at_least_mg is not None
    return (reported.fell_at_most_mg or NOTHING) if knows else NOTHING


def _done(dose: Dose) -> Dose:
    return replace(
        dose,
        status=DoseStatus.DONE,
        failure=None,
        **_between(dose, dose.quantity, dose.quantity),
    )
