"""`yaguts db copy`: a kitchen moves to PostgreSQL and back, whole or not at all."""

import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

import pytest

from tests.end_to_end.test_kills import assert_reports_booked, serve
from tests.support.databases import BOTH, POSTGRESQL, SQLITE, Databases
from tests.support.kitchen.live_site import site_of
from tests.support.processes.commands import KILLED, SECRET, Place, duration, when_alone
from tests.support.processes.crowd import Crowd
from tests.support.processes.kitchen import free_port
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.services.runtime.files.signposts import moved
from yaguts.settings import Settings
from yaguts.storage import epochs, people
from yaguts.storage.db.copying.row_copy import TABLES, occupied, totals
from yaguts.storage.db.ours import contents
from yaguts.storage.tables import audit_log

COOKS = 4
LONGEST_LIFE_S = 0.5
Places = Callable[[str], Place]


@pytest.fixture
def places(databases: Databases, tmp_path: Path) -> Places:
    """Places for a kitchen, each bare and with a folder of its own."""
    numbers = count(1)

    def another(kind: str) -> Place:
        folder = tmp_path / f"place {next(numbers)}"
        folder.mkdir()
        return Place(databases.bare(kind, folder), folder)

    return another


def begun(place: Place) -> Crowd:
    """A database in which somebody can cook, with an open order."""
    assert place.run("db", "upgrade")[0] == 0
    with site_of(place) as site:
        crowd = Crowd(site, COOKS, Random(7))
        crowd.kitchens[0].started(Sal=4)
    return crowd


def copying(target: Place) -> tuple[str, ...]:
    """The words of the command. The data folder is PostgreSQL's, which is not beside a file."""
    data = () if target.url.startswith("sqlite") else ("--data", str(target.data))
    return ("db", "copy", "--to", target.url, *data)


def settings_of(place: Place) -> Settings:
    folder = None if place.url.startswith("sqlite") else place.data
    return Settings(place.url, SECRET, data_folder=folder)


def has_moved(place: Place) -> bool | None:
    """What the signpost says: whole or about to; None when there is none."""
    said = moved(settings_of(place)).read()
    return None if said is None else bool(said["whole"])


def is_empty(place: Place) -> bool:
    seen = contents(place.url)
    assert seen is not None
    with site_of(place) as site, site.database.read() as connection:
        return occupied(connection, seen.tables & set(TABLES)) == ""


def rows(place: Place) -> object:
    with site_of(place) as site, site.database.read() as connection:
        return totals(connection)


def left_in(place: Place) -> list[str]:
    return [path.name for path in place.data.rglob(".yaguts*")]


BETWEEN = [(SQLITE, POSTGRESQL), (POSTGRESQL, SQLITE)]
WITHIN = [pytest.param(kind, kind, marks=pytest.mark.more) for kind in BOTH]


@pytest.mark.parametrize(
    ("from_kind", "to_kind"),
    [BETWEEN[0], pytest.param(*BETWEEN[1], marks=pytest.mark.more), *WITHIN],
)
def test_a_kitchen_moves_with_its_open_orders(places: Places, from_kind: str, to_kind: str) -> None:
    source, target = places(from_kind), places(to_kind)
    if from_kind == to_kind == POSTGRESQL:
        target = Place(target.url, source.data)  # There is one --data.
    crowd = begun(source)
    before = rows(source)

    code, told = source.run(*copying(target))

    assert code == 0, told
    assert rows(source) == rows(target) == before
    assert target.run("audit") == (0, "The books balance. The audit log is whole.\n")
    code, told = source.run("serve", "--port", "0")
    assert (code, told.count("\n"), "has moved to" in told) == (1, 1, True), told
    with site_of(target) as site, site.database.read() as connection:
        mark = epochs.mark(connection)
    assert (mark.epoch, mark_of(settings_of(target)).read()) == (0, mark)
    with server_on(target, free_port()) as port:  # Nothing was given up: the order goes on.
        crowd.start(port)
        time.sleep(0.3)
        crowd.stop()
    with site_of(target) as site:
        assert_reports_booked(site, crowd.answered())
    assert crowd.answered()


def test_key_and_boards_come_along(places: Places) -> None:
    source, target = places(SQLITE), places(POSTGRESQL)
    begun(source)
    file = Path(source.url.removeprefix("sqlite:///"))
    Path(f"{file}.key").write_text("the key")
    board = Path(f"{file}.virtual") / "virtual-1"
    board.mkdir(parents=True)
    (board / "job_state.job_a").write_bytes(b"what runs")

    assert source.run(*copying(target))[0] == 0

    assert (target.data / "yaguts.key").read_text() == "the key"
    assert (target.data / "yaguts.key").stat().st_mode & 0o077 == 0
    assert (target.data / "yaguts.virtual/virtual-1/job_state.job_a").read_bytes() == b"what runs"


