"""Orphan reports: kept until the owner books or dismisses them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    insert,
    not_,
    select,
    update,
)

from yaguts.domain.errors import NotFound
from yaguts.domain.ids import KitchenId, PersonId
from yaguts.domain.jobs.report import Contradiction
from yaguts.domain.stock.orphan_report import Decision, NewOrphan, OrphanDose, OrphanReport
from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.tables import dispensers, unclaimed_doses, unclaimed_reports
from yaguts_wire import words as w

_ADD = insert_if_new(unclaimed_reports, unclaimed_reports.c.id)


def is_kept(connection: Connection, orphan: NewOrphan) -> bool:
    """Whether this report is kept already, decided or not.

    With a key there is one report a job; without one, the same bytes about the same job are one.
    """
    same = unclaimed_reports.c.job_key == orphan.key
    if orphan.key is None:
        same = (
            unclaimed_reports.c.job_key.is_(None)
            & (unclaimed_reports.c.job_id == orphan.job_id)
            & (unclaimed_reports.c.body_hash == orphan.body_hash)
        )
    kept = select(unclaimed_reports.c.id).where(_of_dispenser(orphan), same)
    return connection.execute(kept.limit(1)).first() is not None


def undecided_like(connection: Connection, orphan: NewOrphan) -> int:
    """How many reports of the dispenser are undecided: those that contradict something, or those
    that do not, as this one.
    """
    count = select(func.count()).select_from(unclaimed_reports).where(_undecided_like(orphan))
    return connection.execute(count).scalar_one()


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
    added = connection.execute(_ADD[connection.dialect.name], row).scalar_one_or_none()
    if added is not None and orphan.doses:
        rows = [_dose_columns(dose) | {"report_id": added} for dose in orphan.doses]
        connection.execute(insert(unclaimed_doses), rows)


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


def open_of(connection: Connection, kitchen_id: KitchenId) -> tuple[OrphanReport, ...]:
    """The kitchen's undecided orphan reports, oldest first."""
    undecided = _of(kitchen_id).where(unclaimed_reports.c.outcome.is_(None))
    rows = connection.execute(undecided.order_by(unclaimed_reports.c.id)).all()
    return tuple(_orphan_report(connection, row) for row in rows)


def find_for_update(connection: Connection, kitchen_id: KitchenId, report_id: int) -> OrphanReport:
    """One of the kitchen's orphan reports, in order to decide about it. Raises `NotFound`."""
    wanted = _of(kitchen_id).where(unclaimed_reports.c.id == report_id)
    row = connection.execute(wanted.with_for_update()).one_or_none()
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
    this = unclaimed_reports.c.id == report_id
    said = {"outcome": outcome, "settled_at": at, "settled_by": person_id}
    connection.execute(update(unclaimed_reports).where(this).values(said))


def _of_dispenser(orphan: NewOrphan) -> ColumnElement[bool]:
    return unclaimed_reports.c.dispenser_id == orphan.dispenser_id


def _undecided_like(orphan: NewOrphan) -> ColumnElement[bool]:
    contradicts = unclaimed_reports.c.contradiction.is_not(None)
    alike = not_(contradicts) if orphan.contradiction is None else contradicts
    return and_(_of_dispenser(orphan), unclaimed_reports.c.outcome.is_(None), alike)


def _of(kitchen_id: KitchenId) -> Select[Any]:
    own = select(dispensers.c.id).where(dispensers.c.owner_id == kitchen_id)
    return select(unclaimed_reports).where(unclaimed_reports.c.dispenser_id.in_(own))


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


def _orphan_report(connection: Connection, row: Row[Any]) -> OrphanReport:
    doses = select(unclaimed_doses).where(unclaimed_doses.c.report_id == row.id)
    found = connection.execute(doses.order_by(unclaimed_doses.c.item_order))
    return OrphanReport(
        id=row.id,
        dispenser_id=row.dispenser_id,
        job_id=row.job_id,
        key=row.job_key,
        doses=tuple(_dose(one) for one in found),
        received_at=row.received_at,
        decision=None if row.outcome is None else Decision(row.outcome),
        contradiction=None if row.contradiction is None else Contradiction(row.contradiction),
        facts=row.report,
        dropped=row.dropped,
    )


def _dose(row: Row[Any]) -> OrphanDose:
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
