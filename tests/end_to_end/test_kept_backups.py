"""Backups on a timer, copies before an upgrade, and whether a backup can be restored."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.support.databases import BOTH, POSTGRESQL, SQLITE, Databases
from tests.support.kitchen.live_site import site_of
from tests.support.postgresql import PostgreSQL
from tests.support.processes.commands import Place, when_alone
from tests.support.processes.kitchen import Person, Server, eventually
from tests.yaguts.cli.test_serve import serving
from yaguts.services.ops.backups.backup_file import MANIFEST, pack, unpack
from yaguts.storage import people
from yaguts.storage.db import migrate
from yaguts.storage.db.database import Database
from yaguts.storage.db.migrate import upgrade_database
from yaguts.storage.db.ours import contents, newest_version

OLD = "0019"


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Place:
    return Place(databases.migrated(request.param, tmp_path), tmp_path)


@pytest.fixture
def old(
    request: pytest.FixtureRequest,
    databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Place:
    """A database of an earlier version."""
    place = Place(databases.bare(request.param, tmp_path), tmp_path)
    monkeypatch.setattr(migrate, "LATEST", OLD)
    with closing(Database(place.url)) as database:
        upgrade_database(database)
    return place


def add_person(place: Place, name: str) -> None:
    with site_of(place) as site, site.database.write() as connection:
        people.add(connection, name, "a hash", site.clock())


def version(place: Place) -> str:
    seen = contents(place.url)
    assert seen is not None
    return seen.version


def copies_of(place: Place) -> list[Path]:
    return sorted(place.data.glob("*.copies/*.backup"))


def backups_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.backup"))


def one_line(answer: tuple[int, str], words: str) -> bool:
    code, told = answer
    assert (code, told.count("\n")) == (1, 1), told
    assert re.search(words, told), told
    return True


# The timer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


def test_a_server_makes_a_backup_by_itself(tmp_path: Path, folder: Path) -> None:
    server = Server(tmp_path, YAGUTS_BACKUP_FOLDER=str(folder))
    server.start()
    try:
        person = Person(server, "Ana")
        noted = eventually(lambda: tmp_path / "last-backup.json"
                           if (tmp_path / "last-backup.json").exists() else None)  # fmt: skip
        person.http.close()
    finally:
        server.kill()

    (made,) = backups_in(folder)
    said = json.loads(noted.read_text())
    assert (said["file"], said["verified"]) == (str(made), True)
    place = Place(server.database_url, tmp_path)
    assert place.run("db", "verify", str(made))[0] == 0


def test_a_server_says_once_why_it_made_no_backup(tmp_path: Path) -> None:
    server = Server(tmp_path, YAGUTS_BACKUP_FOLDER=str(tmp_path / "stick"))
    server.start()
    log = tmp_path / "server.log"
    try:
        eventually(lambda: "No backup was made" in log.read_text())
    finally:
        server.kill()
    assert log.read_text().count("there is no folder") == 1
    assert "Traceback" not in log.read_text()


def test_a_server_that_is_stopped_ends_its_backup(tmp_path: Path, folder: Path) -> None:
    with serving(tmp_path, environment={"YAGUTS_BACKUP_FOLDER": str(folder)}) as server:
        eventually(lambda: list(folder.iterdir()))  # It is at work, or done.
        code, _ = server.stop()
    assert code in (0, -signal.SIGTERM)
    eventually(lambda: not [path for path in folder.iterdir() if path.is_dir()])


def test_of_many_processes_one_makes_the_backup(databases: Databases, folder: Path,
                                                tmp_path: Path) -> None:  # fmt: skip
    place = Place(databases.migrated(SQLITE, tmp_path), tmp_path)
    words = ("db", "backup", "--keep", "--if-due", "--verify")
    processes = [place.start(*words, YAGUTS_BACKUP_FOLDER=str(folder)) for _ in range(6)]

    answers = [process.communicate(timeout=60)[0] for process in processes]

    assert [process.returncode for process in processes] == [0] * 6, answers
    assert len(backups_in(folder)) == 1
    assert sum("the books balance" in answer for answer in answers) == 1


def test_a_full_disk_is_one_sentence(databases: Databases, folder: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for it."""
    place = Place(databases.migrated(SQLITE, tmp_path), tmp_path)
    settings = {"YAGUTS_BACKUP_FOLDER": str(folder)}
    assert place.run("db", "backup", "--keep", **settings)[0] == 0
    before = backups_in(folder)
    limited = ["bash", "-c", 'ulimit -f 100; exec "$@"', "-", sys.executable, "-m", "yaguts.cli"]

    done = subprocess.run(
        [*limited, "db", "backup", "--keep"],
        env=place.environment(**settings),
        capture_output=True,
        check=False,
        text=True,
    )

    assert one_line((done.returncode, done.stdout + done.stderr), f"{folder}")
    assert backups_in(folder) == before
    assert [path.name for path in folder.iterdir()] == [path.name for path in before]


