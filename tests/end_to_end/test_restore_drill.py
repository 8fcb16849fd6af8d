"""A backup and a restore that are killed: the old state, the new, or servers are kept away.

Killed at every step that writes, and at random moments while cooks and dispensers hammer.
"""

import re
import shutil
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.end_to_end.test_kills import serve
from tests.support.databases import BOTH, POSTGRESQL, SQLITE, Databases
from tests.support.kitchen.live_site import site_of
from tests.support.processes.commands import KILLED, Place, duration, when_alone
from tests.support.processes.crowd import Crowd
from tests.support.processes.kitchen import free_port
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.services.runtime.files.signposts import restoring
from yaguts.settings import Settings
from yaguts.storage import epochs, jobs, people
from yaguts.storage.db.copying.copies import sqlite_file

COOKS = 4
BEFORE, AFTER = "Before", "After"
LONGEST_LIFE_S = 0.5


def add_person(place: Place, name: str) -> None:
    with site_of(place) as site, site.database.write() as connection:
        people.add(connection, name, "a hash", site.clock())


def has_person(place: Place, name: str) -> bool:
    with site_of(place) as site, site.database.read() as connection:
        return people.credentials(connection, name) is not None


def is_restored(place: Place) -> bool:
    """Whether a restore has begun a new epoch and given up what was open."""
    with site_of(place) as site, site.database.read() as connection:
        still_open = jobs.open_for_update(connection)
        return epochs.mark(connection).epoch > 0 and not list(still_open)


def is_kept_away(place: Place) -> bool:
    """Whether a server refuses to start because a restore was not finished."""
    return restoring(Settings(place.url, data_folder=place.data)).read() is not None


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".yaguts*")]


@dataclass(frozen=True)
class Kept:
    """A kitchen with an open order, and a backup of it; then somebody came, and it went on."""

    place: Place
    backup: Path

    def again(self, folder: Path) -> "Kept":
        """The same, somewhere else."""
        shutil.copytree(self.place.data, folder)
        database = sqlite_file(self.place.url)
        assert database is not None
        url = f"sqlite:///{folder / database.name}"
        return Kept(Place(url, folder), folder / self.backup.name)


def kept_in(place: Place) -> Kept:
    kept = Kept(place, place.data / "a.backup")
    with site_of(place) as site:
        crowd = Crowd(site, 1, Random(1))
        crowd.kitchens[0].started(Sal=4)
    add_person(place, BEFORE)
    code, told = place.run("db", "backup", str(kept.backup))
    assert code == 0, told
    add_person(place, AFTER)
    return kept


@pytest.fixture
def on_sqlite(databases: Databases, tmp_path: Path) -> Kept:
    folder = tmp_path / "kitchen"
    folder.mkdir()
    return kept_in(Place(databases.migrated(SQLITE, folder), folder))


def insist_on_all_or_nothing(kept: Kept) -> None:
    """After a kill: as it was, or as it is to be, or servers are kept away until it is."""
    place = kept.place
    assert has_person(place, BEFORE)
    with site_of(place) as site:
        assert check_ledger(site.database) == ()
    if is_kept_away(place):
        code, told = place.run("serve", "--port", "0")
        assert (code, told.count("\n"), "was not finished" in told) == (1, 1, True), told
    else:
        assert has_person(place, AFTER) is not is_restored(place)
    code, told = when_alone(place, "db", "restore", str(kept.backup))
    assert (code, "1 open orders are given up" in told) == (0, True), told
    assert not has_person(place, AFTER)
    assert not is_kept_away(place)
    assert left_in(place.data) == []
    assert when_alone(place, "audit") == (0, "The books balance. The audit log is whole.\n")


def steps_of(kept: Kept, *words: str) -> int:
    code, told = kept.place.killed_at(0, *words)
    assert code == 0, told
    return int(re.findall(r"steps: (\d+)", told)[0])


