"""Power cuts after every write, and a disk that is full from any write on.

What was answered is there afterwards; what was not is there whole or not at all.
"""

import shutil
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.builders import a_report
from tests.support.databases import SQLITE, Databases
from tests.support.kitchen.callers import caller
from tests.support.kitchen.disks import Disk
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import StoppedClock
from yaguts.domain.errors import Conflict, Unavailable
from yaguts.domain.jobs.job import Job, JobState
from yaguts.domain.people import Actor
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import handover, reports
from yaguts.services.jobs import orders
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.services.pantry import stock
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import Hub
from yaguts.settings import Settings
from yaguts.storage import jobs as job_rows
from yaguts.storage.db.database import Database
from yaguts_sim.mutants.durability import DURABILITY_MUTANTS
from yaguts_sim.mutants.mutant import active

RECIPES = ({"Sal": 4.5, "Pimenta": 1.5}, {"Orégano": 0.1, "Cominho": 2, "Sal": 1})
FILE = "yaguts.db"
STEPS = [7, pytest.param(1, marks=pytest.mark.long)]
"""At every seventh write; at each of them in the long run."""


def site_on(path: Path, disk: Disk | None = None) -> Site:
    settings = Settings(f"sqlite:///{path}", "a secret")
    database = Database(settings.database_url)
    if disk is not None:
        disk.serve(database)
    return Site(database, StoppedClock(), Random(0).randbytes, Hub(), settings)


@pytest.fixture
def base(databases: Databases, tmp_path: Path) -> Path:
    """A kitchen with two recipes, closed and whole."""
    path = Path(databases.migrated(SQLITE, tmp_path).removeprefix("sqlite:///"))
    site = site_on(path)
    home: Any = SimpleNamespace(site=site, clock=site.clock)
    kitchen = Furnished(home)
    for parts in RECIPES:
        kitchen.recipe(**parts)
    site.database.close()
    return path


@dataclass
class Answered:
    """What the server had answered, and when: the number of writes before it."""

    reported: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    ordered: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


def cook(site: Site, disk: Disk) -> Answered:
    """Order both recipes, dispense and report them. Whoever is turned away goes on regardless."""
    answered = Answered()
    for recipe in (1, 2):
        job = tried(
            lambda recipe=recipe: orders.order(site, 1, orders.Order(recipe, 1), by=Actor(1))
        )
        if job is None:
            continue
        answered.ordered.append((len(disk.ops), job.id))
        tried(lambda: handover.offer(site, caller(site, 1)))
        tried(lambda job=job: handover.accept(site, caller(site, 1), job.id, job.key))
        ended = tried(lambda job=job: report(site, job))
        if ended is not None:
            answered.reported.append((len(disk.ops), job.id))
    return answered


def report(site: Site, job: Job) -> Job | None:
    received = reports.Received(a_report(job, failed=(2,)), job.key, "", {})
    return reports.complete(site, caller(site, 1), job.id, received)


def tried(call: Callable[[], Job | None]) -> Job | None:
    try:
        return call()
    except (Unavailable, Conflict):
        return None


def lost(site: Site, answered: Answered, at: int) -> list[str]:
    """What was answered before that write and is not there."""
    with site.database.read() as connection:
        found = job_rows.of_dispenser(connection, 1, tuple(JobState))
    known, booked = {job.id for job in found}, {job.id for job in found if job.reported}
    return [
        *(f"job {job}" for done, job in answered.ordered if done <= at and job not in known),
        *(f"report {job}" for done, job in answered.reported if done <= at and job not in booked),
    ]


def cuts(base: Path, folder: Path, step: int) -> Generator[list[str]]:
    """What is lost by each of the cuts: before every so many-th write or sync, twice."""
    content = {FILE: base.read_bytes()}
    recorded = folder / "recorded"
    recorded.mkdir()
    disk = Disk()
    site = site_on(Path(shutil.copy(base, recorded)), disk)
    answered = cook(site, disk)
    assert len(answered.reported) == len(RECIPES)
    site.database.close()
    for at in range(0, len(disk.ops) + 1, step):
        for chance in (None, Random(at)):
            files = disk.after_cut(at, content, chance)
            yield after_cut(files, folder / "cut", answered, at)


def after_cut(files: dict[str, bytes], folder: Path, answered: Answered, at: int) -> list[str]:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    site = site_on(folder / FILE)
    wrong = lost(site, answered, at) + [finding.text for finding in check_ledger(site.database)]
    site.database.close()
    shutil.rmtree(folder)
    return [f"cut {at}: {what}" for what in wrong]


@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_at_any_write_loses_nothing_that_was_answered(
    base: Path, tmp_path: Path, step: int
) -> None:
    found = list(cuts(base, tmp_path, step))

    print(f"{len(found)} power cuts")
    assert [wrong for wrong in found if wrong] == []
    assert len(found) > 200 // step


def test_without_full_syncs_the_same_cuts_would_lose_answers(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lax = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA foreign_keys=ON")
    monkeypatch.setattr("yaguts.storage.db.database._PRAGMAS", lax)

    assert any(cuts(base, tmp_path, step=7))


def test_a_report_booked_in_two_transactions_would_be_torn_by_the_same_cuts(
    base: Path, tmp_path: Path
) -> None:
    with active(DURABILITY_MUTANTS["two transactions"]):
        found = [wrong for wrong in cuts(base, tmp_path, step=7) if wrong]

    assert found


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_is_full_from_any_write_on_refuses_or_keeps(
    base: Path, tmp_path: Path, step: int
) -> None:
    folder, full_from, refused = tmp_path / "full", 1 - step, 0
    writes = full_from
    while writes >= full_from:
        full_from += step
        folder.mkdir()
        disk = Disk(full_from=full_from)
        site = site_on(Path(shutil.copy(base, folder)), disk)
        answered = cook(site, disk)
        writes = disk.writes
        refused += len(answered.reported) < len(RECIPES)
        disk.full_from = None
        stock.refill(site, 1, 1, 4, Milligrams(1000), by=Actor(1))
        site.database.close()
        after = site_on(folder / FILE)
        assert (lost(after, answered, len(disk.ops)), check_ledger(after.database)) == ([], ())
        after.database.close()
        shutil.rmtree(folder)

    print(f"full from each of {full_from} writes on")
    assert refused > 20 // step
