"""The events of a job's live page: those of version 0.1, and the progress that 0.2 added."""

from datetime import datetime
from typing import Any

from yaguts.api.schemas.jobs import dose_error
from yaguts.domain.jobs.job import Dose, DoseStatus, Job
from yaguts.services.delivery.job_message import STATUS_WORDS, spice_word, utc_text
from yaguts.services.runtime.progress import DoseProgress
from yaguts_wire import words as w
from yaguts_wire.values import grams, seconds

LiveEvent = dict[str, Any]


def events_of(job: Job) -> list[LiveEvent]:
    """Return the events of a job that has ended: one for each reported dose, and the end.

    `ok` says whether the dispenser reported the job.
    """
    at = job.finished_at or job.created_at
    doses = [
        _event(w.LOG_ENTRY_EVENT, _reported_dose(dose), at) for dose in job.doses if job.reported
    ]
    return [*doses, _event(w.COMPLETE_EVENT, _end(job), at)]


def progress_event(progress: DoseProgress, now: datetime) -> LiveEvent:
    """Return the event of a dose's progress."""
    data = {
        w.ITEM_ORDER: progress.order,
        w.JAR: progress.jar,
        w.DISPENSED_G: grams(progress.fell_at_least_mg),
        w.STATUS: progress.status,
    }
    return _event(w.PROGRESS_EVENT, data, now)


def pong(now: datetime) -> LiveEvent:
    """Return the answer to a ping."""
    return {w.TYPE: w.PONG, w.TIMESTAMP: utc_text(now)}


def _event(kind: str, data: LiveEvent, at: datetime) -> LiveEvent:
    return {w.TYPE: kind, w.DATA: data, w.TIMESTAMP: utc_text(at)}


def _reported_dose(dose: Dose) -> LiveEvent:
    reported = {
        w.ITEM_ORDER: dose.order,
        w.JAR: dose.jar,
        w.SPICE: spice_word(dose),
        w.QUANTITY_G: grams(dose.fell_at_most_mg or 0),
        w.AT_LEAST_G: grams(dose.fell_at_least_mg or 0),
        w.SECONDS: seconds(dose.duration),
        w.RESUMES: dose.resumes,
        w.STATUS: dose.status,
    }
    error = dose_error(dose)
    return {**reported, w.ERROR: error} if error else reported


def _end(job: Job) -> LiveEvent:
    done = sum(dose.status == DoseStatus.DONE for dose in job.doses)
    return {
        w.OK: job.reported,
        w.STOCK_DEDUCTED: job.stock_deducted,
        w.COMPLETED: done,
        w.FAILED_COUNT: len(job.doses) - done,
        w.JOB_STATUS: STATUS_WORDS[job.state],
    }