@pytest.mark.parametrize(
    "part", [0.6, *(pytest.param(part, marks=pytest.mark.more) for part in (0.2, 0.9))]
)
def test_a_restore_that_is_killed_is_whole_or_keeps_servers_away(
    on_sqlite: Kept, tmp_path: Path, part: float
) -> None:
    trial = on_sqlite.again(tmp_path / "trial")
    step = round(part * steps_of(trial, "db", "restore", str(trial.backup)))

    assert on_sqlite.place.killed_at(step, "db", "restore", str(on_sqlite.backup))[0] == KILLED

    insist_on_all_or_nothing(on_sqlite)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_restore_may_be_killed_at_every_step(on_sqlite: Kept, tmp_path: Path) -> None:
    trial = on_sqlite.again(tmp_path / "trial")
    steps = steps_of(trial, "db", "restore", str(trial.backup))
    kept_away = 0
    for step in range(1, steps + 1):
        kept = on_sqlite.again(tmp_path / f"killed {step}")
        assert kept.place.killed_at(step, "db", "restore", str(kept.backup))[0] == KILLED
        kept_away += is_kept_away(kept.place)
        insist_on_all_or_nothing(kept)
        shutil.rmtree(kept.place.data)
    print(f"killed at each of {steps} steps, and servers were kept away after {kept_away}")
    assert kept_away > 5


# Behind four fifths of its steps it has replaced the file, and cleans up.
@pytest.mark.parametrize("part", [0.5, pytest.param(0.75, marks=pytest.mark.more)])
def test_a_backup_that_is_killed_leaves_the_one_before(
    on_sqlite: Kept, tmp_path: Path, part: float
) -> None:
    before = on_sqlite.backup.read_bytes()
    words = ("db", "backup", "--verify")
    step = round(part * steps_of(on_sqlite, *words, str(tmp_path / "other.backup")))

    assert on_sqlite.place.killed_at(step, *words, str(on_sqlite.backup))[0] == KILLED

    assert on_sqlite.backup.read_bytes() == before
    assert on_sqlite.place.run(*words, str(on_sqlite.backup))[0] == 0
    assert left_in(on_sqlite.place.data) == []


# Under load


@contextmanager
def served(place: Place, port: int) -> Generator[None]:
    """A server, killed at the end."""
    process = serve(place.url, port, place.data / "server.log")
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def killed(place: Place, random: Random, longest: float, *words: str) -> bool:
    """Run the command and kill it at a random moment; whether it was still at work then."""
    return place.killed_after(random.uniform(0, longest), *words)[0] == KILLED


def drill(place: Place, rounds: int) -> None:
    """Back up under load, go back to it, and kill each command at a random moment."""
    random = Random(rounds)
    port, backup = free_port(), place.data / "a.backup"
    with site_of(place) as site:
        crowd = Crowd(site, COOKS, random)
    assert when_alone(place, "db", "backup", str(backup))[0] == 0
    longest = duration(place, "db", "verify", str(backup)) * 1.5
    cut = {"backup": 0, "restore": 0, "kept away": 0}
    crowd.start(port)
    try:
        for _ in range(rounds):
            with served(place, port):
                time.sleep(random.uniform(0, LONGEST_LIFE_S))
                cut["backup"] += killed(place, random, longest, "db", "backup", str(backup))
            cut["restore"] += killed(place, random, longest, "db", "restore", str(backup))
            cut["kept away"] += is_kept_away(place)
            if is_kept_away(place) or random.random() < 0.5:
                code, told = when_alone(place, "db", "restore", str(backup))
                assert code == 0, told
            assert when_alone(place, "audit") == (0, "The books balance. The audit log is whole.\n")
        with served(place, port):
            crowd.stop()
    finally:
        crowd.enough.set()
    assert when_alone(place, "audit") == (0, "The books balance. The audit log is whole.\n")
    assert when_alone(place, "db", "verify", str(backup))[0] == 0
    assert [answer for cook in crowd.cooks for answer in cook.unexpected] == []
    print(f"{rounds} rounds; killed at work: {cut}; {len(crowd.answered())} reports")
    assert len(crowd.answered()) > rounds


@pytest.fixture
def place(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Place:
    folder = tmp_path / "kitchen"
    folder.mkdir()
    return Place(databases.migrated(request.param, folder), folder)


@pytest.mark.more
@pytest.mark.parametrize("place", [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.more)],
                         indirect=True)  # fmt: skip
def test_a_drill_under_load(place: Place) -> None:
    drill(place, 2)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_fifty_drills_under_load(place: Place) -> None:
    drill(place, 50)
