"""Book a dispenser's report: all of it in one transaction, and once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from yaguts.domain.errors import NotFound
from yaguts.domain.jobs.job import FOR_A_DISH, Job, advance
from yaguts.domain.jobs.ownership import of_dispenser
from yaguts.domain.jobs.report import Report, all_done, all_failed, event_of, settle_doses
from yaguts.domain.stock.ledger import releases, settlements
from yaguts.domain.stock.orphan_report import doses_of
from yaguts.domain.stock.waste import capped_by_stock, jars_of_unknown_stock
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.storage import jobs, ledger, orphan_reports
from yaguts.storage.db.database import Connection


@dataclass(frozen=True, slots=True)
class Received:
    """A report as it came in. `key` is None from firmware 0.1; `sent` is the message itself."""

    report: Report
    key: str | None
    sent: Mapping[str, object]


def complete(site: Site, dispenser_id: int, job_id: int, received: Received) -> Job | None:
    """Book a report, late or not. A repeat books nothing and returns the same job.

    None: the report is kept as an orphan report, because the job is not in this database, or the
    board was given to another dispenser since. That takes a key: an id alone proves nothing. Raises
    `NotFound`, `NotYours`, `BadReport`.
    """
    now = site.clock()
    with site.database.write() as connection:
        before = _find(connection, job_id, received.key)
        if before is None:
            _keep(connection, dispenser_id, job_id, received, now)
            return None
        if received.key is None:
            of_dispenser(before, dispenser_id)
        if before.reported:
            return before
        settled = settle_doses(before, received.report)
        if before.dispenser_id != dispenser_id:
            _keep(connection, before.dispenser_id, job_id, received, now)
            return None
        after = settle(connection, before, settled, now)
    announce(site, after)
    return after


def finish(
    site: Site, dispenser_id: int, job_id: int, *, done: bool, error: str | None = None
) -> None:
    """Book what firmware up to 0.1.3 says of a whole job: done, or failed."""
    now = site.clock()
    with site.database.write() as connection:
        before = jobs.find_for_update(connection, job_id)
        of_dispenser(before, dispenser_id)
        if before.reported:
            return
        report = all_done(before) if done else all_failed(before, error)
        settled = replace(settle_doses(before, report), error=error)
        after = settle(connection, before, settled, now)
    announce(site, after)


def still_running(site: Site, dispenser_id: int, job_id: int) -> None:
    """Store what firmware up to 0.1.3 says: the job has started."""
    with site.database.write() as connection:
        of_dispenser(jobs.find(connection, job_id), dispenser_id)
        jobs.heard(connection, job_id, site.clock())


def _find(connection: Connection, job_id: int, key: str | None) -> Job | None:
    """The job, unless the key says that the report is about another one that had its id."""
    try:
        job = jobs.find_for_update(connection, job_id)
    except NotFound:
        if key is None:
            raise
        return None
    return job if key in (None, job.key) else None


def settle(connection: Connection, before: Job, settled: Job, now: datetime) -> Job:
    """Book a job whose doses have ended as a report says."""
    if settled.kind not in FOR_A_DISH:
        settled = _held_to_stock(connection, settled)
    after, _ = advance(settled, event_of(settled), now)
    jobs.store(connection, before, after)
    lines = (*releases(after), *settlements(after))
    ledger.book(connection, after.dispenser_id, lines, now)
    ledger.lose_count(connection, after.dispenser_id, jars_of_unknown_stock(after))
    return after


def _held_to_stock(connection: Connection, job: Job) -> Job:
    jars = sorted({dose.jar for dose in job.doses})
    stocks = {jar: ledger.stock(connection, job.dispenser_id, jar) for jar in jars}
    return capped_by_stock(job, stocks)


def _keep(
    connection: Connection, dispenser_id: int, job_id: int, received: Received, now: datetime
) -> None:
    """Keep a report for the owner of the dispenser whose jars it is about."""
    assert received.key is not None, "without a key nothing is kept"
    doses, key = doses_of(received.report), received.key
    orphan_reports.keep(connection, dispenser_id, job_id, key, doses, received.sent, now)
