"""Calibration runs: jobs whose weight somebody types, until the jar's rate is settled."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select, update

from yaguts.domain.errors import NotFound
from yaguts.domain.units import Milligrams
from yaguts.storage.tables import calibration_runs as runs


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run. `counted`: whether the jar's stock was known before it. `weight`: None until typed.

    `over`: accepted or put aside; it is no part of the jar's next calibration.
    """

    job_id: int
    dispenser_id: int
    jar: int
    counted: bool
    weight: Milligrams | None = None
    over: bool = False


def add(connection: Connection, run: StoredRun) -> None:
    """A run has been ordered."""
    row = {"job_id": run.job_id, "dispenser_id": run.dispenser_id, "jar": run.jar}
    connection.execute(insert(runs), {**row, "counted": run.counted, "over": False})


def take(connection: Connection, job_id: int) -> StoredRun:
    """One run, kept from changing until the transaction has ended; or `NotFound`."""
    found = connection.execute(select(runs).where(runs.c.job_id == job_id).with_for_update())
    row = found.one_or_none()
    if row is None:
        raise NotFound(what="run")
    return _run(row)


def unfinished(connection: Connection, dispenser_id: int, jar: int) -> tuple[StoredRun, ...]:
    """The runs of a jar that are not over, the first one first."""
    its = (runs.c.dispenser_id == dispenser_id) & (runs.c.jar == jar) & ~runs.c.over
    found = connection.execute(select(runs).where(its).order_by(runs.c.job_id))
    return tuple(_run(row) for row in found)


def weigh(connection: Connection, job_id: int, weight: Milligrams) -> None:
    """Somebody says what fell."""
    connection.execute(update(runs).where(runs.c.job_id == job_id).values(weight_mg=weight))


def end(connection: Connection, job_ids: list[int]) -> None:
    """These are over."""
    connection.execute(update(runs).where(runs.c.job_id.in_(job_ids)).values(over=True))


def _run(row: Row[tuple[object, ...]]) -> StoredRun:
    return StoredRun(row.job_id, row.dispenser_id, row.jar, row.counted, row.weight_mg, row.over)
