"""Jobs and their doses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)

from yaguts.domain.clock import Window
from yaguts.domain.errors import Changed, NotFound
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import (
    ACTIVE,
    FINAL,
    FOR_A_DISH,
    UNDER_WAY,
    WAITING,
    Dose,
    Job,
    JobState,
)
from yaguts.storage.db.statements import Statement
from yaguts.storage.job_rows import (
    changing_columns,
    changing_dose_columns,
    dose_columns,
    dose_of,
    job_columns,
    job_of,
)
from yaguts.storage.tables import job_items, jobs
from yaguts.storage.windows import bounds, inside, outside


def _in_states(states: Iterable[JobState]) -> ColumnElement[bool]:
    """Each state is a parameter of its own: SQLAlchemy would expand a list anew at every run."""
    return jobs.c.state.in_([literal(state) for state in sorted(states)])


@cache
def _of_dispenser(states: frozenset[JobState]) -> Select[Any]:
    mine = jobs.c.dispenser_id == bindparam("dispenser_id")
    return select(jobs).where(mine, _in_states(states)).order_by(jobs.c.id.desc())


@cache
def _of_owner(states: frozenset[JobState]) -> Select[Any]:
    mine = jobs.c.owner_id == bindparam("owner_id")
    return select(jobs).where(mine, _in_states(states)).order_by(jobs.c.id.desc())


# Built once: these run in every job.
_ADD = Statement(insert(jobs).returning(jobs.c.id))
_ADD_ITEMS = Statement(insert(job_items).returning(job_items.c.id, job_items.c.item_order))
_BY_ID = select(jobs).where(jobs.c.id == bindparam("job_id"))
_ONE, _ONE_LOCKED = Statement(_BY_ID), Statement(_BY_ID.with_for_update())
_ITEMS = Statement(
    select(job_items)
    .where(job_items.c.job_id == bindparam("job_id"))
    .order_by(job_items.c.item_order)
)
_ITEMS_OF_SEVERAL = (
    select(job_items)
    .where(job_items.c.job_id.in_(bindparam("job_ids", expanding=True)))
    .order_by(job_items.c.job_id, job_items.c.item_order)
)
_OPEN_LOCKED = (
    select(jobs).where(jobs.c.state.not_in(sorted(FINAL))).order_by(jobs.c.id).with_for_update()
)
_RETRY_OF = select(jobs).where(jobs.c.retry_of == bindparam("retried"))
_FINISHED = select(jobs).where(jobs.c.owner_id == bindparam("owner_id"), inside(jobs.c.finished_at))
_SILENT = Statement(
    select(jobs).where(
        or_(
            _in_states(WAITING) & outside(jobs.c.expires_at, "alive"),
            _in_states(UNDER_WAY) & outside(jobs.c.heard_at, "heard"),
        )
    )
)
_ACTIVE_OF_DISPENSER_LOCKED = Statement(_of_dispenser(ACTIVE).with_for_update())
_ACTIVE_OF_OWNER_LOCKED = Statement(_of_owner(ACTIVE).with_for_update())
_OPEN_OF_OWNER_LOCKED = Statement(_of_owner(ACTIVE | UNDER_WAY).with_for_update())
_FIRST = Statement(_of_dispenser(ACTIVE).order_by(None).order_by(jobs.c.id).limit(1))
_BEFORE = jobs.alias("before")
_UNCALLED = Statement(
    select(jobs).where(
        _in_states(WAITING),
        jobs.c.expires_at.is_(None),
        ~exists().where(
            _BEFORE.c.dispenser_id == jobs.c.dispenser_id,
            _BEFORE.c.state.in_([literal(state) for state in sorted(ACTIVE)]),
            _BEFORE.c.id < jobs.c.id,
        ),
    )
)
_STORE = Statement(
    update(jobs).where(jobs.c.id == bindparam("job_id"), jobs.c.version == bindparam("expected"))
)
_STORE_ITEM = Statement(update(job_items).where(job_items.c.id == bindparam("item_id")))
_HEARD = Statement(update(jobs).where(jobs.c.id == bindparam("job_id"), _in_states(UNDER_WAY)))


WORTH_TELLING = or_(
    jobs.c.state != JobState.DONE, jobs.c.kind.in_([literal(kind) for kind in sorted(FOR_A_DISH)])
)
"""Such jobs as people are told of when they have ended: of those for no dish what went wrong."""


def add(connection: Connection, job: Job) -> Job:
    """Store a new job and return it with its ids."""
    job_id = _ADD.value(connection, job_columns(job))
    rows = [dose_columns(dose) | {"job_id": job_id} for dose in job.doses]
    ids = {order: item_id for item_id, order in _ADD_ITEMS.rows_of_each(connection, rows)}
    doses = tuple(replace(dose, id=ids[dose.order]) for dose in job.doses)
    return replace(job, id=job_id, doses=doses)


def find(connection: Connection, job_id: int) -> Job:
    """The job, of any kitchen. Raises `NotFound`."""
    return _one(connection, _ONE, job_id)


def find_for_update(connection: Connection, job_id: int) -> Job:
    """The job, locked until this transaction ends. Raises `NotFound`.

    SQLite's write transactions exclude each other anyway.
    """
    return _one(connection, _ONE_LOCKED, job_id)


def of_dispenser(
    connection: Connection, dispenser_id: int, states: Iterable[JobState]
) -> tuple[Job, ...]:
    """The dispenser's jobs that are in one of the states."""
    return _all(connection, _of_dispenser(frozenset(states)), {"dispenser_id": dispenser_id})


