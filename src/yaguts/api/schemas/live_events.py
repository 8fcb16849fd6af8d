"""The events of a job's live page, as version 0.1 wrote them, and the progress that 0.2 adds."""

from datetime import datetime
from typing import Any

from yaguts.api.schemas.jobs import item_error
from yaguts.domain.jobs.job import Dose, DoseStatus, Job
from yaguts.services.delivery.job_message import STATUS_WORDS, spice_word, utc_text
from yaguts.services.runtime.progress import DoseProgress
from yaguts_wire import words as w
from yaguts_wire.values import grams, seconds

LiveEvent = dict[str, Any]


def events_of(job: Job) -> list[LiveEvent]:
    """What there is to tell of a job that has ended: each jar's entry, if it is reported; the end.

    `ok` says that the dispenser reported it.
    """
    at = job.finished_at or job.created_at
    entries = [_event(w.LOG_ENTRY_EVENT, _entry(dose), at) for dose in job.doses if job.reported]
    return [*entries, _event(w.COMPLETE_EVENT, _end(job), at)]


def progress_event(step: DoseProgress, now: datetime) -> LiveEvent:
    """How far a dose is."""
    data = {
        w.ITEM_ORDER: step.order,
        w.JAR: step.jar,
        w.DISPENSED_G: grams(step.fell_at_least_mg),
        w.STATUS: step.status,
    }
    return _event(w.PROGRESS_EVENT, data, now)


def pong(now: datetime) -> LiveEvent:
    """The answer to a ping."""
    return {w.TYPE: w.PONG, w.TIMESTAMP: utc_text(now)}


def _event(kind: str, data: LiveEvent, at: datetime) -> LiveEvent:
    return {w.TYPE: kind, w.DATA: data, w.TIMESTAMP: utc_text(at)}


def _entry(dose: Dose) -> LiveEvent:
    entry = {
        w.ITEM_ORDER: dose.order,
        w.JAR: dose.jar,
        w.SPICE: spice_word(dose),
        w.QUANTITY_G: grams(dose.fell_at_most_mg or 0),
        w.AT_LEAST_G: grams(dose.fell_at_least_mg or 0),
        w.SECONDS: seconds(dose.duration),
        w.RESUMES: dose.resumes,
        w.STATUS: dose.status,
    }
    error = item_error(dose)
    return {**entry, w.ERROR: error} if error else entry


def _end(job: Job) -> LiveEvent:
    done = sum(dose.status == DoseStatus.DONE for dose in job.doses)
    return {
        w.OK: job.reported,
        w.STOCK_DEDUCTED: job.stock_deducted,
        w.COMPLETED: done,
        w.FAILED_COUNT: len(job.doses) - done,
        w.JOB_STATUS: STATUS_WORDS[job.state],
    }
