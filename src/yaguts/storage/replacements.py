"""Boards that changed places: two dispensers exchange their boards, and keep all else."""

from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from yaguts.domain.clock import lately
from yaguts.domain.dispenser import SILENT_FOR, Dispenser
from yaguts.domain.jobs.job import ACTIVE, Job, JobState
from yaguts.storage.tables import dispensers, jars, jobs

_BOARD = (
    *("uid", "token_hash", "next_token_hash", "token_since", "paired_at"),
    *("firmware", "mac", "last_seen_at", "status"),
)
_UNDER_WAY = ACTIVE - {JobState.QUEUED}


def replaced_by(connection: Connection, newcomer: Dispenser, now: datetime) -> int | None:
    """The default dispenser whose place the newcomer's board takes, if it may.

    It may once, if it never had jars or jobs of its own, and the default dispenser was silent since
    the newcomer was paired, and for an hour, and has no job under way.
    """
    new, old = dispensers.alias(), dispensers.alias()
    found = select(old.c.id, old.c.last_seen_at).where(
        new.c.id == newcomer.id,
        new.c.place_since.is_(None),
        old.c.owner_id == new.c.owner_id,
        old.c.is_default,
        ~new.c.is_default,
        old.c.place_since.is_(None),
        old.c.token_hash.is_not(None),
        or_(old.c.last_seen_at.is_(None), old.c.last_seen_at < new.c.paired_at),
        ~select(jobs.c.id).where(jobs.c.dispenser_id == new.c.id).exists(),
        ~select(jars.c.number)
        .where(jars.c.dispenser_id == new.c.id, jars.c.label.is_not(None))
        .exists(),
        ~select(jobs.c.id)
        .where(jobs.c.dispenser_id == old.c.id, jobs.c.state.in_(_UNDER_WAY))
        .exists(),
        select(jobs.c.id)
        .where(jobs.c.dispenser_id == old.c.id, jobs.c.state == JobState.QUEUED)
        .exists(),
    )
    row = connection.execute(found).one_or_none()
    return None if row is None or row.last_seen_at in lately(now, SILENT_FOR) else row.id


def exchange(connection: Connection, one: int, other: int, now: datetime) -> None:
    """Exchange the boards of two dispensers. Jars, stock, queue, name and history stay."""
    both = dispensers.c.id.in_((one, other))
    rows = {row.id: row for row in connection.execute(select(dispensers).where(both))}
    unique = {"uid": None, "token_hash": None, "next_token_hash": None}
    connection.execute(update(dispensers).where(both).values(unique))
    for to, of in ((one, other), (other, one)):
        board = {name: getattr(rows[of], name) for name in _BOARD}
        moved = {**board, "place_since": now, "place_before": of}
        connection.execute(update(dispensers).where(dispensers.c.id == to).values(moved))


def may_report(connection: Connection, dispenser_id: int, job: Job) -> bool:
    """Whether the board had the job at the place where it was before."""
    found = select(dispensers.c.place_since).where(
        dispensers.c.id == dispenser_id, dispensers.c.place_before == job.dispenser_id
    )
    since = connection.execute(found).scalar_one_or_none()
    return since is not None and job.started_at is not None and job.started_at < since
