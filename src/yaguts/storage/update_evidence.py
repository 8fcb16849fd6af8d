"""How many jobs boards have done and failed, with a release and before it."""

from datetime import datetime

from sqlalchemy import Connection, and_, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from yaguts.domain.firmware.release import RUNS_IT
from yaguts.domain.jobs.job import Failure, JobState
from yaguts.storage.release_tables import updates
from yaguts.storage.tables import jobs
from yaguts.storage.windows import after, before, later

Counts = dict[int, tuple[int, int]]
"""The jobs of each dispenser, and how many of them failed."""

_FAILED = (JobState.FAILED, JobState.DONE_PARTIAL)
_OF_THE_BOARD = or_(
    jobs.c.failure.is_(None), jobs.c.failure.in_((Failure.UNCONFIRMED, Failure.NO_REPORT))
)
"""What people, time or a restore ended says nothing of a board."""


def jobs_since(connection: Connection, release: int, since: datetime) -> Counts:
    """Of the jobs that were started after a moment. On a board that takes the release: by it."""
    counts = after(jobs.c.started_at, since)
    without = or_(updates.c.state.is_(None), updates.c.state.not_in(RUNS_IT))
    by_it = later(jobs.c.started_at, updates.c.runs_since)
    return _counted(connection, release, and_(counts, or_(without, by_it)))


def jobs_before(connection: Connection, release: int, since: datetime, until: datetime) -> Counts:
    """Of the jobs that were started between two moments."""
    counts = and_(after(jobs.c.started_at, since), before(jobs.c.started_at, until))
    return _counted(connection, release, counts)


def _counted(connection: Connection, release: int, counts: ColumnElement[bool]) -> Counts:
    failed = func.sum(case((jobs.c.state.in_(_FAILED), 1), else_=0))
    same_board = and_(updates.c.dispenser_id == jobs.c.dispenser_id, updates.c.release == release)
    found = (
        select(jobs.c.dispenser_id, func.count().label("all"), failed.label("failed"))
        .outerjoin(updates, same_board)
        .where(counts, _OF_THE_BOARD, jobs.c.state.in_((JobState.DONE, *_FAILED)))
        .group_by(jobs.c.dispenser_id)
    )
    return {row.dispenser_id: (row.all, row.failed) for row in connection.execute(found)}
