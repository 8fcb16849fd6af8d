"""Orphan reports: the owner of the dispenser books or dismisses each."""

from datetime import datetime

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.errors import AlreadySettled, NotFound, UnknownJar
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Job
from yaguts.domain.people import Actor
from yaguts.domain.stock.orphan_report import Decision, OrphanReport, charges, report_as_sent
from yaguts.services import audit_log
from yaguts.services.alerts.job_ended import job_ended
from yaguts.services.delivery.reports import settle
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, jobs, ledger, orphan_reports
from yaguts.storage.db.database import Connection

PAGE = 100


def undecided(
    site: Site, kitchen_id: KitchenId, after_id: int | None = None, most: int = PAGE
) -> tuple[OrphanReport, ...]:
    """The kitchen's undecided orphan reports after the one with this id, oldest first."""
    with site.database.read() as connection:
        return orphan_reports.open_of(connection, kitchen_id, after_id or 0, most)


def book(site: Site, kitchen_id: KitchenId, report_id: int, by: Actor) -> None:
    """Charge the jars with what the report says. A repeat changes nothing.

    If its job is there after all, the job ends as the report says. Raises `UnknownJar`,
    `AlreadySettled`.
    """
    now = site.clock()
    with site.database.write() as connection:
        orphan = orphan_reports.find_for_update(connection, kitchen_id, report_id)
        if not _is_new(orphan, Decision.BOOKED):
            return
        settled = _charge(site, connection, orphan, now, by)
        orphan_reports.decide(connection, orphan.id, Decision.BOOKED, now, by.person_id)
        for jar in sorted({dose.jar for dose in orphan.doses if dose.fell_at_most_mg}):
            about = {"dispenser": orphan.dispenser_id, "jar": jar}
            audit_log.note(site, connection, AuditEvent.CORRECTED, kitchen_id, by, **about)
    if settled is not None:
        announce(site, settled)


def dismiss(site: Site, kitchen_id: KitchenId, report_id: int, by: Actor) -> None:
    """Dismiss the report. Raises `AlreadySettled` when it is booked."""
    with site.database.write() as connection:
        orphan = orphan_reports.find_for_update(connection, kitchen_id, report_id)
        if _is_new(orphan, Decision.DISMISSED):
            outcome, now = Decision.DISMISSED, site.clock()
            orphan_reports.decide(connection, orphan.id, outcome, now, by.person_id)


def _is_new(orphan: OrphanReport, outcome: Decision) -> bool:
    if orphan.decision not in (None, outcome):
        raise AlreadySettled
    return orphan.decision is None


def _charge(
    site: Site, connection: Connection, orphan: OrphanReport, now: datetime, by: Actor
) -> Job | None:
    job = _its_job(connection, orphan)
    if job is None:
        present = {jar.number for jar in dispensers.jars_of(connection, orphan.dispenser_id)}
        lines = charges(orphan)
        for line in lines:
            if line.jar not in present:
                raise UnknownJar(jar=line.jar)
        ledger.book(connection, orphan.dispenser_id, lines, now, by.person_id)
        return None
    if job.reported:
        return None
    after = settle(connection, job, report_as_sent(orphan), now)
    job_ended(site, connection, job, after)
    return after


def _its_job(connection: Connection, orphan: OrphanReport) -> Job | None:
    if orphan.key is None:
        return None  # an id alone may be another job's
    try:
        job = jobs.find_for_update(connection, orphan.job_id)
    except NotFound:
        return None
    return job if (job.key, job.dispenser_id) == (orphan.key, orphan.dispenser_id) else None
