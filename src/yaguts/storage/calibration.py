"""Calibration runs: jobs that somebody weighs, until the jar has its rate."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select, update

from yaguts.domain.errors import NotFound
from yaguts.domain.units import Milligrams
from yaguts.storage.tables import calibration_runs as runs


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run. `counted`: the jar's stock was known before the run. `weight`: None until somebody
    types it.

    `over`: the run was accepted or put aside, and is no part of the next calibration.
    """

    job_id: int
    dispenser_id: int
    jar: int
    counted: bool
    weight: Milligrams | None = None
    over: bool = False


def add(connection: Connection, run: StoredRun) -> None:
    """Store a run that was ordered."""
    row = {"job_id": run.job_id, "dispenser_id": run.dispenser_id, "jar": run.jar}
    connection.execute(insert(runs), {**row, "counted": run.counted, "over": False})


def find_for_update(connection: Connection, job_id: int) -> StoredRun:
    """One run, locked until the transaction ends. Raises `NotFound`."""
    found = connection.execute(select(runs).where(runs.c.job_id == job_id).with_for_update())
    row = found.one_or_none()
    if row is None:
        raise NotFound(what="run")
    return _run(row)


def unfinished(connection: Connection, dispenser_id: int, jar: int) -> tuple[StoredRun, ...]:
    """The runs of a jar that are not over, the first run first."""
    its = (runs.c.dispenser_id == dispenser_id) & (runs.c.jar == jar) & ~runs.c.over
    found = connection.execute(select(runs).where(its).order_by(runs.c.job_id))
    return tuple(_run(row) for row in found)


def weigh(connection: Connection, job_id: int, weight: Milligrams) -> None:
    """Store what somebody says fell."""
    connection.execute(update(runs).where(runs.c.job_id == job_id).values(weight_mg=weight))


def end(connection: Connection, job_ids: list[int]) -> None:
    """End these runs."""
    connection.execute(update(runs).where(runs.c.job_id.in_(job_ids)).values(over=True))


def _run(row: Row[tuple[object, ...]]) -> StoredRun:
    return StoredRun(row.job_id, row.dispenser_id, row.jar, row.counted, row.weight_mg, row.over)