def test_a_restore_that_nobody_noticed_is_noticed_there(places: Places) -> None:
    source, target = places(SQLITE), places(POSTGRESQL)
    begun(source)
    with site_of(source) as site, site.database.read() as connection:
        seen = epochs.mark(connection)
    later = type(seen)(seen.epoch, seen.name, seen.movement + 5)
    mark_of(settings_of(source)).keep(later)

    assert source.run(*copying(target))[0] == 0

    assert mark_of(settings_of(target)).read() == later


@pytest.mark.more
def test_whoever_stays_removes_the_signpost(places: Places) -> None:
    source, target = places(SQLITE), places(POSTGRESQL)
    begun(source)
    assert source.run(*copying(target))[0] == 0
    for words in (("db", "upgrade"), ("db", "backup", str(source.data / "x")), ("db", "restored"),
                  ("db", "copy", "--to", target.url)):  # fmt: skip
        code, told = source.run(*words)
        assert (code, told.count("\n"), "has moved to" in told) == (1, 1, True), told

    moved(settings_of(source)).take_away()
    assert source.run("db", "upgrade")[0] == 0


@pytest.mark.more
@pytest.mark.parametrize(("from_kind", "to_kind"), BETWEEN)
def test_the_memory_does_not_grow_with_the_rows(
    places: Places, from_kind: str, to_kind: str
) -> None:
    source = places(from_kind)
    begun(source)
    few = memory_mb(source, places(to_kind))
    moved(settings_of(source)).take_away()
    row = {"what": "signed_in", "at": datetime.now(UTC), "about": {"from": "x" * 200}}
    with site_of(source) as site, site.database.write() as connection:
        for _ in range(100):
            connection.execute(audit_log.insert(), [row] * 1000)

    many = memory_mb(source, places(to_kind))

    print(f"{few} MB for few rows, {many} MB for 100,000 more")
    assert many < few + 10


def memory_mb(source: Place, target: Place) -> int:
    """The most memory that the command has."""
    process = source.start(*copying(target))
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    told, _ = process.communicate()
    assert process.returncode == 0, told
    return used.ru_maxrss // 1024


# What is refused


def test_a_source_that_is_served_is_refused(places: Places) -> None:
    source, target = places(SQLITE), places(POSTGRESQL)
    begun(source)
    with server_on(source, free_port()):
        code, told = source.run(*copying(target))
    assert (code, "stop it first" in told) == (1, True), told
    assert contents(target.url) == contents(places(POSTGRESQL).url)


@pytest.mark.parametrize("kind", [SQLITE, POSTGRESQL])
def test_a_target_that_is_not_empty_is_refused(places: Places, kind: str) -> None:
    source, target = places(SQLITE), places(kind)
    begun(source)
    assert target.run("db", "upgrade")[0] == 0
    with site_of(target) as site, site.database.write() as connection:
        people.add(connection, "Bia", "a hash", site.clock())
    before = rows(target)

    code, told = source.run(*copying(target))

    assert (code, told.count("\n"), "is not empty: there are rows in people" in told) == (
        1,
        1,
        True,
    )
    assert rows(target) == before
    assert has_moved(source) is None


def test_a_folder_of_another_database_is_refused(places: Places) -> None:
    source, target, other = places(SQLITE), places(POSTGRESQL), places(POSTGRESQL)
    begun(source)
    mark_of(settings_of(Place(other.url, target.data))).keep(epochs.Mark(0, "", 9))

    code, told = source.run(*copying(target))

    assert (code, "is the mark of another database" in told) == (1, True), told


def test_a_mark_of_a_kitchen_that_was_there_is_refused(places: Places) -> None:
    source, target = places(SQLITE), places(POSTGRESQL)
    begun(source)
    mark_of(settings_of(target)).keep(epochs.Mark(3, "another", 9))

    code, told = source.run(*copying(target))

    assert (code, "is of a kitchen that was there" in told) == (1, True), told


def test_the_database_itself_is_no_target(places: Places) -> None:
    source = places(SQLITE)
    begun(source)
    code, told = source.run("db", "copy", "--to", source.url)
    assert (code, "that is the database itself" in told) == (1, True), told


