"""Keep a report for a person, up to so many of a dispenser."""

from functools import partial

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.people import Actor
from yaguts.domain.stock.orphan_report import MOST_UNDECIDED, NewOrphan
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, orphan_reports
from yaguts.storage.db.database import Connection, after_commit


def keep(site: Site, connection: Connection, orphan: NewOrphan) -> None:
    """Keep a report. A repeat is not kept again.

    When too many are undecided it is counted in place of being kept. The first that is only counted
    is noted in the audit log.
    """
    if orphan_reports.is_kept(connection, orphan):
        return
    after_commit(connection, partial(site.observer.report, "kept"))
    if orphan_reports.undecided_like(connection, orphan) < MOST_UNDECIDED:
        orphan_reports.keep(connection, orphan, site.clock())
    elif orphan_reports.count_dropped(connection, orphan) == 1:
        kitchen_id = dispensers.kitchen_of(connection, orphan.dispenser_id)
        about = {"dispenser": orphan.dispenser_id}
        event = AuditEvent.REPORTS_DROPPED
        audit_log.note(site, connection, event, kitchen_id, Actor(None), **about)
