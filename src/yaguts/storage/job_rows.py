"""Jobs as values and as rows: each column once in each direction."""

from typing import Any

from sqlalchemy import Row

from yaguts.domain.jobs.job import Dose, DoseStatus, Failure, Job, JobKind, JobState
from yaguts.storage.motor_columns import motor_columns, motor_in


def job_columns(job: Job) -> dict[str, object]:
    """The row of a job, without its id."""
    return changing_columns(job) | {
        "key": job.key,
        "owner_id": job.kitchen_id,
        "dispenser_id": job.dispenser_id,
        "recipe_id": job.recipe_id,
        "people": job.people,
        "multiplier": job.multiplier,
        **motor_columns(job.motor),
        "created_at": job.created_at,
        "retry_of": job.retry_of,
        "kind": job.kind,
        "asks": job.asks,
        "recipe_name": job.recipe_name,
    }


def changing_columns(job: Job) -> dict[str, object]:
    """The columns that change after a job was ordered."""
    return {
        "state": job.state,
        "version": job.version,
        "reported": job.reported,
        "review": job.review,
        "failure": job.failure,
        "error": job.error,
        "expires_at": job.expires_at,
        "started_at": job.started_at,
        "heard_at": job.heard_at,
        "finished_at": job.finished_at,
        "question": job.question,
        "answered": job.answered,
        "acceptance": job.acceptance,
    }


def job_of(row: Row[Any], doses: tuple[Dose, ...]) -> Job:
    """The job that a row and its items' rows hold."""
    return Job(
        id=row.id,
        key=row.key,
        kitchen_id=row.owner_id,
        dispenser_id=row.dispenser_id,
        recipe_id=row.recipe_id,
        people=row.people,
        multiplier=row.multiplier,
        motor=motor_in(row),
        doses=doses,
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=JobState(row.state),
        version=row.version,
        reported=row.reported,
        review=row.review,
        started_at=row.started_at,
        heard_at=row.heard_at,
        finished_at=row.finished_at,
        failure=_failure(row.failure),
        error=row.error,
        retry_of=row.retry_of,
        kind=JobKind(row.kind),
        asks=row.asks,
        question=row.question,
        answered=row.answered,
        acceptance=row.acceptance,
        recipe_name=row.recipe_name,
    )


def dose_columns(dose: Dose) -> dict[str, object]:
    """The row of a dose, without its id and its job's."""
    return changing_dose_columns(dose) | {
        "item_order": dose.order,
        "jar": dose.jar,
        "spice": dose.spice,
        "quantity_mg": dose.quantity,
        "duration_ms": dose.duration,
    }


def changing_dose_columns(dose: Dose) -> dict[str, object]:
    """The columns of a dose that change after its job was ordered."""
    return {
        "status": dose.status,
        "fell_mg": dose.fell_at_most_mg,
        "fell_at_least_mg": dose.fell_at_least_mg,
        "resumes": dose.resumes,
        "error": dose.error,
        "failure": dose.failure,
    }


def dose_of(row: Row[Any]) -> Dose:
    """The item that a row holds."""
    return Dose(
        id=row.id,
        order=row.item_order,
        jar=row.jar,
        spice=row.spice,
        quantity=row.quantity_mg,
        duration=row.duration_ms,
        status=DoseStatus(row.status),
        fell_at_most_mg=row.fell_mg,
        fell_at_least_mg=row.fell_at_least_mg,
        resumes=row.resumes,
        error=row.error,
        failure=_failure(row.failure),
    )


def _failure(word: str | None) -> Failure | None:
    return None if word is None else Failure(word)
