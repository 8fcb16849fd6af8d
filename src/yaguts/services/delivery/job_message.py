"""A job as a message of the wire."""

import json
from datetime import UTC, datetime

from yaguts.domain.clock import left
from yaguts.domain.errors import JobTooLarge, UnsendableSpice
from yaguts.domain.jobs.job import Dose, Job, JobEvent, JobState, advance
from yaguts.domain.recipe import Motor
from yaguts_wire import limits, shapes
from yaguts_wire import words as w
from yaguts_wire.server_messages import build_job
from yaguts_wire.values import is_sendable

STATUS_WORDS = {
    JobState.QUEUED: w.QUEUED,
    JobState.OFFERED: w.QUEUED,
    JobState.RUNNING: w.RUNNING,
    JobState.CANCELLING: w.CANCELED,
    JobState.DONE: w.DONE,
    JobState.DONE_PARTIAL: w.DONE_PARTIAL,
    JobState.FAILED: w.FAILED,
    JobState.CANCELED: w.CANCELED,
}


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=list)
"""The bytes of `yaguts_wire.codec.encode`, which is Python, in a fifth of the time. Weights and
times have three decimals already."""


def job_message(job: Job, now: datetime) -> bytes:
    """The bytes in which a job is offered."""
    return _ENCODER.encode(build_job(_job(job, now))).encode()


def insist_on_fitting(job: Job) -> None:
    """Check that the dispenser can take and report the job.

    Raises `JobTooLarge`, `UnsendableSpice`.
    """
    for dose in job.doses:
        if not is_sendable(dose.spice):
            printable = "".join(char for char in dose.spice if char.isprintable())
            raise UnsendableSpice(spice=printable)
    fetched, _ = advance(job, JobEvent.FETCHED, job.created_at)
    longest = job_message(fetched, job.created_at)
    too_heavy = any(dose.quantity > limits.MAX_DOSE_MG for dose in job.doses)
    if too_heavy or len(job.doses) > limits.MAX_DOSES or len(longest) > limits.MAX_JOB_BYTES:
        raise JobTooLarge


def utc_text(moment: datetime) -> str:
    """A moment as the wire writes it: `2026-01-31T18:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def spice_word(dose: Dose) -> str:
    """The spice of a dose on the wire. A jar may have no label."""
    return dose.spice or w.NO_LABEL


def _job(job: Job, now: datetime) -> shapes.JobOffer:
    return {
        "id": job.id,
        "job_key": job.key,
        "ttl_s": _left_s(job, now),
        "status": STATUS_WORDS[job.state],
        "recipe_id": job.recipe_id,
        "people": job.people,
        "multiplier": job.multiplier,
        "created_at": utc_text(job.created_at),
        "started_at": None if job.started_at is None else utc_text(job.started_at),
        "doses": [_dose(dose) for dose in job.doses],
        "motor": _motor(job.motor),
        "asks": job.asks,
    }


def _left_s(job: Job, now: datetime) -> int:
    return 0 if job.expires_at is None else int(left(job.expires_at, now).total_seconds())


def _dose(dose: Dose) -> shapes.OfferedDose:
    return {
        "id": dose.id,
        "order": dose.order,
        "jar": dose.jar,
        "spice": spice_word(dose),
        "quantity_mg": dose.quantity,
        "duration_ms": dose.duration,
        "status": dose.status,
    }


def _motor(motor: Motor) -> shapes.OfferedMotor:
    return {
        "intensity": motor.intensity,
        "pre_start_ms": motor.pre_start_ms,
        "post_stop_ms": motor.post_stop_ms,
        "max_runtime_s": motor.max_runtime_s,
    }
