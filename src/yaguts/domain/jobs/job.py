"""A job's life on the server: states, events, and the table that says what each event does.

    queued ──offered──▶ offered ──accepted──▶ running ──reported──▶ done | done_partial | failed
       └──────fetched (firmware 0.1)──────────▶│  │
                                               │  ├─cancelled──▶ cancelling ──reported──▶ canceled
                                               │  ├─reported stopped (at the dispenser)─▶ canceled
                                               └─fell silent──▶ failed ──reported──▶ …

A job that is waiting (queued or offered) ends at once when it is cancelled or expires. The table
is total: a duplicate, late or contradictory event is a row of it, not an accident.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from yaguts.domain.errors import NotPossibleNow
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Motor
from yaguts.domain.units import Milligrams, Milliseconds

LONGEST_ERROR = 200
"""An error text of a dispenser is cut to this many characters."""


class JobKind(StrEnum):
    """What a dispenser runs for. The dispenser itself is only told doses."""

    RECIPE = "recipe"
    DOSE = "dose"
    """A weight out of one jar."""
    PURGE = "purge"
    """One jar for a time, to clear it or until it is empty."""
    CLEANING = "cleaning"
    """Short pulses of emptied jars."""
    CALIBRATION = "calibration"
    """One jar for a time, onto a kitchen scale."""


class JobState(StrEnum):
    """Where a job stands. `OFFERED` and `CANCELLING` look like queued and canceled from outside."""

    QUEUED = "queued"
    OFFERED = "offered"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    DONE_PARTIAL = "done_partial"
    FAILED = "failed"
    CANCELED = "canceled"


class JobEvent(StrEnum):
    """What can happen to a job."""

    OFFERED = "offered"
    """A dispenser with firmware 0.2 was shown the job."""
    FETCHED = "fetched"
    """A dispenser with firmware 0.1 was given the job, which counts as the acceptance."""
    ACCEPTED = "accepted"
    """The dispenser has the job in its journal and asks to start."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """Nobody started the job within its time to live."""
    FELL_SILENT = "fell silent"
    """A started job was not reported within its longest possible run and a margin."""
    RESTORED = "restored"
    """The database is an older copy and does not know what became of the job since."""
    REPORTED_DONE = "reported done"
    REPORTED_PARTLY = "reported partly"
    REPORTED_FAILED = "reported failed"
    REPORTED_STOPPED = "reported stopped"
    """Somebody pressed the dispenser's button: the report says so, and nobody had asked for it."""
    REPORTED_AGAIN = "reported again"
    """A report of a job whose report is already booked, whatever it says."""


class Effect(StrEnum):
    """What a transition means for the stock that the job holds."""

    NONE = "none"
    RELEASE = "release"
    SETTLE = "settle"


class DoseStatus(StrEnum):
    """How far one dose of a job is."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Failure(StrEnum):
    """Why the server itself gave up a job or a dose."""

    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNCONFIRMED = "unconfirmed"
    NO_REPORT = "no_report"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose of a job and what became of it.

    The stock is charged `fell_at_most_mg`. Both bounds are None until the dose is reported. The
    bounds of a dose that runs by time stay None until somebody has weighed what fell. `error` is
    the dispenser's reason, `failure` the server's. `RUNNING` is never stored: it comes from the
    dispenser's progress.
    """

    id: int
    order: int
    jar: int
    spice: str
    quantity: Milligrams
    duration: Milliseconds
    status: DoseStatus = DoseStatus.PENDING
    fell_at_most_mg: Milligrams | None = None
    fell_at_least_mg: Milligrams | None = None
    resumes: int = 0
    error: str | None = None
    failure: Failure | None = None

    @property
    def by_time(self) -> bool:
        """Whether only the time is known, because the jar has no rate: the quantity is 0."""
        return self.quantity == 0


