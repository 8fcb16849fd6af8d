"""Reports whose job is not there: kept until the owner says what is to become of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from yaguts.domain.errors import NotFound
from yaguts.domain.stock.orphan_report import Dose, Outcome, Unclaimed
from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.tables import dispensers, unclaimed_doses, unclaimed_reports

_ADD = insert_if_new(unclaimed_reports, unclaimed_reports.c.id)


def keep(
    connection: Connection,
    dispenser_id: int,
    job_id: int,
    job_key: str,
    doses: Sequence[Dose],
    sent: Mapping[str, object],
    at: datetime,
) -> None:
    """Keep a report, and the message itself. The same job's report again is not kept again."""
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


def open_of(connection: Connection, owner_id: int) -> tuple[Unclaimed, ...]:
    """The owner's reports of which nothing is decided yet, oldest first."""
    undecided = _of(owner_id).where(unclaimed_reports.c.outcome.is_(None))
    rows = connection.execute(undecided.order_by(unclaimed_reports.c.id)).all()
    return tuple(_unclaimed(connection, row) for row in rows)


def take(connection: Connection, owner_id: int, report_id: int) -> Unclaimed:
    """One of the owner's reports, in order to decide about it, or `NotFound`."""
    wanted = _of(owner_id).where(unclaimed_reports.c.id == report_id)
    row = connection.execute(wanted.with_for_update()).one_or_none()
    if row is None:
        raise NotFound(what="report")
    return _unclaimed(connection, row)


def decide(
    connection: Connection, report_id: int, outcome: Outcome, at: datetime, person_id: int | None
) -> None:
    """What becomes of the report, and who says so."""
    this = unclaimed_reports.c.id == report_id
    said = {"outcome": outcome, "settled_at": at, "settled_by": person_id}
    connection.execute(update(unclaimed_reports).where(this).values(said))


def _of(owner_id: int) -> Select[Any]:
    own = select(dispensers.c.id).where(dispensers.c.owner_id == owner_id)
    return select(unclaimed_reports).where(unclaimed_reports.c.dispenser_id.in_(own))


def _dose_columns(dose: Dose) -> dict[str, object]:
    return {
        "item_order": dose.order,
        "jar": dose.jar,
        "spice": dose.spice,
        "done": dose.done,
        "fell_mg": dose.fell,
        "fell_at_least_mg": dose.fell_at_least,
        "resumes": dose.resumes,
        "error": dose.error,
    }


def _unclaimed(connection: Connection, row: Row[Any]) -> Unclaimed:
    doses = select(unclaimed_doses).where(unclaimed_doses.c.report_id == row.id)
    found = connection.execute(doses.order_by(unclaimed_doses.c.item_order))
    return Unclaimed(
        id=row.id,
        dispenser_id=row.dispenser_id,
        job_id=row.job_id,
        key=row.job_key,
        doses=tuple(_dose(one) for one in found),
        received_at=row.received_at,
        outcome=None if row.outcome is None else Outcome(row.outcome),
    )


def _dose(row: Row[Any]) -> Dose:
    return Dose(
        order=row.item_order,
        jar=row.jar,
        spice=row.spice,
        done=row.done,
        fell=row.fell_mg,
        fell_at_least=row.fell_at_least_mg,
        resumes=row.resumes,
        error=row.error,
    )
