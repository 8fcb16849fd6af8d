"""An old copy of the database is laid back: nothing runs on from there, and nothing is lost."""

import shutil
from pathlib import Path

import pytest

from tests.support.databases import SQLITE, Databases
from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from tests.support.push_service import Browser
from yaguts.domain.high_water_mark import Mark
from yaguts.domain.jobs.job import Failure, JobState
from yaguts.domain.jobs.missing import surely_missing
from yaguts.domain.stock.ledger import MovementReason
from yaguts.services.alerts import browsers, targets
from yaguts.services.alerts.browsers import GivenBrowser
from yaguts.services.delivery import expiry, handover, orphan_reports
from yaguts.services.jobs import orders
from yaguts.services.ops.epochs import restored
from yaguts.services.ops.restore_detection import notice, say_restored
from yaguts.services.people import sessions
from yaguts.services.runtime.files.mark_file import HighWaterMark, mark_of
from yaguts.storage import epochs, ledger


def reasons(kitchen: Furnished) -> list[str]:
    with kitchen.site.database.read() as connection:
        return [line.reason for line in ledger.history(connection, kitchen.dispenser_id)]


def epoch(kitchen: Furnished) -> int:
    with kitchen.site.database.read() as connection:
        return epochs.mark(connection).epoch


def test_every_open_job_is_given_up_and_says_why(kitchen: Furnished) -> None:
    running = kitchen.started(Sal=4)
    waiting = orders.order(
        kitchen.site,
        kitchen.person.id,
        orders.Order(kitchen.recipe(Sal=2), 1, queue=True),
        by=kitchen.actor,
    )

    assert restored(kitchen.site) == 2

    states = [kitchen.job(job.id).state for job in (running, waiting)]
    assert states == [JobState.FAILED, JobState.CANCELED]
    assert {kitchen.job(job.id).failure for job in (running, waiting)} == {Failure.RESTORED}
    assert kitchen.stocks()[0] == (FULL, 0)
    assert reasons(kitchen).count(MovementReason.RESTORED) == 2
    assert surely_missing(kitchen.job(running.id)) == ()


def test_no_browser_is_alerted_until_somebody_allows_it_anew(kitchen: Furnished) -> None:
    session = sessions.open_session(kitchen.site, kitchen.person)
    form = Browser("https://push.example/one").form
    keys = form["endpoint"], form["p256dh"], form["auth"]
    given = GivenBrowser(*keys, "", "en", session, "https://yaguts.example")
    browsers.allow(kitchen.site, kitchen.person, given)
    other = targets.add(kitchen.site, kitchen.person, "https://hooks.example/x", "en").target
    kitchen.started(Sal=4)

    restored(kitchen.site)

    [kept] = targets.settings_of(kitchen.site, kitchen.person).targets
    assert (kept.id, kept.waiting) == (other.id, 1)
    browsers.allow(kitchen.site, kitchen.person, given)
    assert browsers.this_browser(kitchen.site, session)


def test_what_a_dispenser_was_pouring_goes_on_and_is_booked(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4)
    restored(kitchen.site)
    dose = job.doses[0]
    told = handover.ReportedProgress(job.key, 1, dose.jar, dose.quantity, dose.status)

    assert handover.progress(kitchen.site, kitchen.dispenser, job.id, told).cancel is False
    ended = kitchen.report(job, key=job.key)

    assert ended is not None
    assert (ended.state, ended.failure) == (JobState.DONE, None)
    assert kitchen.stocks()[0] == (FULL - 4000, 0)


def test_a_database_that_went_on_is_left_alone(kitchen: Furnished) -> None:
    assert notice(kitchen.site) is None
    job = kitchen.started()
    assert notice(kitchen.site) is None

    assert kitchen.job(job.id) == job
    assert epoch(kitchen) == 0


@pytest.fixture
def copied(databases: Databases, tmp_path: Path) -> tuple[Path, Path]:
    """A database in a file, and where a copy of it may be put aside."""
    url = databases.migrated(SQLITE, tmp_path)
    return Path(url.removeprefix("sqlite:///")), tmp_path / "copy.db"


def test_an_old_copy_is_noticed_when_the_server_starts(copied: tuple[Path, Path]) -> None:
    file, copy = copied
    home = Household(file.parent, database_url=f"sqlite:///{file}")
    kitchen = Furnished(home)
    open_then = kitchen.order(Sal=3)
    home.close()
    shutil.copy(file, copy)
    home = Household(file.parent, database_url=f"sqlite:///{file}")
    kitchen = kitchen.at(home)
    orders.cancel(home.site, kitchen.person.id, open_then.id, by=kitchen.actor)
    lost = kitchen.started(Sal=4)
    notice(home.site)
    home.close()

    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    shutil.copy(copy, file)
    home = Household(file.parent, database_url=f"sqlite:///{file}")
    kitchen = kitchen.at(home)
    with home.browser() as browser:
        assert browser.get("/time").status_code == 200

    home = Household(file.parent, database_url=f"sqlite:///{file}")
    kitchen = kitchen.at(home)
    given_up = kitchen.job(open_then.id)
    assert (given_up.state, given_up.failure) == (JobState.CANCELED, Failure.RESTORED)
    assert (epoch(kitchen), notice(home.site)) == (1, None)
    assert kitchen.report(lost, key=lost.key) is None  # its number is another job's, or nobody's
    assert len(orphan_reports.undecided(home.site, kitchen.person.id)) == 1
    home.close()


def test_a_mark_outlives_its_process_and_is_never_trusted_half(tmp_path: Path) -> None:
    file = tmp_path / "yaguts.db.mark"
    assert HighWaterMark(file).read() is None
    mark = Mark(3, "abc", 17)
    HighWaterMark(file).keep(mark)
    assert HighWaterMark(file).read() == mark

    file.write_text('{"epoch": 3, "na')
    assert HighWaterMark(file).read() is None


def test_one_sweep_later_the_dispenser_is_ordered_from_again(kitchen: Furnished) -> None:
    kitchen.started()
    restored(kitchen.site)
    expiry.sweep(kitchen.site)

    assert kitchen.order().state == JobState.QUEUED


def test_whoever_restored_it_may_say_so(home: Household, kitchen: Furnished) -> None:
    job = kitchen.order()
    say_restored(home.site.database, mark_of(home.site.settings))

    assert notice(home.site) == 1

    assert kitchen.job(job.id).failure == Failure.RESTORED
    assert notice(home.site) is None
