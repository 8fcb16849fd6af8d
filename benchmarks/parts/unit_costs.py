"""What one job leaves in a database, on SQLite and on PostgreSQL: rows, bytes, statements, commits.

`docs/scale.md` computes with these. The jobs are played by the services, without HTTP. PostgreSQL
is the one that tests start in a temporary folder. It does not sync, which changes no size.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event, func, select, text

from benchmarks.harness.figures import Figure
from benchmarks.harness.kitchens import Dispenser, furnish, sqlite_in
from tests.support.postgresql import PostgreSQL
from yaguts.app import open_site
from yaguts.domain.jobs.report import Report, ReportedDose
from yaguts.domain.people import Actor
from yaguts.services.delivery import handover, reports
from yaguts.services.jobs import orders
from yaguts.services.runtime.context import Site
from yaguts.settings import Settings
from yaguts.storage import dispensers as stored
from yaguts.storage.db.metadata import metadata

JOBS = 1_000
_SIZES: Mapping[str, str] = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@dataclass(frozen=True)
class Cost:
    """What a job costs one kind of database."""

    rows: float
    data_bytes: float
    statements: float
    commits: float


def measure(*, small: bool = False) -> list[Figure]:
    """The costs of a job of four jars, on each database that is there."""
    jobs = 50 if small else JOBS
    with TemporaryDirectory(prefix="yaguts-bench-") as made:
        figures = _figures("SQLite", cost(sqlite_in(Path(made)), Path(made), jobs))
        server = PostgreSQL()
        try:
            figures += _figures("PostgreSQL", cost(server.create("bench"), Path(made), jobs))
        finally:
            server.stop()
    return figures


def cost(url: str, folder: Path, jobs: int) -> Cost:
    """Play so many jobs of one dispenser in a new database."""
    [dispenser] = furnish(url, 1)
    moment = datetime.now(UTC)

    def clock() -> datetime:
        nonlocal moment
        moment += timedelta(milliseconds=100)
        return moment

    site = open_site(Settings(url, data_folder=folder), clock)
    counted = {"statements": 0, "commits": 0}
    try:
        _play(site, dispenser, 10)  # what the first ones add once
        rows, size = _rows(site), _bytes(site)
        event.listen(site.database.engine, "before_cursor_execute", _adding(counted, "statements"))
        event.listen(site.database.engine, "commit", _adding(counted, "commits"))
        _play(site, dispenser, jobs)
        statements, commits = counted["statements"], counted["commits"]
        added = (_rows(site) - rows, _bytes(site) - size)
    finally:
        site.database.close()
    return Cost(added[0] / jobs, added[1] / jobs, statements / jobs, commits / jobs)


def _play(site: Site, dispenser: Dispenser, jobs: int) -> None:
    """Order, offer, accept and report, again and again."""
    with site.database.read() as connection:
        kitchen = stored.kitchen_of(connection, dispenser.id)
        caller = stored.find(connection, kitchen, dispenser.id)
    for _ in range(jobs):
        wanted = orders.Order(dispenser.recipe_id, 1, dispenser_id=dispenser.id)
        ordered = orders.order(site, kitchen, wanted, Actor(None))
        offered = handover.offer(site, caller, "")
        assert offered is not None
        handover.accept(site, caller, ordered.id, offered.key, 1)
        doses = tuple(
            ReportedDose(
                one.jar,
                one.spice,
                one.quantity,
                done=True,
                order=one.order,
                fell_at_least_mg=one.quantity,
            )
            for one in offered.doses
        )
        told = reports.Received(Report(len(doses), 0, doses), offered.key, "", {})
        reports.complete(site, caller, ordered.id, told)


def _rows(site: Site) -> int:
    with site.database.read() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        )


def _bytes(site: Site) -> int:
    with site.database.read() as connection:
        return connection.execute(text(_SIZES[connection.dialect.name])).scalar_one()


def _adding(counted: dict[str, int], what: str) -> Callable[..., None]:
    def add(*_event: Any) -> None:
        counted[what] += 1

    return add


def _figures(name: str, of: Cost) -> list[Figure]:
    how = "four jars: ordered, offered, accepted, reported"
    return [
        Figure(f"rows of a job, {name}", of.rows, "", how),
        Figure(f"bytes of a job, {name}", of.data_bytes, " bytes", "the database's growth"),
        Figure(f"statements of a job, {name}", of.statements, "", how),
        Figure(f"commits of a job, {name}", of.commits, "", "transactions that write"),
    ]
