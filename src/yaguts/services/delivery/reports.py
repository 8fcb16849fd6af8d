"""Book a dispenser's report: all of it in one transaction, and once. None is ever refused."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import NotFound
from yaguts.domain.jobs.job import FINAL, FOR_A_DISH, Job, advance
from yaguts.domain.jobs.report import Contradiction, Report, contradiction, event_of, settle_doses
from yaguts.domain.stock.ledger import releases, settlements
from yaguts.domain.stock.orphan_report import NewOrphan, Readable, doses_of, doses_of_job
from yaguts.domain.stock.waste import capped_by_stock, jars_of_unknown_stock
from yaguts.services.alerts.job_ended import job_ended
from yaguts.services.delivery.keeping import keep
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, jobs, ledger, replacements
from yaguts.storage.db.database import Connection

_NOT_ITS_JOB = Readable((), Contradiction.NOT_ITS_JOB)


@dataclass(frozen=True, slots=True)
class Received:
    """A report as it came in.

    `key` is None from firmware 0.1, and "" if it cannot be a job's. `body_hash` is that of the
    whole body. `facts` are the numbers and known words of the report, with the words of the wire.
    """

    report: Report
    key: str | None
    body_hash: str
    facts: Mapping[str, object]


def complete(site: Site, caller: Dispenser, job_id: int, received: Received) -> Job | None:
    """Book a report, late or not. A repeat books nothing and returns the same job.

    A report that contradicts its job or itself ends the job and is kept, too. None: the report is
    only kept, because the job is not in this database, or is another dispenser's. An id alone
    proves nothing: without a key nothing of another dispenser's job is changed or told. Raises
    `NotSignedIn` when the caller's token is no longer valid.
    """
    now = site.clock()
    with site.database.write(shared=True) as connection:
        dispenser_id = dispensers.insist_on_token(connection, caller).id
        before = _find(connection, job_id, received.key)
        if before is not None and replacements.is_its_job(connection, dispenser_id, before):
            dispenser_id = before.dispenser_id
        if before is None:
            readable = doses_of(received.report, _labels(connection, dispenser_id))
            keep(site, connection, _orphan(dispenser_id, job_id, received, readable))
            return None
        if before.dispenser_id != dispenser_id and received.key is None:
            orphan = _orphan(dispenser_id, job_id, received, _NOT_ITS_JOB)
            keep(site, connection, replace(orphan, facts={}))
            return None
        if before.reported:
            site.observer.report("repeated")
            return before
        if before.dispenser_id != dispenser_id:
            readable = doses_of_job(before, received.report)
            keep(site, connection, _orphan(before.dispenser_id, job_id, received, readable))
            return None
        after = settle(connection, before, received.report, now)
        job_ended(site, connection, before, after)
        found = contradiction(before, received.report)
        if found is not None:  # there is nothing to book any more
            keep(site, connection, _orphan(dispenser_id, job_id, received, Readable((), found)))
    site.observer.report("late" if before.state in FINAL else "in_time")
    announce(site, after)
    return after


def still_running(site: Site, caller: Dispenser, job_id: int) -> None:
    """Store what firmware up to 0.1.3 says: the job has started. Nothing if it is not its job.

    Raises `NotSignedIn` when the caller's token is no longer valid.
    """
    with site.database.write(shared=True) as connection:
        dispenser_id = dispensers.insist_on_token(connection, caller).id
        job = _find(connection, job_id, None)
        if job is not None and replacements.is_its_job(connection, dispenser_id, job):
            jobs.heard(connection, job_id, site.clock())


def _find(connection: Connection, job_id: int, key: str | None) -> Job | None:
    """The job, unless the key says that the report is about another one that had its id."""
    try:
        job = jobs.find_for_update(connection, job_id)
    except NotFound:
        return None
    return job if key in (None, job.key) else None


def settle(connection: Connection, before: Job, report: Report, now: datetime) -> Job:
    """Book a job as a report says that it ended."""
    settled = settle_doses(before, report)
    if settled.kind not in FOR_A_DISH:
        settled = _held_to_stock(connection, settled)
    after, _ = advance(settled, event_of(settled, report), now)
    jobs.store(connection, before, after)
    lines = (*releases(after), *settlements(after))
    ledger.book(connection, after.dispenser_id, lines, now)
    ledger.lose_count(connection, after.dispenser_id, jars_of_unknown_stock(after))
    return after


def _held_to_stock(connection: Connection, job: Job) -> Job:
    jars = sorted({dose.jar for dose in job.doses})
    stocks = {jar: ledger.stock(connection, job.dispenser_id, jar) for jar in jars}
    return capped_by_stock(job, stocks)


def _labels(connection: Connection, dispenser_id: int) -> list[str]:
    jars = dispensers.jars_of(connection, dispenser_id)
    return [jar.label for jar in jars if jar.label is not None]


def _orphan(dispenser_id: int, job_id: int, received: Received, readable: Readable) -> NewOrphan:
    return NewOrphan(
        dispenser_id,
        job_id,
        received.key or None,
        received.body_hash,
        readable.doses,
        received.facts,
        readable.contradiction,
    )
