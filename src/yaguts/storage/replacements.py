"""Boards that change places: two dispensers exchange their boards, and keep all else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, literal, select, update

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import ACTIVE, Job, JobState
from yaguts.storage import dispensers as dispenser_rows
from yaguts.storage import updates
from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import dispensers, former_places, jars, job_items, jobs

_BOARD = (
    *("uid", "token_hash", "next_token_hash", "token_since"),
    *("firmware", "mac", "last_seen_at", "heard_since", "status", "happenings"),
)
_ANSWERED = {"newcomer_since": None, "default_seen_at": None}
_UNDER_WAY = ACTIVE - {JobState.QUEUED}
_LABELLED = (jars.c.dispenser_id == dispensers.c.id) & jars.c.label.is_not(None)
# A board that got jars or jobs of its own meanwhile is none.
_IS_NEWCOMER = (
    dispensers.c.newcomer_since.is_not(None)
    & ~dispensers.c.is_default
    & dispensers.c.token_hash.is_not(None)
    & ~exists().where(_LABELLED)
    & ~exists().where(jobs.c.dispenser_id == dispensers.c.id)
)
# Built once: the polls of boards that nobody has placed yet run these.
_NEWCOMER = Statement(
    select(dispensers.c.newcomer_since, dispensers.c.default_seen_at).where(
        dispensers.c.id == bindparam("of"), _IS_NEWCOMER
    )
)
_HERE = jobs.c.dispenser_id == bindparam("of")
_BUSY = Statement(
    select(
        exists().where(_HERE, jobs.c.state.in_([literal(state) for state in sorted(_UNDER_WAY)]))
    )
)
_LAST_JAR = Statement(
    select(func.max(job_items.c.jar))
    .join(jobs, jobs.c.id == job_items.c.job_id)
    .where(_HERE, jobs.c.state == JobState.QUEUED)
)
# Whether a board started a job where it was before.
_OF_SAME_BOARD = Statement(
    select(former_places.c.uid).where(
        (dispensers.c.uid == former_places.c.uid) & (dispensers.c.id == bindparam("of")),
        dispensers.c.owner_id == bindparam("kitchen_id"),
        former_places.c.dispenser_id == bindparam("place"),
        former_places.c.last_job_id >= bindparam("job_id"),
    )
)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A board that nobody has placed yet, and what the default dispenser was heard of before."""

    since: datetime
    default_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at a dispenser. `last_jar` is the highest jar of its queued jobs, None without
    any.
    """

    under_way: bool
    last_jar: int | None


def ask(connection: Connection, newcomer: Dispenser, now: datetime) -> None:
    """Have the owner asked whether this board, just paired, replaces another one."""
    default = dispenser_rows.default_of(connection, newcomer.kitchen_id)
    asked = {"newcomer_since": now, "default_seen_at": default.last_seen_at}
    dispenser_rows.change(connection, newcomer.id, asked)


def answered(connection: Connection, kitchen_id: KitchenId, dispenser_id: int | None) -> None:
    """Nobody is asked any more about this dispenser's board; None: about any of the kitchen."""
    about = dispensers.c.owner_id == kitchen_id
    if dispenser_id is not None:
        about &= dispensers.c.id == dispenser_id
    connection.execute(update(dispensers).where(about).values(_ANSWERED))


def asked_about(connection: Connection, kitchen_id: KitchenId) -> frozenset[int]:
    """The dispensers of the kitchen about whose boards the owner is asked."""
    found = select(dispensers.c.id).where(dispensers.c.owner_id == kitchen_id, _IS_NEWCOMER)
    return frozenset(connection.execute(found).scalars())


def newcomer(connection: Connection, dispenser_id: int) -> Newcomer | None:
    """The board of this dispenser, if the owner is asked about it."""
    row = _NEWCOMER.row(connection, {"of": dispenser_id})
    return None if row is None else Newcomer(row.newcomer_since, row.default_seen_at)


def waiting(connection: Connection, dispenser_id: int) -> Waiting:
    """What waits at the dispenser for its board."""
    here = {"of": dispenser_id}
    return Waiting(_BUSY.value(connection, here), _LAST_JAR.value(connection, here))


def exchange(connection: Connection, one: int, other: int) -> None:
    """Exchange the boards of two dispensers. Jars, stock, queue, name and history stay."""
    both = dispensers.c.id.in_((one, other))
    rows = {row.id: row for row in connection.execute(select(dispensers).where(both))}
    unique = {"uid": None, "token_hash": None, "next_token_hash": None}
    connection.execute(update(dispensers).where(both).values(**unique, **_ANSWERED))
    for to, of in ((one, other), (other, one)):
        _remember(connection, of, rows[of].uid)
        dispenser_rows.change(connection, to, {name: getattr(rows[of], name) for name in _BOARD})
    updates.exchange_boards(connection, one, other)


def is_its_job(connection: Connection, dispenser_id: int, job: Job) -> bool:
    """Whether the job is the dispenser's, or its board started it where it was before."""
    if job.dispenser_id == dispenser_id:
        return True
    which = {"of": dispenser_id, "kitchen_id": job.kitchen_id}
    which |= {"place": job.dispenser_id, "job_id": job.id}
    return job.started_at is not None and _OF_SAME_BOARD.row(connection, which) is not None


def _remember(connection: Connection, place: int, uid: str | None) -> None:
    """Remember up to which job this board was here, so that it may report those late."""
    latest = select(func.max(jobs.c.id)).where(
        jobs.c.dispenser_id == place, jobs.c.started_at.is_not(None)
    )
    last_job_id = connection.execute(latest).scalar_one()
    if uid is None or last_job_id is None:
        return
    same = (former_places.c.dispenser_id == place) & (former_places.c.uid == uid)
    connection.execute(delete(former_places).where(same))
    row = {"dispenser_id": place, "uid": uid, "last_job_id": last_job_id}
    connection.execute(insert(former_places).values(row))