@dataclass(frozen=True, slots=True)
class Job:
    """An order and what became of it. `version` grows by one with every stored change.

    `key` is random: an id that is used again after a restore is a different job. `reported`: the
    report is booked. `review`: a person should look at what the report lacked. `heard_at`: the
    dispenser's last sign of life about this job. `retry_of`: the job whose missing part this job
    orders again. `expires_at`: None while other jobs are before it in the dispenser's queue.
    `acceptance`: the number with which it was accepted. `asks`: the dispenser waits for resume
    consent after an outage. `recipe_name` is the name of its recipe when it was ordered; None for
    other kinds, and where nobody knows. `question` is what the dispenser
    asks now, `answered` the last question that got a yes: see `resume_consent`.
    """

    id: int
    key: str
    kitchen_id: KitchenId
    dispenser_id: int
    recipe_id: int | None
    people: int
    multiplier: int
    motor: Motor
    doses: tuple[Dose, ...]
    created_at: datetime
    expires_at: datetime | None
    state: JobState = JobState.QUEUED
    version: int = 1
    reported: bool = False
    review: bool = False
    started_at: datetime | None = None
    heard_at: datetime | None = None
    finished_at: datetime | None = None
    failure: Failure | None = None
    error: str | None = None
    retry_of: int | None = None
    kind: JobKind = JobKind.RECIPE
    asks: bool = False
    question: int | None = None
    answered: int | None = None
    acceptance: int | None = None
    recipe_name: str | None = None

    @property
    def longest_run(self) -> timedelta:
        """How long the dispenser may be busy with the job, motor delays included."""
        pauses = self.motor.pre_start_ms + self.motor.post_stop_ms
        return timedelta(milliseconds=sum(dose.duration + pauses for dose in self.doses))

    @property
    def paused(self) -> bool:
        """Whether the dispenser waits for resume consent."""
        return self._is_asked and self.question != self.answered

    @property
    def may_go_on(self) -> bool:
        """Whether somebody has given resume consent to the current question."""
        return self._is_asked and self.question == self.answered

    @property
    def _is_asked(self) -> bool:
        return self.state == JobState.RUNNING and self.question is not None

    @property
    def stock_deducted(self) -> bool:
        """Whether the job took anything from the stock."""
        return self.reported and any(dose.fell_at_most_mg for dose in self.doses)


FOR_A_DISH = frozenset({JobKind.RECIPE, JobKind.DOSE})
"""What falls is used for a dish, in an ordered amount. What falls in other kinds is waste."""
WAITING = frozenset({JobState.QUEUED, JobState.OFFERED})
"""Nothing has fallen, because no dispenser has started."""
ACTIVE = frozenset({*WAITING, JobState.RUNNING})
"""The states in which a job has its dispenser, or a place in its queue."""
IN_HAND = frozenset({JobState.OFFERED, JobState.RUNNING})
"""A dispenser has seen the job and may start it, or has. There is one such job at a time."""
FINAL = frozenset({JobState.DONE, JobState.DONE_PARTIAL, JobState.FAILED, JobState.CANCELED})
UNDER_WAY = frozenset({JobState.RUNNING, JobState.CANCELLING})
"""Something may be falling."""

_KEEP, _RELEASE, _SETTLE = Effect.NONE, Effect.RELEASE, Effect.SETTLE
Transition = tuple[JobState, Effect]

_REPORTS: dict[JobEvent, Transition] = {
    JobEvent.REPORTED_DONE: (JobState.DONE, _SETTLE),
    JobEvent.REPORTED_PARTLY: (JobState.DONE_PARTIAL, _SETTLE),
    JobEvent.REPORTED_FAILED: (JobState.FAILED, _SETTLE),
    JobEvent.REPORTED_STOPPED: (JobState.CANCELED, _SETTLE),
}
_REPORTS_AFTER_CANCEL: dict[JobEvent, Transition] = dict.fromkeys(
    _REPORTS, (JobState.CANCELED, _SETTLE)
)
_WAITING: dict[JobEvent, Transition] = {
    JobEvent.OFFERED: (JobState.OFFERED, _KEEP),
    JobEvent.FETCHED: (JobState.RUNNING, _KEEP),
    JobEvent.ACCEPTED: (JobState.RUNNING, _KEEP),
    JobEvent.CANCELLED: (JobState.CANCELED, _RELEASE),
    JobEvent.EXPIRED: (JobState.FAILED, _RELEASE),
    JobEvent.RESTORED: (JobState.CANCELED, _RELEASE),
    **_REPORTS,
}

