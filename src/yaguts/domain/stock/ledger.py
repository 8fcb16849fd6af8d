"""Stock as an append-only ledger in milligrams. A balance is a sum, never a number somebody set.

Two sums matter for a jar: what is *in* it (refill, settle, correction) and what is *held* for jobs
that have not reported yet (hold, release). What can be ordered is the first minus the second.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yaguts.domain.jobs.job import FOR_A_DISH, Failure, Job, JobKind
from yaguts.domain.units import Milligrams


class Kind(StrEnum):
    """What sort of movement. The sign of the amount says which way."""

    REFILL = "refill"
    CORRECTION = "correction"
    WASTE = "waste"
    HOLD = "hold"
    RELEASE = "release"
    SETTLE = "settle"


class Reason(StrEnum):
    """Why an amount moved. Who, what and when stand beside it in the ledger."""

    POURED_IN = "poured in"
    WEIGHED = "weighed"
    RELABELLED = "relabelled"
    THROWN_AWAY = "thrown away"
    CLEARED = "cleared"
    CALIBRATED = "calibrated"
    ORDERED = "ordered"
    REPORTED = "reported"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNCONFIRMED = "unconfirmed"
    RESTORED = "restored"
    UNCLAIMED = "unclaimed"
    """Reported, of a job that this database does not know."""


IN_THE_JAR = frozenset({Kind.REFILL, Kind.CORRECTION, Kind.WASTE, Kind.SETTLE})
HELD = frozenset({Kind.HOLD, Kind.RELEASE})
REASONS = {
    Kind.REFILL: frozenset({Reason.POURED_IN}),
    Kind.CORRECTION: frozenset({Reason.WEIGHED, Reason.RELABELLED}),
    Kind.WASTE: frozenset({Reason.THROWN_AWAY, Reason.CLEARED, Reason.CALIBRATED}),
    Kind.HOLD: frozenset({Reason.ORDERED}),
    Kind.RELEASE: frozenset(
        {
            Reason.REPORTED,
            Reason.CANCELLED,
            Reason.EXPIRED,
            Reason.UNCONFIRMED,
            Reason.RESTORED,
        }
    ),
    Kind.SETTLE: frozenset({Reason.REPORTED, Reason.UNCLAIMED}),
}
"""The reasons that each kind of movement may have."""
WASTED_BY_JOBS = frozenset({Reason.CLEARED, Reason.CALIBRATED})
_WASTED = {
    JobKind.PURGE: Reason.CLEARED,
    JobKind.CLEANING: Reason.CLEARED,
    JobKind.CALIBRATION: Reason.CALIBRATED,
}
_GIVEN_UP = {
    Failure.CANCELLED: Reason.CANCELLED,
    Failure.EXPIRED: Reason.EXPIRED,
    Failure.UNCONFIRMED: Reason.UNCONFIRMED,
    Failure.RESTORED: Reason.RESTORED,
}


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the ledger.

    `item_order` is None when neither a job's item is behind it (`job_id`) nor a dose of a report
    whose job is not there (`report_id`).
    """

    jar: int
    kind: Kind
    amount: Milligrams
    reason: Reason
    job_id: int | None = None
    item_order: int | None = None
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A movement as it stands in the book: when, and what was in the jar after it.

    `who`: the person's name; None when the dispenser reported it.
    """

    id: int
    movement: Movement
    at: datetime
    balance: Milligrams
    who: str | None = None


def holds(job: Job) -> tuple[Movement, ...]:
    """What an order promises itself from each jar. What runs by time promises nothing."""
    return tuple(
        Movement(item.jar, Kind.HOLD, item.quantity, Reason.ORDERED, job.id, item.order)
        for item in job.items
        if not item.by_time
    )


def releases(job: Job) -> tuple[Movement, ...]:
    """The end of those promises. Repeating it is harmless: a release exists once per item."""
    why = Reason.REPORTED if job.failure is None else _GIVEN_UP[job.failure]
    return tuple(
        Movement(item.jar, Kind.RELEASE, Milligrams(-item.quantity), why, job.id, item.order)
        for item in job.items
        if not item.by_time
    )


def settlements(job: Job) -> tuple[Movement, ...]:
    """What fell out of each jar (its upper bound). Items of which nothing fell have no line."""
    kind, why = Kind.SETTLE, Reason.REPORTED
    if job.kind not in FOR_A_DISH:
        kind, why = Kind.WASTE, _WASTED[job.kind]
    return tuple(
        Movement(item.jar, kind, Milligrams(-item.fell), why, job.id, item.order)
        for item in job.items
        if item.fell
    )


def balance(movements: Iterable[Movement]) -> Milligrams:
    """What is in the jar."""
    return Milligrams(sum(m.amount for m in movements if m.kind in IN_THE_JAR))


def held(movements: Iterable[Movement]) -> Milligrams:
    """What is promised to jobs."""
    return Milligrams(sum(m.amount for m in movements if m.kind in HELD))
