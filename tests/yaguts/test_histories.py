"""The books balance after every step of every history: some now, thousands in the long run."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from tests.support.databases import POSTGRESQL, SQLITE, Databases
from tests.support.kitchen.histories import Histories, furnish
from tests.support.kitchen.maintenance_histories import MaintenanceHistories
from yaguts.domain.errors import NotPossibleNow
from yaguts.domain.jobs.job import ACTIVE, Effect, Job, JobEvent, advance
from yaguts.domain.stock.ledger import Movement, settlements
from yaguts.storage import jobs
from yaguts.storage.db.database import Connection, Database

Fresh = Callable[[], str]
FOUND = (AssertionError, IntegrityError, NotPossibleNow)
"""How a bug shows: a check of ours, or the database's, or a step refused that may not be."""


@pytest.fixture
def fresh(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Fresh:
    """Makes furnished databases of one kind, of which one is in use at a time."""
    if request.param == POSTGRESQL:
        return lambda: furnished(databases.migrated(POSTGRESQL, tmp_path))
    template = furnished(databases.migrated(SQLITE, tmp_path)).removeprefix("sqlite:///")
    return lambda: f"sqlite:///{shutil.copy(template, tmp_path / 'history.db')}"


def furnished(url: str) -> str:
    database = Database(url)
    furnish(database)
    database.close()
    return url


def live(
    fresh: Fresh, histories: int, steps: int, kind: type[Histories] = Histories, **more: Any
) -> None:
    wanted = settings(
        max_examples=histories,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
        **more,
    )
    run_state_machine_as_test(lambda: kind(fresh), settings=wanted)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("fresh", "histories"), [(SQLITE, 25), (POSTGRESQL, 6)], indirect=["fresh"]
)
def test_a_few_histories(fresh: Fresh, histories: int) -> None:
    live(fresh, histories, steps=40, kind=MaintenanceHistories)


def nothing(_job: Job) -> tuple[Movement, ...]:
    return ()


def lower_bounds(job: Job) -> tuple[Movement, ...]:
    doses = tuple(replace(dose, fell_at_most_mg=dose.fell_at_least_mg) for dose in job.doses)
    return settlements(replace(job, doses=doses))


def as_reported(job: Job, _stocks: object) -> Job:
    return job


def never(_job: Job, _now: datetime) -> None:
    return None


def never_reported(job: Job, event: JobEvent, now: datetime) -> tuple[Job, Effect]:
    after, effect = advance(job, event, now)
    return replace(after, reported=False), effect


def the_last_of(connection: Connection, dispenser_id: int) -> Job | None:
    return next(iter(jobs.of_dispenser(connection, dispenser_id, ACTIVE)), None)


def rare(place: str, bug: Callable[..., Any], kind: type[Histories] = Histories) -> Any:
    """A bug that takes hundreds of histories to show."""
    return pytest.param(place, bug, kind, marks=[pytest.mark.long, pytest.mark.timeout(1200)])


@pytest.mark.parametrize("fresh", [SQLITE], indirect=True)
@pytest.mark.parametrize(
    ("place", "bug", "kind"),
    [
        ("delivery.reports.releases", nothing, Histories),
        ("delivery.reports.settlements", nothing, Histories),
        rare("delivery.reports.settlements", lower_bounds),
        ("delivery.reports.advance", never_reported, Histories),
        rare("delivery.expiry.releases", nothing),
        rare("delivery.expiry.overdue", never),
        rare("jobs.orders.releases", nothing),
        ("jobs.enqueue.holds", nothing, Histories),
        rare("delivery.handover.jobs.first_of", the_last_of),
        ("delivery.reports.jars_of_unknown_stock", nothing, MaintenanceHistories),
        rare("delivery.expiry.jars_of_unknown_stock", nothing, MaintenanceHistories),
        rare("delivery.reports.capped_by_stock", as_reported, MaintenanceHistories),
    ],
)
def test_a_planted_bug_is_found(
    fresh: Fresh,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    bug: Callable[..., Any],
    kind: type[Histories],
) -> None:
    monkeypatch.setattr(f"yaguts.services.{place}", bug)

    with pytest.raises(FOUND):
        live(fresh, 800, 40, kind, phases=[Phase.generate], report_multiple_bugs=False)


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize(
    ("fresh", "histories"), [(SQLITE, 5000), (POSTGRESQL, 500)], indirect=["fresh"]
)
def test_many_histories(fresh: Fresh, histories: int) -> None:
    live(fresh, histories, steps=50, kind=MaintenanceHistories)
