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


class MovementKind(StrEnum):
    """What sort of movement. The sign of the amount says which way."""

    REFILL = "refill"
    CORRECTION = "correction"
    WASTE = "waste"
    HOLD = "hold"
    RELEASE = "release"
    SETTLE = "settle"


class MovementReason(StrEnum):
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


IN_THE_JAR = frozenset(
    {MovementKind.REFILL, MovementKind.CORRECTION, MovementKind.WASTE, MovementKind.SETTLE}
)
HELD = frozenset({MovementKind.HOLD, MovementKind.RELEASE})
REASONS = {
    MovementKind.REFILL: frozenset({MovementReason.POURED_IN}),
    MovementKind.CORRECTION: frozenset({MovementReason.WEIGHED, MovementReason.RELABELLED}),
    MovementKind.WASTE: frozenset(
        {MovementReason.THROWN_AWAY, MovementReason.CLEARED, MovementReason.CALIBRATED}
    ),
    MovementKind.HOLD: frozenset({MovementReason.ORDERED}),
    MovementKind.RELEASE: frozenset(
        {
            MovementReason.REPORTED,
            MovementReason.CANCELLED,
            MovementReason.EXPIRED,
            MovementReason.UNCONFIRMED,
            MovementReason.RESTORED,
        }
    ),
    MovementKind.SETTLE: frozenset({MovementReason.REPORTED, MovementReason.UNCLAIMED}),
}
"""The reasons that each kind of movement may have."""
WASTED_BY_JOBS = frozenset({MovementReason.CLEARED, MovementReason.CALIBRATED})
_WASTED = {
    JobKind.PURGE: MovementReason.CLEARED,
    JobKind.CLEANING: MovementReason.CLEARED,
    JobKind.CALIBRATION: MovementReason.CALIBRATED,
}
_GIVEN_UP = {
    Failure.CANCELLED: MovementReason.CANCELLED,
    Failure.EXPIRED: MovementReason.EXPIRED,
    Failure.UNCONFIRMED: MovementReason.UNCONFIRMED,
    Failure.RESTORED: MovementReason.RESTORED,
}


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the ledger.

    `item_order` is None when neither a job's item is behind it (`job_id`) nor a dose of a report
    whose job is not there (`report_id`).
    """

    jar: int
    kind: MovementKind
    amount: Milligrams
    reason: MovementReason
    job_id: int | None = None
    dose_order: int | None = None
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerLine:
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
        Movement(
            dose.jar, MovementKind.HOLD, dose.quantity, MovementReason.ORDERED, job.id, dose.order
        )
        for dose in job.doses
        if not dose.by_time
    )


def releases(job: Job) -> tuple[Movement, ...]:
    """The end of those promises. Repeating it is harmless: a release exists once per item."""
    why = MovementReason.REPORTED if job.failure is None else _GIVEN_UP[job.failure]
    return tuple(
        Movement(
            dose.jar, MovementKind.RELEASE, Milligrams(-dose.quantity), why, job.id, dose.order
        )
        for dose in job.doses
        if not dose.by_time
    )


def settlements(job: Job) -> tuple[Movement, ...]:
    """What fell out of each jar (its upper bound). Items of which nothing fell have no line."""
    kind, why = MovementKind.SETTLE, MovementReason.REPORTED
    if job.kind not in FOR_A_DISH:
        kind, why = MovementKind.WASTE, _WASTED[job.kind]
    return tuple(
        Movement(dose.jar, kind, Milligrams(-dose.fell_at_most_mg), why, job.id, dose.order)
        for dose in job.doses
        if dose.fell_at_most_mg
    )


def balance(movements: Iterable[Movement]) -> Milligrams:
    """What is in the jar."""
    return Milligrams(sum(m.amount for m in movements if m.kind in IN_THE_JAR))


def held(movements: Iterable[Movement]) -> Milligrams:
    """What is promised to jobs."""
    return Milligrams(sum(m.amount for m in movements if m.kind in HELD))
