"""Orders and jobs in requests and answers."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from yaguts.api.schemas.configuration import MotorOut
from yaguts.api.schemas.device import OfferedDoseOut
from yaguts.domain.jobs.job import UNDER_WAY, Dose, Failure, Job, JobKind
from yaguts.domain.jobs.queue import place
from yaguts.domain.recipe import Ingredient
from yaguts.http.fields import NO_FLAG, Flag, Id, Inbound, Outbound, UtcTime
from yaguts.services.delivery.job_message import STATUS_WORDS, spice_word
from yaguts.services.jobs.enqueue import Order
from yaguts.services.runtime.progress import DoseProgress
from yaguts_wire import words as w
from yaguts_wire.values import grams, seconds

FAILURE_WORDS = {
    Failure.CANCELLED: w.STOPPED,
    Failure.EXPIRED: w.EXPIRED,
    Failure.NO_REPORT: w.NO_REPORT,
    Failure.RESTORED: w.RESTORED,
    Failure.UNCONFIRMED: w.UNCONFIRMED,
}
KIND_WORDS = {
    JobKind.RECIPE: w.RECIPE,
    JobKind.DOSE: w.DOSE,
    JobKind.PURGE: w.PURGE,
    JobKind.CLEANING: w.CLEANING,
    JobKind.CALIBRATION: w.CALIBRATION,
}


People = Annotated[int, Field(ge=1, le=100), NO_FLAG]


class OrderIn(Inbound):
    """An order: a recipe for a number of people.

    `multiplicador` above 1 is the older field for the number of people. `permitir_a_mao`: the cook
    adds by hand what no jar has; otherwise the order is refused. `entrar_na_fila`: the job may wait
    in the queue if the dispenser is busy. If it is left out, the dispenser's setting counts.
    """

    recipe_id: Id = Field(alias=w.RECIPE_ID)
    people: People = Field(1, alias=w.PEOPLE)
    multiplier: People = Field(1, alias=w.MULTIPLIER)
    queue: Flag | None = Field(None, alias=w.QUEUE_UP)
    by_hand: Flag = Field(False, alias=w.ALLOW_BY_HAND)
    dispenser_id: Id | None = Field(None, alias=w.DEVICE_ID)

    def order(self) -> Order:
        """Convert to the services' type."""
        return Order(
            self.recipe_id,
            self.multiplier if self.multiplier > 1 else self.people,
            self.multiplier,
            queue=self.queue,
            by_hand=self.by_hand,
            dispenser_id=self.dispenser_id,
        )


class ByHandOut(Outbound):
    """A spice that the cook adds by hand, because no jar has it."""

    spice: str = Field(serialization_alias=w.SPICE)
    quantity: float = Field(serialization_alias=w.QUANTITY_G)


class DoseOut(OfferedDoseOut):
    """A dose of a job, and the bounds of what fell of it if they are known.

    `quantidade_g` 0: the dose runs by time, and the amount that falls is unknown.
    """

    fell_g: float | None = Field(serialization_alias=w.DISPENSED_G)
    fell_at_least_g: float | None = Field(serialization_alias=w.AT_LEAST_G)
    resumes: int = Field(serialization_alias=w.RESUMES)
    error: str | None


class JobOut(Outbound):
    """A job. While it is under way, `dispensado_g` is the dispenser's last progress.

    `aguarda_resposta`: after an outage the dispenser waits for the resume consent.
    """

    id: int
    status: str
    kind: str = Field(serialization_alias=w.KIND)
    recipe_id: int | None = Field(serialization_alias=w.RECIPE_ID)
    people: int = Field(serialization_alias=w.PEOPLE)
    multiplier: int = Field(serialization_alias=w.MULTIPLIER)
    created_at: UtcTime
    started_at: UtcTime | None
    finished_at: UtcTime | None
    error: str | None = Field(serialization_alias=w.ERROR_MESSAGE)
    review: bool = Field(serialization_alias=w.REVIEW)
    paused: bool = Field(serialization_alias=w.PAUSED)
    doses: list[DoseOut] = Field(serialization_alias=w.ITEMS)
    by_hand: list[ByHandOut] = Field(serialization_alias=w.BY_HAND)
    motor: MotorOut = Field(serialization_alias=w.MOTOR)