# Whether it can be restored


def test_a_backup_is_verified_in_a_place_of_its_own(place: Place, tmp_path: Path) -> None:
    add_person(place, "Ana")
    file = str(tmp_path / "a.backup")
    code, told = place.run("db", "backup", "--verify", file)
    assert (code, "the books balance" in told) == (0, True), told
    add_person(place, "Bia")

    code, told = place.run("db", "verify", file)

    assert (code, "can be restored" in told) == (0, True), told
    with site_of(place) as site, site.database.read() as connection:
        assert people.count(connection) == 2


def test_books_that_do_not_balance_are_named(place: Place, tmp_path: Path) -> None:
    add_person(place, "Ana")
    file = tmp_path / "a.backup"
    _unbalance(place)
    assert place.run("db", "backup", str(file))[0] == 0
    before = file.read_bytes()

    assert one_line(place.run("db", "verify", str(file)), "do not balance.*stock: dispenser 1")
    assert one_line(place.run("db", "backup", "--verify", str(file)), "do not balance")
    assert file.read_bytes() == before


def _unbalance(place: Place) -> None:
    from tests.support.kitchen.stored import fill  # noqa: PLC0415

    with site_of(place) as site:
        with site.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM people")
        fill(site.database)
        with site.database.write() as connection:
            connection.exec_driver_sql("UPDATE jars SET stock_mg = 5 WHERE number = 1")


def test_a_role_that_may_make_no_database_is_told_so(
    tmp_path: Path, postgresql: PostgreSQL
) -> None:
    url = postgresql.create_with_password("mine_only", "segredo")
    place, file = Place(url, tmp_path), str(tmp_path / "a.backup")
    assert place.run("db", "upgrade")[0] == 0
    assert place.run("db", "backup", file)[0] == 0

    assert one_line(place.run("db", "verify", file), "permission denied.*ALTER ROLE … CREATEDB")


def test_a_strange_name_of_a_database_is_no_hindrance(
    tmp_path: Path, postgresql: PostgreSQL
) -> None:
    place = Place(postgresql.create('my "own"'), tmp_path)
    place = Place(place.url.replace('my "own"', "my%20%22own%22"), tmp_path)
    file = str(tmp_path / "a.backup")
    assert place.run("db", "upgrade")[0] == 0
    code, told = place.run("db", "backup", "--verify", file)
    assert code == 0, told


def test_what_a_killed_check_left_is_dropped(tmp_path: Path, postgresql: PostgreSQL) -> None:
    place = Place(postgresql.create("left"), tmp_path)
    postgresql.create("left_drill")
    file = str(tmp_path / "a.backup")
    assert place.run("db", "upgrade")[0] == 0
    assert place.run("db", "backup", "--verify", file)[0] == 0
    with psycopg.connect(place.url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'left_drill'")
        assert found.fetchone() is None


def test_a_backup_of_a_newer_version_is_one_sentence(databases: Databases, tmp_path: Path) -> None:
    place = Place(databases.migrated(SQLITE, tmp_path), tmp_path)
    file = tmp_path / "a.backup"
    assert place.run("db", "backup", str(file))[0] == 0
    _made_by_a_newer_version(file, tmp_path / "unpacked")

    for word in ("verify", "restore"):
        assert one_line(place.run("db", word, str(file)), "made by a newer version of Yaguts")


def _made_by_a_newer_version(file: Path, folder: Path) -> None:
    folder.mkdir()
    unpack(file, folder)
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | {"schema": "9999"}))
    file.unlink()
    pack(folder, file)


# Before an upgrade


