"""Stock as an append-only ledger in milligrams. A balance is a sum; nobody sets it.

Two sums matter for a jar: what is *in* it (refill, settle, correction) and what is *held* for jobs
that are not reported (hold, release). The first minus the second can be ordered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yaguts.domain.jobs.job import FOR_A_DISH, Failure, Job, JobKind
from yaguts.domain.units import Milligrams


class MovementKind(StrEnum):
    """The kind of a movement. The sign of the amount says which way."""

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
    OPENING = "opening"
    """What version 0.1 said was in the jar when its database was imported."""
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
    """Reported for a job that this database does not know."""


IN_THE_JAR = frozenset(
    {MovementKind.REFILL, MovementKind.CORRECTION, MovementKind.WASTE, MovementKind.SETTLE}
)
HELD = frozenset({MovementKind.HOLD, MovementKind.RELEASE})
REASONS = {
    MovementKind.REFILL: frozenset({MovementReason.POURED_IN}),
    MovementKind.CORRECTION: frozenset(
        {MovementReason.WEIGHED, MovementReason.RELABELLED, MovementReason.OPENING}
    ),
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
    """One entry of the ledger.

    `dose_order` is None unless a dose of a job (`job_id`) or of an orphan report (`report_id`) is
    behind the movement.
    """

    jar: int
    kind: MovementKind
    amount: Milligrams
    reason: MovementReason
    job_id: int | None = None
    dose_order: int | None = None
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class BookedMovement:
    """A movement as it stands in the ledger: when, and what was in the jar after it.

    `who` is the person's name, or None when the dispenser reported it.
    """

    id: int
    movement: Movement
    at: datetime
    balance: Milligrams
    who: str | None = None


def holds(job: Job) -> tuple[Movement, ...]:
    """What an order holds of each jar. A dose that runs by time holds nothing."""
    return tuple(
        Movement(
            dose.jar, MovementKind.HOLD, dose.quantity, MovementReason.ORDERED, job.id, dose.order
        )
        for dose in job.doses
        if not dose.by_time
    )


def releases(job: Job) -> tuple[Movement, ...]:
    """The end of those holds. A repeated release has no effect: there is one a dose."""
    why = MovementReason.REPORTED if job.failure is None else _GIVEN_UP[job.failure]
    return tuple(
        Movement(
            dose.jar, MovementKind.RELEASE, Milligrams(-dose.quantity), why, job.id, dose.order
        )
        for dose in job.doses
        if not dose.by_time
    )


def settlements(job: Job) -> tuple[Movement, ...]:
    """What fell from each jar, at most. A dose of which nothing fell has no movement."""
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
    """What is held for jobs."""
    return Milligrams(sum(m.amount for m in movements if m.kind in HELD))
