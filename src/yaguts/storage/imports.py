"""What an import from version 0.1 asks of the database, and writes at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text

from yaguts.domain.jobs.job import Job
from yaguts.storage.db.locks import lock
from yaguts.storage.job_rows import dose_columns, job_columns
from yaguts.storage.tables import imports, job_items, jobs, people

_NEXT_ID = text(
    "SELECT setval(pg_get_serial_sequence('jobs', 'id'),"
    " GREATEST(:highest, (SELECT COALESCE(MAX(id), 1) FROM jobs)))"
)


@dataclass(frozen=True, slots=True)
class Import:
    """An import that was done: of which rows, and when."""

    digest: str
    at: datetime


def exclude_others(connection: Connection) -> None:
    """Let nobody register or order until this transaction ends. SQLite does so anyway."""
    if connection.dialect.name == "postgresql":
        lock(connection, "register", patient=True)
        connection.exec_driver_sql("LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE")


def done(connection: Connection) -> Import | None:
    """The import that this database has seen, if it has."""
    row = connection.execute(select(imports)).one_or_none()
    return None if row is None else Import(row.digest, row.at)


def note(connection: Connection, digest: str, at: datetime) -> None:
    """Store that an import was done."""
    connection.execute(insert(imports).values(id=1, digest=digest, at=at))


def names(connection: Connection) -> frozenset[str]:
    """The keys of all names that are taken."""
    return frozenset(connection.execute(select(people.c.name_key)).scalars())


def first_job(connection: Connection) -> int | None:
    """The lowest number of an order."""
    return connection.execute(select(func.min(jobs.c.id))).scalar_one()


def add_jobs(connection: Connection, old: Iterable[Job]) -> None:
    """Store jobs under the ids that they have."""
    stored = list(old)
    if not stored:
        return
    connection.execute(insert(jobs), [job_columns(job) | {"id": job.id} for job in stored])
    doses = [dose_columns(dose) | {"job_id": job.id} for job in stored for dose in job.doses]
    connection.execute(insert(job_items), doses)


def number_above(connection: Connection, highest: int) -> None:
    """Have new jobs numbered above this. SQLite goes on above the highest that is there."""
    if connection.dialect.name == "postgresql":
        connection.execute(_NEXT_ID, {"highest": highest})
