"""Figures of all kitchens together, for whoever watches the server."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, select

from yaguts.domain.clock import Window
from yaguts.domain.firmware.release import UpdateState
from yaguts.domain.jobs.job import FINAL, JobState
from yaguts.storage import releases
from yaguts.storage.release_tables import updates
from yaguts.storage.tables import dispensers, jobs, unclaimed_reports
from yaguts.storage.windows import bounds, inside

OPEN = tuple(state for state in JobState if state not in FINAL)
_JOBS = (
    select(jobs.c.state, func.count())
    .where(jobs.c.state.in_([literal(state) for state in OPEN]))
    .group_by(jobs.c.state)
)
_PAIRED = select(func.count()).where(dispensers.c.token_hash.is_not(None))
_ONLINE = _PAIRED.where(inside(dispensers.c.last_seen_at))
_UPDATES = select(updates.c.release, updates.c.state, func.count()).group_by(
    updates.c.release, updates.c.state
)
_UNDECIDED = select(func.count()).where(unclaimed_reports.c.outcome.is_(None))


@dataclass(frozen=True, slots=True)
class Figures:
    """How many there are. `open_jobs`: by state, those that are not over. `updates`: boards by
    release, and how far it is on its way to them. `halted`: releases that are halted.
    """

    open_jobs: Mapping[JobState, int]
    dispensers: int
    online: int
    orphan_reports: int
    updates: Mapping[tuple[int, UpdateState], int]
    halted: int


def figures(connection: Connection, online: Window) -> Figures:
    """The figures now. A dispenser that was heard of in the window is online."""
    found = {JobState(row[0]): row[1] for row in connection.execute(_JOBS)}
    return Figures(
        {state: found.get(state, 0) for state in OPEN},
        connection.execute(_PAIRED).scalar_one(),
        connection.execute(_ONLINE, bounds(online)).scalar_one(),
        connection.execute(_UNDECIDED).scalar_one(),
        {(row[0], UpdateState(row[1])): row[2] for row in connection.execute(_UPDATES)},
        len(releases.halted(connection)),
    )
