"""Orphan reports: kept until the owner books or dismisses them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from yaguts.domain.errors import NotFound
from yaguts.domain.ids import KitchenId, PersonId
from yaguts.domain.stock.orphan_report import Decision, OrphanDose, OrphanReport
from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.tables import dispensers, unclaimed_doses, unclaimed_reports

_ADD = insert_if_new(unclaimed_reports, unclaimed_reports.c.id)


def keep(
    connection: Connection,
    dispenser_id: int,
    job_id: int,
    job_key: str,
    doses: Sequence[OrphanDose],
    sent: Mapping[str, object],
    at: datetime,
) -> None:
    """Keep a report, and the message itself. A repeated report of the same job is not kept
    again.
    """
    row = {
        "dispenser_id": dispenser_id,
        "job_id": job_id,
        "job_key": job_key,
        "report": sent,
        "received_at": at,
    }
    added = connection.execute(_ADD[connection.dialect.name], row).scalar_one_or_none()
    if added is not None and doses:
        rows = [_dose_columns(dose) | {"report_id": added} for dose in doses]
        connection.execute(insert(unclaimed_doses), rows)


def open_of(connection: Connection, kitchen_id: KitchenId) -> tuple[OrphanReport, ...]:
    """The kitchen's undecided orphan reports, oldest first."""
    undecided = _of(kitchen_id).where(unclaimed_reports.c.outcome.is_(None))
    rows = connection.execute(undecided.order_by(unclaimed_reports.c.id)).all()
    return tuple(_orphan_report(connection, row) for row in rows)


def take(connection: Connection, kitchen_id: KitchenId, report_id: int) -> OrphanReport:
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
    )