class ActiveJob(Outbound):
    """The id, the status and the start of the job under way."""

    id: int
    status: str
    started_at: UtcTime | None


class ActiveOut(Outbound):
    """The job under way. `null`: the kitchen has none."""

    active: ActiveJob | None


class QueuedJob(Outbound):
    """A job that is not over. `posicao`: 1 is next; `null`: it does not wait any more."""

    id: int
    place: int | None = Field(serialization_alias=w.PLACE)
    dispenser_id: int = Field(serialization_alias=w.DEVICE_ID)
    status: str
    recipe_id: int | None = Field(serialization_alias=w.RECIPE_ID)
    people: int = Field(serialization_alias=w.PEOPLE)
    created_at: UtcTime
    started_at: UtcTime | None


class QueueOut(Outbound):
    """The jobs of a kitchen that are not over, in the order in which they were ordered."""

    queue: list[QueuedJob] = Field(serialization_alias=w.QUEUE)


class CancelledOut(Outbound):
    """How many jobs were cancelled."""

    ok: bool = True
    cancelled: int


def job_out(
    job: Job,
    progress_by_dose: Mapping[int, DoseProgress] | None = None,
    by_hand: Sequence[Ingredient] = (),
) -> JobOut:
    """Convert a job. While it is under way, its doses show their progress."""
    progress_by_dose = progress_by_dose if progress_by_dose and job.state in UNDER_WAY else {}
    return JobOut(
        id=job.id,
        status=STATUS_WORDS[job.state],
        kind=KIND_WORDS[job.kind],
        recipe_id=job.recipe_id,
        people=job.people,
        multiplier=job.multiplier,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        error=_job_error(job),
        review=job.review,
        paused=job.paused,
        doses=[_dose_out(dose, progress_by_dose.get(dose.order)) for dose in job.doses],
        by_hand=[ByHandOut(spice=part.spice, quantity=grams(part.quantity)) for part in by_hand],
        motor=MotorOut.model_validate(job.motor, from_attributes=True),
    )


def queue_out(jobs: Sequence[Job]) -> QueueOut:
    return QueueOut(queue=[_queued_job(job, place(job, jobs)) for job in jobs])


def dose_error(dose: Dose) -> str | None:
    """Return the dispenser's text for what went wrong, or else the server's code."""
    return dose.error or (FAILURE_WORDS[dose.failure] if dose.failure else None)


def _queued_job(job: Job, place_in_queue: int | None) -> QueuedJob:
    return QueuedJob(
        id=job.id,
        place=place_in_queue,
        dispenser_id=job.dispenser_id,
        status=STATUS_WORDS[job.state],
        recipe_id=job.recipe_id,
        people=job.people,
        created_at=job.created_at,
        started_at=job.started_at,
    )


def _job_error(job: Job) -> str | None:
    if job.error or job.failure:
        return job.error or (FAILURE_WORDS[job.failure] if job.failure else None)
    wrong = [f"{spice_word(dose)}: {dose_error(dose)}" for dose in job.doses if dose_error(dose)]
    return "; ".join(wrong) or None


def _dose_out(dose: Dose, progress: DoseProgress | None) -> DoseOut:
    fell_mg = dose.fell_at_most_mg if progress is None else progress.fell_at_least_mg
    return DoseOut(
        id=dose.id,
        order=dose.order,
        jar=dose.jar,
        spice=spice_word(dose),
        quantity=grams(dose.quantity),
        duration=seconds(dose.duration),
        status=dose.status if progress is None else progress.status,
        fell_g=None if fell_mg is None else grams(fell_mg),
        fell_at_least_g=None if dose.fell_at_least_mg is None else grams(dose.fell_at_least_mg),
        resumes=dose.resumes,
        error=dose_error(dose),
    )
