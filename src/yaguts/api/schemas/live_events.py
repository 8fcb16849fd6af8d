"""The events of a job's live page, as version 0.1 wrote them, and the progress that 0.2 adds."""

from datetime import datetime
from typing import Any

from yaguts.api.schemas.jobs import item_error
from yaguts.domain.jobs.job import Item, ItemStatus, Job
from yaguts.services.delivery.job_message import STATUS_WORDS, spice_word, utc_text
from yaguts.services.runtime.progress import Step
from yaguts_wire import words as w
from yaguts_wire.values import grams, seconds

Event = dict[str, Any]


def events_of(job: Job) -> list[Event]:
    """What there is to tell of a job that has ended: each jar's entry, if it is reported; the end.

    `ok` says that the dispenser reported it.
    """
    at = job.finished_at or job.created_at
    entries = [_event(w.LOG_ENTRY_EVENT, _entry(item), at) for item in job.items if job.reported]
    return [*entries, _event(w.COMPLETE_EVENT, _end(job), at)]


def progress_event(step: Step, now: datetime) -> Event:
    """How far a dose is."""
    data = {
        w.ITEM_ORDER: step.order,
        w.JAR: step.jar,
        w.DISPENSED_G: grams(step.dispensed),
        w.STATUS: step.status,
    }
    return _event(w.PROGRESS_EVENT, data, now)


def pong(now: datetime) -> Event:
    """The answer to a ping."""
    return {w.TYPE: w.PONG, w.TIMESTAMP: utc_text(now)}


def _event(kind: str, data: Event, at: datetime) -> Event:
    return {w.TYPE: kind, w.DATA: data, w.TIMESTAMP: utc_text(at)}


def _entry(item: Item) -> Event:
    entry = {
        w.ITEM_ORDER: item.order,
        w.JAR: item.jar,
        w.SPICE: spice_word(item),
        w.QUANTITY_G: grams(item.fell or 0),
        w.AT_LEAST_G: grams(item.fell_at_least or 0),
        w.SECONDS: seconds(item.duration),
        w.RESUMES: item.resumes,
        w.STATUS: item.status,
    }
    error = item_error(item)
    return {**entry, w.ERROR: error} if error else entry


def _end(job: Job) -> Event:
    done = sum(item.status == ItemStatus.DONE for item in job.items)
    return {
        w.OK: job.reported,
        w.STOCK_DEDUCTED: job.stock_deducted,
        w.COMPLETED: done,
        w.FAILED_COUNT: len(job.items) - done,
        w.JOB_STATUS: STATUS_WORDS[job.state],
    }
