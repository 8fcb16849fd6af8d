"""Hold a dispenser's report against the job it is about, before anything is booked."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yaguts.domain.errors import BadReport
from yaguts.domain.jobs.job import Event, Failure, Item, ItemStatus, Job
from yaguts.domain.recipe import same_spice
from yaguts.domain.units import NOTHING, Milligrams

ROUNDING = Milligrams(1)
"""Firmware 0.1 computes in 32-bit floats: its grams are off by this, and by 1 in 100,000."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a report. `at_least` is None from firmware 0.1, `order` None before 0.1.4."""

    jar: int
    spice: str
    quantity: Milligrams
    done: bool
    order: int | None = None
    at_least: Milligrams | None = None
    resumes: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a dispenser says of a job: two counts, and normally one entry an item."""

    completed: int
    failed: int
    entries: tuple[Entry, ...] = ()


def all_done(job: Job) -> Report:
    """What firmware up to 0.1.3 says of all items at once: every one of them fell."""
    return _of_all(job, done=True)


def all_failed(job: Job, error: str | None) -> Report:
    """What firmware up to 0.1.3 says of all items at once: the job went wrong."""
    return _of_all(job, done=False, error=error)


def most_of(item: Item) -> Milligrams:
    """The largest amount that may be said of an item: what was planned, and float rounding."""
    return Milligrams(item.quantity + ROUNDING + item.quantity // 100_000)


def _of_all(job: Job, *, done: bool, error: str | None = None) -> Report:
    entries = tuple(
        Entry(item.jar, item.spice, item.quantity, done, item.order, error=error)
        for item in job.items
    )
    return Report(len(entries) if done else 0, 0 if done else len(entries), entries)


def settle_items(job: Job, report: Report) -> Job:
    """The job with its items as the report says they ended. `BadReport` on any contradiction."""
    if report.entries:
        return replace(job, items=_from_entries(job, report))
    return replace(job, items=_from_counts(job.items, report.completed), review=True)


def event_of(job: Job) -> Event:
    """What a job whose items are settled amounts to."""
    done = sum(item.status == ItemStatus.DONE for item in job.items)
    if done == len(job.items) and not job.review:
        return Event.REPORTED_DONE
    return Event.REPORTED_PARTLY if done or job.review else Event.REPORTED_FAILED


def _from_entries(job: Job, report: Report) -> tuple[Item, ...]:
    insist_on_counts(report)
    entries: dict[int, Entry] = {}
    for entry in report.entries:
        item = _item_of(entry, job.items, entries.keys())
        _insist_on_amounts(entry, item)
        entries[item.order] = entry
    return tuple(_settled(item, entries.get(item.order)) for item in job.items)


def _from_counts(items: Sequence[Item], completed: int) -> tuple[Item, ...]:
    """Firmware 0.1 after a reboot has lost its log, and its counts may be wrong.

    It takes no other job until it is heard, so the first items are taken as done.
    """
    return tuple(
        _done(item) if place < completed else _settled(item, None)
        for place, item in enumerate(items)
    )


def insist_on_counts(report: Report) -> None:
    """The counts of a report are those of its entries, or `BadReport`."""
    done = sum(entry.done for entry in report.entries)
    if (report.completed, report.failed) != (done, len(report.entries) - done):
        raise BadReport(problem="counts")


def _item_of(entry: Entry, items: Sequence[Item], taken: Container[int]) -> Item:
    """The item an entry is about: by its order, or (before 0.1.4) the next one with its jar."""
    for item in items:
        if entry.order is not None and item.order != entry.order:
            continue
        if item.jar != entry.jar or not _is_of(entry, item):
            continue
        if item.order not in taken:
            return item
    raise BadReport(problem="not_in_job", jar=entry.jar, spice=entry.spice)


def _is_of(entry: Entry, item: Item) -> bool:
    """A jar without a label has no name that two could agree on."""
    return not item.spice or same_spice(item.spice, entry.spice)


def _insist_on_amounts(entry: Entry, item: Item) -> None:
    insist_on_bounds(entry, item.order)
    if entry.quantity > most_of(item):
        raise BadReport(problem="too_much", order=item.order, spice=item.spice)


def insist_on_bounds(entry: Entry, order: int) -> None:
    """Amounts that may be said of any dose, or `BadReport`."""
    if entry.quantity < 0 or (entry.at_least or 0) < 0:
        raise BadReport(problem="negative", order=order, spice=entry.spice)
    if entry.at_least is not None and entry.at_least > entry.quantity:
        raise BadReport(problem="interval", order=order, spice=entry.spice)


def _settled(item: Item, entry: Entry | None) -> Item:
    if entry is None:
        return replace(
            item,
            status=ItemStatus.FAILED,
            failure=Failure.NO_REPORT,
            **_between(item, NOTHING, NOTHING),
        )
    fell = min(fell_by(entry), item.quantity)  # what is above it is rounding
    at_least = fell if entry.at_least is None else min(entry.at_least, fell)
    return replace(
        item,
        status=ItemStatus.DONE if entry.done else ItemStatus.FAILED,
        resumes=entry.resumes,
        error=None if entry.done else entry.error,
        failure=None,
        **_between(item, at_least, fell),
    )


def _between(item: Item, at_least: Milligrams, fell: Milligrams) -> dict[str, Any]:
    """The bounds, unless nobody knows what the time that a jar was open is worth."""
    if item.by_time:
        return {"fell": None, "fell_at_least": None}
    return {"fell": fell, "fell_at_least": at_least}


def fell_by(entry: Entry) -> Milligrams:
    """What fell at most.

    Firmware 0.1 writes the planned amount into a failed entry; only 0.2 knows what fell.
    """
    return entry.quantity if entry.done or entry.at_least is not None else NOTHING


def _done(item: Item) -> Item:
    return replace(
        item,
        status=ItemStatus.DONE,
        failure=None,
        **_between(item, item.quantity, item.quantity),
    )