# A missing pair is refused when somebody asks for the event (an offer, an acceptance). It has no
# consequence when the event merely happened: see `_NEVER_REFUSED`.
TABLE: dict[JobState, dict[JobEvent, Transition]] = {
    JobState.QUEUED: _WAITING,
    JobState.OFFERED: _WAITING,
    JobState.RUNNING: {
        JobEvent.ACCEPTED: (JobState.RUNNING, _KEEP),
        JobEvent.CANCELLED: (JobState.CANCELLING, _KEEP),
        JobEvent.FELL_SILENT: (JobState.FAILED, _RELEASE),
        JobEvent.RESTORED: (JobState.FAILED, _RELEASE),
        **_REPORTS,
    },
    JobState.CANCELLING: {
        JobEvent.FELL_SILENT: (JobState.CANCELED, _RELEASE),
        JobEvent.RESTORED: (JobState.CANCELED, _RELEASE),
        **_REPORTS_AFTER_CANCEL,
    },
    JobState.DONE: {},
    JobState.DONE_PARTIAL: {},
    # The server gave the job up, and the dispenser reports it all the same: the report is booked.
    JobState.FAILED: _REPORTS,
    JobState.CANCELED: _REPORTS_AFTER_CANCEL,
}

_GIVEN_UP = {
    JobEvent.CANCELLED: Failure.CANCELLED,
    JobEvent.EXPIRED: Failure.EXPIRED,
    JobEvent.FELL_SILENT: Failure.UNCONFIRMED,
    JobEvent.RESTORED: Failure.RESTORED,
}
_NEVER_REFUSED = frozenset({*_GIVEN_UP, *_REPORTS, JobEvent.REPORTED_AGAIN})


def transition(state: JobState, event: JobEvent) -> Transition:
    """The new state and the effect on the stock. Raises `NotPossibleNow` when the event is
    refused.
    """
    found = TABLE[state].get(event)
    if found is not None:
        return found
    if event in _NEVER_REFUSED:
        return state, Effect.NONE
    raise NotPossibleNow(state=state, event=event)


def advance(job: Job, event: JobEvent, now: datetime) -> tuple[Job, Effect]:
    """The job after the event, and the effect on the stock that it holds.

    A job that the event does not change keeps its version: there is nothing to store.
    """
    if job.reported and event in _REPORTS:
        event = JobEvent.REPORTED_AGAIN
    state, effect = transition(job.state, event)
    if (state, effect) == (job.state, Effect.NONE):
        return job, effect
    job = _dated(replace(job, state=state, version=job.version + 1), now)
    if effect == Effect.SETTLE:
        return replace(job, reported=True, failure=None), effect
    if effect == Effect.RELEASE:
        return _given_up(job, _GIVEN_UP[event]), effect
    return job, effect


def _given_up(job: Job, failure: Failure) -> Job:
    """The job when its report is no longer awaited. A report may still come."""
    doses = tuple(replace(dose, status=DoseStatus.FAILED, failure=failure) for dose in job.doses)
    return replace(job, doses=doses, failure=failure)


def _dated(job: Job, now: datetime) -> Job:
    if job.state in UNDER_WAY:
        return replace(job, started_at=job.started_at or now, heard_at=now)
    if job.state in FINAL:
        return replace(job, finished_at=job.finished_at or now)
    return job