def test_the_address_may_be_read(places: Places) -> None:
    """What stands among the arguments everybody on the computer can read."""
    source, target = places(SQLITE), places(SQLITE)
    begun(source)
    process = source.start("db", "copy", "--to", "-")
    told, _ = process.communicate(f"{target.url}\n", timeout=60)
    assert process.returncode == 0, told
    assert rows(source) == rows(target)


# Killed


def steps_of(source: Place, target: Place) -> int:
    code, told = source.killed_at(0, *copying(target))
    assert code == 0, told
    return int(re.findall(r"steps: (\d+)", told)[0])


def insist_on_all_or_nothing(source: Place, target: Place, before: object) -> None:
    """After a kill: the old database is as it was, the new one empty or whole; then it goes on."""
    assert rows(source) == before
    assert has_moved(source) is not True or rows(target) == before
    if contents(target.url) is not None and not is_empty(target):
        assert rows(target) == before
        assert has_moved(source) is not None  # No server starts here any more.
    if has_moved(source) is not True:
        code, told = when_alone(source, *copying(target))
        assert code == 0, told
        assert left_in(target) == []
    assert has_moved(source) is True
    assert rows(target) == rows(source) == before
    assert when_alone(target, "audit") == (0, "The books balance. The audit log is whole.\n")


@pytest.mark.more
@pytest.mark.parametrize(
    ("from_kind", "to_kind", "part"), [(*BETWEEN[0], 0.95), (*BETWEEN[1], 0.5)]
)
def test_a_move_that_is_killed_is_whole_or_begun_anew(
    places: Places, from_kind: str, to_kind: str, part: float
) -> None:
    source, trial, target = places(from_kind), places(to_kind), places(to_kind)
    begun(source)
    steps = steps_of(source, trial)
    moved(settings_of(source)).take_away()
    before = rows(source)

    assert source.killed_at(round(steps * part), *copying(target))[0] == KILLED

    insist_on_all_or_nothing(source, target, before)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("from_kind", "to_kind"), BETWEEN)
def test_a_move_may_be_killed_at_every_step(places: Places, from_kind: str, to_kind: str) -> None:
    source = places(from_kind)
    begun(source)
    steps = steps_of(source, places(to_kind))
    before = rows(source)
    about_to = 0
    for step in range(1, steps + 1):
        moved(settings_of(source)).take_away()
        target = places(to_kind)
        status, said = source.killed_at(step, *copying(target))
        assert status == KILLED, said
        about_to += has_moved(source) is False
        insist_on_all_or_nothing(source, target, before)
        shutil.rmtree(target.data)
    print(f"killed at each of {steps} steps; after {about_to} it was about to move")
    assert about_to > 1


@contextmanager
def server_on(place: Place, port: int) -> Generator[int]:
    """A server, killed at the end."""
    process = serve(place.url, port, place.data / "server.log")
    try:
        yield port
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def move_under_load(places: Places, kills: int) -> None:
    """Cooks and dispensers hammer; the kitchen moves to and fro, each command killed at random."""
    random = Random(kills)
    live, port = places(SQLITE), free_port()
    crowd = begun(live)
    longest = duration(live, "audit") * 4
    cut, moves = {None: 0, False: 0, True: 0}, 0
    crowd.start(port)
    try:
        for _ in range(kills):
            with server_on(live, port):
                time.sleep(random.uniform(0, LONGEST_LIFE_S))
                answered = crowd.answered()
            target = places(POSTGRESQL if live.url.startswith("sqlite") else SQLITE)
            before = rows(live)
            at_work = live.killed_after(random.uniform(0, longest), *copying(target))[0] == KILLED
            cut[has_moved(live)] += at_work
            if has_moved(live) is not None or random.random() < 0.2:
                insist_on_all_or_nothing(live, target, before)
                live, moves = target, moves + 1
            with site_of(live) as site:
                assert_reports_booked(site, answered)
        with server_on(live, port):
            crowd.stop()
    finally:
        crowd.enough.set()
    with site_of(live) as site:
        assert_reports_booked(site, crowd.answered())
    assert [answer for cook in crowd.cooks for answer in cook.unexpected] == []
    print(f"{kills} kills, at work: {cut}; {moves} moves, {len(crowd.answered())} reports answered")
    assert moves


@pytest.mark.more
def test_moves_under_load(places: Places) -> None:
    move_under_load(places, 2)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_fifty_kills_of_moves_under_load(places: Places) -> None:
    move_under_load(places, 50)
