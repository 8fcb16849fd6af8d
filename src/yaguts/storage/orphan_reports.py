"""Orphan reports: kept until the owner books or dismisses them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, not_, select, update

from yaguts.domain.errors import NotFound
from yaguts.domain.ids import KitchenId, PersonId
from yaguts.domain.jobs.report import Contradiction
from yaguts.domain.stock.orphan_report import Decision, NewOrphan, OrphanDose, OrphanReport
from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import dispensers, unclaimed_doses, unclaimed_reports
from yaguts_wire import words as w

# Built once: every report that is kept runs these.
_ADD = Statement(insert_if_new(unclaimed_reports, unclaimed_reports.c.id))
_ADD_DOSES = Statement(insert(unclaimed_doses))
_DOSES = Statement(
    select(unclaimed_doses)
    .where(unclaimed_doses.c.report_id == bindparam("of"))
    .order_by(unclaimed_doses.c.item_order)
)
_THIS = unclaimed_reports.c.id == bindparam("of")
_DECIDE = Statement(update(unclaimed_reports).where(_THIS))
_OWN = select(dispensers.c.id).where(dispensers.c.owner_id == bindparam("owner_id"))
_OF_KITCHEN = select(unclaimed_reports).where(unclaimed_reports.c.dispenser_id.in_(_OWN))
_ONE_LOCKED = Statement(_OF_KITCHEN.where(_THIS).with_for_update())
_OF_DISPENSER = unclaimed_reports.c.dispenser_id == bindparam("dispenser_id")
_KEPT = select(unclaimed_reports.c.id).where(_OF_DISPENSER).limit(1)
_WITH_KEY = Statement(_KEPT.where(unclaimed_reports.c.job_key == bindparam("key")))
_WITHOUT_KEY = Statement(
    _KEPT.where(
        unclaimed_reports.c.job_key.is_(None),
        unclaimed_reports.c.job_id == bindparam("job_id"),
        unclaimed_reports.c.body_hash == bindparam("body_hash"),
    )
)
_CONTRADICTS = unclaimed_reports.c.contradiction.is_not(None)
_COUNT = (
    select(func.count())
    .select_from(unclaimed_reports)
    .where(_OF_DISPENSER, unclaimed_reports.c.outcome.is_(None))
)
_CONTRADICTING = Statement(_COUNT.where(_CONTRADICTS))
_OTHERS = Statement(_COUNT.where(not_(_CONTRADICTS)))


def is_kept(connection: Connection, orphan: NewOrphan) -> bool:
    """Whether this report is kept already, decided or not.

    With a key there is one report a job; without one, the same bytes about the same job are one.
    """
    which: dict[str, object] = {"dispenser_id": orphan.dispenser_id}
    if orphan.key is not None:
        return _WITH_KEY.row(connection, which | {"key": orphan.key}) is not None
    which |= {"job_id": orphan.job_id, "body_hash": orphan.body_hash}
    return _WITHOUT_KEY.row(connection, which) is not None


def undecided_like(connection: Connection, orphan: NewOrphan) -> int:
    """How many reports of the dispenser are undecided: those that contradict something, or those
    that do not, as this one.
    """
    alike = _OTHERS if orphan.contradiction is None else _CONTRADICTING
    return alike.value(connection, {"dispenser_id": orphan.dispenser_id})


def keep(connection: Connection, orphan: NewOrphan, at: datetime) -> None:
    """Keep a report that is not kept yet."""
    row = {
        "dispenser_id": orphan.dispenser_id,
        "job_id": orphan.job_id,
        "job_key": orphan.key,
        "body_hash": orphan.body_hash,
        "contradiction": orphan.contradiction,
        "report": dict(orphan.facts),
        "received_at": at,
        "dropped": 0,
    }
    added = _ADD.value(connection, row)
    if added is not None:
        rows = [_dose_columns(dose) | {"report_id": added} for dose in orphan.doses]
        _ADD_DOSES.run_each(connection, rows)


def count_dropped(connection: Connection, orphan: NewOrphan) -> int:
    """Count a report that is not kept, at the latest one like it. Return how many that are now."""
    latest = select(func.max(unclaimed_reports.c.id)).where(_undecided_like(orphan))
    counted = (
        update(unclaimed_reports)
        .where(unclaimed_reports.c.id == latest.scalar_subquery())
        .values(dropped=unclaimed_reports.c.dropped + 1)
        .returning(unclaimed_reports.c.dropped)
    )
    return connection.execute(counted).scalar_one()


def open_of(
    connection: Connection, kitchen_id: KitchenId, after_id: int, most: int
) -> tuple[OrphanReport, ...]:
    """The kitchen's undecided orphan reports after the one with this id, oldest first."""
    undecided = _OF_KITCHEN.where(
        unclaimed_reports.c.outcome.is_(None), unclaimed_reports.c.id > after_id
    )
    first = undecided.order_by(unclaimed_reports.c.id).limit(most)
    rows = connection.execute(first, {"owner_id": kitchen_id}).all()
    return tuple(_orphan_report(connection, row) for row in rows)


def find_for_update(connection: Connection, kitchen_id: KitchenId, report_id: int) -> OrphanReport:
    """One of the kitchen's orphan reports, in order to decide about it. Raises `NotFound`."""
    row = _ONE_LOCKED.row(connection, {"owner_id": kitchen_id, "of": report_id})
    if row is None:
        raise NotFound(what="report")
    return _orphan_report(connection, row)


def decide(
    connection: Connection,
    report_id: int,
    outcome: Decision,
    at: datetime,
    person_id: PersonId | None,
) -> None:
    """Store what is decided about the report, and by whom."""
    said = {"outcome": outcome, "settled_at": at, "settled_by": person_id}
    _DECIDE.run(connection, {"of": report_id, **said})


def _undecided_like(orphan: NewOrphan) -> ColumnElement[bool]:
    alike = not_(_CONTRADICTS) if orphan.contradiction is None else _CONTRADICTS
    mine = unclaimed_reports.c.dispenser_id == orphan.dispenser_id
    return mine & unclaimed_reports.c.outcome.is_(None) & alike


def _dose_columns(dose: OrphanDose) -> dict[str, object]:
    return {
        "item_order": dose.order,
        "jar": dose.jar,
        "spice": dose.spice,
        "done": dose.done,
        "fell_mg": dose.fell_at_most_mg,
        "fell_at_least_mg": dose.fell_at_least_mg,
        "resumes": dose.resumes,
        "error": dose.error,
    }


def _orphan_report(connection: Connection, row: Any) -> OrphanReport:
    return OrphanReport(
        id=row.id,
        dispenser_id=row.dispenser_id,
        job_id=row.job_id,
        key=row.job_key,
        doses=tuple(_dose(one) for one in _DOSES.rows(connection, {"of": row.id})),
        received_at=row.received_at,
        decision=None if row.outcome is None else Decision(row.outcome),
        contradiction=None if row.contradiction is None else Contradiction(row.contradiction),
        facts=row.report,
        dropped=row.dropped,
    )


def _dose(row: Any) -> OrphanDose:
    return OrphanDose(
        order=row.item_order,
        jar=row.jar,
        spice=row.spice,
        done=row.done,
        fell_at_most_mg=row.fell_mg,
        fell_at_least_mg=row.fell_at_least_mg,
        resumes=row.resumes,
        error=row.error,
        stopped_here=row.error == w.STOPPED_HERE,
    )