@pytest.mark.parametrize("old", BOTH, indirect=True)
def test_an_upgrade_makes_a_copy_first_and_there_is_a_way_back(old: Place) -> None:
    code, told = old.run("db", "upgrade")
    assert (code, "A copy of the database as it was: " in told) == (0, True), told
    assert version(old) == newest_version()
    (copy,) = copies_of(old)
    assert copy.stat().st_mode & 0o077 == 0
    assert copy.parent.stat().st_mode & 0o077 == 0

    code, told = when_alone(old, "db", "verify", str(copy))  # upgraded there, too
    assert code == 0, told
    assert old.run("db", "upgrade")[1].count("\n") == 1
    assert copies_of(old) == [copy]


@pytest.mark.parametrize("old", [SQLITE], indirect=True)
def test_no_copy_no_upgrade_unless_it_is_said(old: Place) -> None:
    database = next(old.data.glob("bare_*.db"))
    (old.data / f"{database.name}.copies").write_text("in the way")

    assert one_line(old.run("db", "upgrade"), "nothing was changed.*YAGUTS_UPGRADE_COPIES=0")
    assert version(old) == OLD

    assert old.run("db", "upgrade", YAGUTS_UPGRADE_COPIES="0")[0] == 0
    assert version(old) == newest_version()


@pytest.mark.parametrize("old", [POSTGRESQL], indirect=True)
def test_without_pg_dump_an_upgrade_says_so(old: Place, tmp_path: Path) -> None:
    code, told = old.run("db", "upgrade", PATH=str(tmp_path))
    assert (code, "no copy was made before the upgrade: pg_dump is missing" in told) == (0, True)
    assert version(old) == newest_version()


def test_a_restore_copies_what_it_replaces(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    assert place.run("db", "backup", str(file))[0] == 0
    add_person(place, "Ana")

    code, told = when_alone(place, "db", "restore", str(file))
    assert (code, "A copy of the database as it was" in told) == (0, True), told
    (copy,) = copies_of(place)
    code, told = when_alone(place, "db", "restore", str(copy))
    assert code == 0, told

    with site_of(place) as site, site.database.read() as connection:
        assert people.count(connection) == 1


def test_a_damaged_database_is_replaced_all_the_same(databases: Databases, tmp_path: Path) -> None:
    place, file = Place(databases.migrated(SQLITE, tmp_path), tmp_path), tmp_path / "a.backup"
    assert place.run("db", "backup", str(file))[0] == 0
    database = tmp_path / "yaguts.db"
    content = database.read_bytes()
    database.write_bytes(content[: len(content) // 8])

    code, told = place.run("db", "restore", str(file))

    assert code == 0, told
    assert place.run("audit") == (0, "The books balance. The audit log is whole.\n")


def test_a_backup_goes_back_over_a_newer_database(place: Place, tmp_path: Path) -> None:
    """The way back: the earlier version restores the copy over what the later one has made."""
    file = tmp_path / "a.backup"
    assert place.run("db", "backup", str(file))[0] == 0
    with site_of(place) as site, site.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE later (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id))"
        )
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    code, told = when_alone(place, "db", "restore", str(file))

    assert code == 0, told
    assert version(place) == newest_version()
    seen = contents(place.url)
    assert seen is not None
    assert "later" not in seen.tables


def test_a_restore_over_another_programs_database_is_refused(
    databases: Databases, tmp_path: Path
) -> None:
    place, file = Place(databases.migrated(SQLITE, tmp_path), tmp_path), tmp_path / "a.backup"
    assert place.run("db", "backup", str(file))[0] == 0
    other = Place(f"sqlite:///{tmp_path}/songs.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "songs.db")) as songs:
        songs.execute("CREATE TABLE songs (id INTEGER)")
    before = (tmp_path / "songs.db").read_bytes()

    assert one_line(other.run("db", "restore", str(file)), "the database of another program")
    assert (tmp_path / "songs.db").read_bytes() == before


def test_a_restore_comes_from_another_disk(databases: Databases, tmp_path: Path) -> None:
    """A stick, say. A file cannot be moved from one disk to another."""
    stick = Path("/dev/shm") if not str(tmp_path).startswith("/dev/shm") else Path("/tmp")
    place = Place(databases.migrated(SQLITE, tmp_path), tmp_path)
    if stick.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one disk here")
    file = stick / f"{tmp_path.name}.backup"
    try:
        assert place.run("db", "backup", str(file))[0] == 0
        code, told = place.run("db", "restore", str(file))
        assert code == 0, told
    finally:
        file.unlink(missing_ok=True)