def first_of(connection: Connection, dispenser_id: int) -> Job | None:
    """The first job of the dispenser's queue."""
    return next(iter(_all(connection, _FIRST, {"dispenser_id": dispenser_id})), None)


def latest_on(
    connection: Connection, dispenser_id: int, states: Iterable[JobState], most: int
) -> tuple[Job, ...]:
    """The dispenser's latest jobs that are in one of the states, newest first."""
    latest = _of_dispenser(frozenset(states)).limit(most)
    return _all(connection, latest, {"dispenser_id": dispenser_id})


def active_of(connection: Connection, kitchen_id: KitchenId) -> tuple[Job, ...]:
    """The kitchen's active jobs, the latest first."""
    return _all(connection, _of_owner(ACTIVE), {"owner_id": kitchen_id})


def active_for_update(
    connection: Connection, *, dispenser_id: int | None = None, kitchen_id: KitchenId | None = None
) -> tuple[Job, ...]:
    """The active jobs of a dispenser or of a kitchen, locked: see `take`."""
    if dispenser_id is None:
        return _all(connection, _ACTIVE_OF_OWNER_LOCKED, {"owner_id": kitchen_id})
    return _all(connection, _ACTIVE_OF_DISPENSER_LOCKED, {"dispenser_id": dispenser_id})


def open_of(connection: Connection, kitchen_id: KitchenId) -> tuple[Job, ...]:
    """The kitchen's jobs that have not ended, locked: see `take`."""
    return _all(connection, _OPEN_OF_OWNER_LOCKED, {"owner_id": kitchen_id})


def open_for_update(connection: Connection) -> tuple[Job, ...]:
    """All jobs that have not ended, locked: see `take`."""
    return _all(connection, _OPEN_LOCKED, {})


def retry_of(connection: Connection, job_id: int) -> Job | None:
    """The job that orders again what this one left undone, if there is one."""
    return next(iter(_all(connection, _RETRY_OF, {"retried": job_id})), None)


def past_of(
    connection: Connection,
    kitchen_id: KitchenId,
    states: Iterable[JobState],
    before_id: int,
    most: int,
    such: ColumnElement[bool] | None = None,
    ordered: Window | None = None,
) -> tuple[Job, ...]:
    """The kitchen's jobs in one of the states before the one with this id, newest first.

    Only such jobs, and those ordered in a window, when given: see `storage.job_texts`.
    """
    query = _of_owner(frozenset(states)).where(jobs.c.id < bindparam("before_id"))
    if such is not None:
        query = query.where(such)
    given: dict[str, object] = {"owner_id": kitchen_id, "before_id": before_id, "most": most}
    if ordered is not None:
        query, given = query.where(inside(jobs.c.created_at)), given | bounds(ordered)
    return _all(connection, query.limit(bindparam("most")), given)


def finished(connection: Connection, kitchen_id: KitchenId, when: Window) -> tuple[Job, ...]:
    """The kitchen's jobs that have ended in a window."""
    return _all(connection, _FINISHED, {"owner_id": kitchen_id, **bounds(when)})


def possibly_overdue(connection: Connection, alive: Window, heard: Window) -> tuple[Job, ...]:
    """The waiting jobs whose time to live is over, and those under way that were not heard of
    lately.
    """
    return _all(connection, _SILENT, bounds(alive, "alive") | bounds(heard, "heard"))


def first_without_time_to_live(connection: Connection) -> tuple[Job, ...]:
    """The jobs that are first in their queue and have no time to live yet."""
    return _all(connection, _UNCALLED, {})


def store(connection: Connection, before: Job, after: Job) -> None:
    """Replace one version of a job by the next. Raises `Changed` when the stored version is
    another.
    """
    which = {"job_id": after.id, "expected": before.version}
    if _STORE.run(connection, which | changing_columns(after)) != 1:
        raise Changed
    doses = [
        changing_dose_columns(new) | {"item_id": new.id}
        for old, new in zip(before.doses, after.doses, strict=True)
        if old != new
    ]
    _STORE_ITEM.run_each(connection, doses)


def heard(connection: Connection, job_id: int, at: datetime) -> None:
    """Store a sign of life about a job under way. That is no new version of the job."""
    _HEARD.run(connection, {"job_id": job_id, "heard_at": at})


def _one(connection: Connection, query: Statement, job_id: int) -> Job:
    found = _all(connection, query, {"job_id": job_id})
    if not found:
        raise NotFound(what="job")
    return found[0]


def _all(
    connection: Connection, query: Statement | Select[Any], given: Mapping[str, object]
) -> tuple[Job, ...]:
    rows = _rows(connection, query, given)
    return _with_doses(connection, rows) if rows else ()


def _rows(
    connection: Connection, query: Statement | Select[Any], given: Mapping[str, object]
) -> Sequence[Any]:
    if isinstance(query, Statement):
        return query.rows(connection, given)
    return connection.execute(query, given).all()


def _with_doses(connection: Connection, rows: Sequence[Any]) -> tuple[Job, ...]:
    doses: dict[int, list[Dose]] = {row.id: [] for row in rows}
    query: Statement | Select[Any] = _ITEMS
    given: Mapping[str, object] = {"job_id": rows[0].id}
    if len(doses) > 1:
        query, given = _ITEMS_OF_SEVERAL, {"job_ids": list(doses)}
    for row in _rows(connection, query, given):
        doses[row.job_id].append(dose_of(row))
    return tuple(job_of(row, tuple(doses[row.id])) for row in rows)
