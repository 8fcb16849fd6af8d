"""Where the commands keep a kitchen, and that nobody lands in a new one in its place."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.support.databases import POSTGRESQL, SQLITE, Databases, empty_tables
from tests.support.processes.forked import command
from tests.support.processes.kitchen import YAGUTS
from tests.yaguts.cli.test_serve import serving

UNNAMED = {"YAGUTS_DATA": ""}


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """An environment with the data folder of a person who names none."""
    return {**UNNAMED, "XDG_DATA_HOME": str(tmp_path / "share")}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def said(*words: str, folder: Path, environment: dict[str, str]) -> tuple[int, str, str]:
    code, told, errors = command(*words, folder=folder, environment=environment)
    assert "Traceback" not in errors
    return code, told, errors


def refused(*words: str, folder: Path, environment: dict[str, str]) -> str:
    """The one sentence with which the command ends."""
    code, told, errors = said(*words, folder=folder, environment=environment)
    assert (code, told, errors.count("\n")) == (1, "", 1), (told, errors)
    return errors


def register(database: Path) -> None:
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute(
            "INSERT INTO people (name, name_key, password_hash, created_at) "
            "VALUES ('Ana', 'ana', 'x', '2026-01-01')"
        )


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_person_who_names_no_folder_has_one_of_their_own(
    here: Path, own: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "share/yaguts"
    with serving(here, environment=own) as server:
        assert server.printed() == f"Data: {folder / 'yaguts.db'}\n"
        assert server.call("GET", "/health")[0] == 200

    assert files(here) == []
    assert {"yaguts.db", "yaguts.db.key", "yaguts.db.mark"} <= set(files(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_folder_that_is_named_counts(here: Path, own: dict[str, str], tmp_path: Path) -> None:
    named = tmp_path / "named"
    named.mkdir()
    said("db", "upgrade", "--data", str(named), folder=here, environment=own)
    assert files(named)[0] == "yaguts.db"

    code, told, _ = said("audit", "--data", str(named), folder=here, environment=own)
    assert (code, told) == (0, "The books balance. The audit log is whole.\n")
    assert "no database" in refused("audit", folder=here, environment=own)
    assert not (tmp_path / "share").exists()


def test_every_file_is_its_owners_alone_also_those_from_before(here: Path) -> None:
    environment = {"YAGUTS_DATA": str(here)}
    database, flash = here / "yaguts.db", here / "yaguts.db.virtual/virtual-1/config.token_a"
    flash.parent.mkdir(parents=True)
    for file in (database, flash, here / "yaguts.db.mark"):
        file.write_bytes(empty_tables() if file == database else b"")
        file.chmod(0o644)
    flash.parent.chmod(0o755)

    with serving(here, environment=environment) as server:
        server.call("POST", "/auth/register", {"nome": "Ana", "senha": "canela em pau 42"})
        opened = [p for p in here.rglob("*") if p.stat().st_mode & 0o077]

    assert {"yaguts.db", "yaguts.db-wal", "yaguts.db.lock", "yaguts.db.key"} <= set(files(here))
    assert opened == []


def test_a_kitchen_from_before_is_found_named_and_used(
    here: Path, own: dict[str, str], tmp_path: Path
) -> None:
    database = here / "yaguts.db"
    database.write_bytes(empty_tables())
    register(database)

    with serving(here, environment=own) as server:
        assert server.printed() == f"Data: {database}\n"
        account = {"nome": "Bia", "senha": "canela em pau 42"}
        assert server.call("POST", "/auth/register", account)[0] == 403
        server.process.terminate()
        _, errors = server.process.communicate(timeout=20)

    assert f"the data in {here} is from before there was a data folder" in errors
    assert f"mv {database}* {tmp_path}/share/yaguts/" in errors
    assert not (tmp_path / "share").exists()

    move = errors.partition("stop the server: ")[2].partition("\n")[0]
    subprocess.run(move, shell=True, check=True)
    code, told, _ = said("audit", folder=here, environment=own)
    assert (code, told) == (0, "The books balance. The audit log is whole.\n")
    assert files(here) == []


def test_two_kitchens_are_one_too_many(here: Path, own: dict[str, str], tmp_path: Path) -> None:
    both = (here / "yaguts.db", tmp_path / "share/yaguts/yaguts.db")
    for database in both:
        database.parent.mkdir(parents=True, exist_ok=True)
        database.write_bytes(empty_tables())

    errors = refused("serve", folder=here, environment=own)

    assert all(str(database) in errors for database in both)
    said("audit", "--data", ".", folder=here, environment=own)


def test_a_folder_that_is_missing_is_not_made(here: Path) -> None:
    missing = {"YAGUTS_DATA": str(here / "mnt/kitchen")}
    for words in (("serve",), ("db", "upgrade"), ("audit",), ("db", "backup", "x")):
        assert "there is no folder" in refused(*words, folder=here, environment=missing)
    url = {"YAGUTS_DATABASE_URL": f"sqlite:///{here}/mnt/kitchen.db"}
    assert "there is no folder" in refused("serve", folder=here, environment=url)
    assert files(here) == []


def test_a_kitchen_in_the_working_folder_is_not_passed_over_for_an_empty_folder(
    here: Path, tmp_path: Path
) -> None:
    (here / "yaguts.db").write_bytes(empty_tables())
    named = tmp_path / "named"
    named.mkdir()

    errors = refused("serve", "--data", str(named), folder=here, environment={})

    assert f"mv {here}/yaguts.db* {named}/" in errors
    assert files(named) == []


def test_an_empty_mount_beside_a_mark_is_no_new_kitchen(here: Path) -> None:
    environment = {"YAGUTS_DATA": str(here)}
    with serving(here, environment=environment) as server:
        server.call("POST", "/auth/register", {"nome": "Ana", "senha": "canela em pau 42"})
        server.stop()
    for follower in ("", "-wal", "-shm"):
        (here / f"yaguts.db{follower}").unlink(missing_ok=True)

    for words in (("serve",), ("db", "upgrade")):
        assert "says that there was one" in refused(*words, folder=here, environment=environment)
    assert not (here / "yaguts.db").exists()


def test_tables_without_people_beside_a_later_mark_are_no_new_kitchen(here: Path) -> None:
    (here / "yaguts.db").write_bytes(empty_tables())
    (here / "yaguts.db.mark").write_text('{"epoch": 0, "name": "", "movement": 17}')

    errors = refused("serve", folder=here, environment={"YAGUTS_DATA": str(here)})

    assert "of a later state" in errors
    (here / "yaguts.db.mark").unlink()
    with serving(here) as server:
        assert server.call("GET", "/health")[0] == 200


@pytest.mark.parametrize("below", ["", pytest.param("kitchen", marks=pytest.mark.more)])
def test_a_new_kitchen_is_not_made_where_git_clean_would_remove_it(here: Path, below: str) -> None:
    subprocess.run(["git", "init", "-q", str(here)], check=True)
    folder = here / below
    folder.mkdir(exist_ok=True)
    environment = {"YAGUTS_DATA": str(folder)}

    assert "git clean" in refused("serve", folder=folder, environment=environment)
    assert not (folder / "yaguts.db").exists()

    (folder / "yaguts.db").write_bytes(empty_tables())  # One that is there is used, with a note.
    with serving(folder, environment=environment) as server:
        server.process.terminate()
        assert "git clean" in server.process.communicate(timeout=20)[1]


def test_a_moved_folder_remembers_how_far_its_database_had_come(here: Path, tmp_path: Path) -> None:
    (here / "yaguts.db").write_bytes(empty_tables())
    register(here / "yaguts.db")
    later = '{"epoch": 3, "name": "abc", "movement": 17}'
    (here / "yaguts.db.1a2b3c4d.mark").write_text(later)  # as the version before named it
    moved = here.rename(tmp_path / "moved")

    with serving(moved, environment={"YAGUTS_DATA": str(moved)}) as server:
        server.call("GET", "/health")

    assert json.loads((moved / "yaguts.db.mark").read_text())["epoch"] == 4
    assert list(moved.glob("yaguts.db.*.mark")) == []


def test_a_folder_is_of_one_database_of_postgresql(here: Path, databases: Databases) -> None:
    one, other = (databases.bare(POSTGRESQL, here) for _ in range(2))
    folder = {"YAGUTS_DATA": str(here)}
    with serving(here, environment={**folder, "YAGUTS_DATABASE_URL": one}) as server:
        assert server.printed().endswith(f"key and mark in {here}\n")
        server.call("GET", "/health")
        server.stop()
    assert {"yaguts.key", "yaguts.mark"} <= set(files(here))

    environment = {**folder, "YAGUTS_DATABASE_URL": other}
    errors = refused("serve", folder=here, environment=environment)
    assert "the mark of another database" in errors
    assert "Name another folder" in errors


def test_the_database_that_is_named_wins(here: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/other.db"
    environment = {"YAGUTS_DATA": str(here), "YAGUTS_DATABASE_URL": url}
    with serving(here, environment=environment) as server:
        assert server.printed() == f"Data: {tmp_path}/other.db\n"
        server.call("GET", "/health")
    assert files(here) == []
    assert {"other.db", "other.db.key", "other.db.mark"} <= set(files(tmp_path))


def test_what_only_looks_makes_nothing(here: Path, own: dict[str, str], tmp_path: Path) -> None:
    for words in (("audit",), ("db", "backup", "x"), ("db", "restored")):
        refused(*words, folder=here, environment=own)
    assert files(tmp_path) == ["here"]


def test_a_backup_comes_back_on_a_new_machine(
    here: Path, own: dict[str, str], tmp_path: Path, databases: Databases
) -> None:
    databases.migrated(SQLITE, here)
    register(here / "yaguts.db")
    at_home = {"YAGUTS_DATA": str(here)}
    code, _, errors = said("db", "backup", "kitchen.backup", folder=here, environment=at_home)
    assert code == 0, errors
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    backup = str(here / "kitchen.backup")
    code, _, errors = said("db", "restore", backup, folder=elsewhere, environment=own)

    assert code == 0, errors
    assert (tmp_path / "share/yaguts/yaguts.db").exists()
    with serving(elsewhere, environment=own) as server:
        assert server.call("GET", "/health")[0] == 200


@pytest.mark.parametrize("words", [("serve",), ("audit",), ("user", "list"), ("db", "upgrade")])
@pytest.mark.parametrize("closed", ["folder", "file"])
def test_another_accounts_data_is_said_to_be_so(words: tuple[str, ...], closed: str) -> None:
    """`sudo -u yaguts` was forgotten, or `sudo` was too much before."""
    with TemporaryDirectory() as folder:  # pytest's own lie where nobody else may look
        database = Path(folder) / "yaguts.db"
        database.write_bytes(empty_tables())
        database.chmod(0o400)
        Path(folder).chmod(0o600 if closed == "folder" else 0o755)

        done = subprocess.run(
            [YAGUTS, *words],
            env={"YAGUTS_DATA": folder, "PATH": os.environ["PATH"]},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            **as_nobody_else(),
        )

    place = folder if closed == "folder" else str(database)
    begin = f"Error: {place}: this is the account {Path.home().owner()}'s, and may not be used by"
    assert (done.returncode, done.stderr.startswith(begin)) == (1, True), done.stderr
    assert done.stderr.count("\n") == 1


def as_nobody_else() -> dict[str, Any]:
    """For `subprocess`: as somebody who is not root. Root may read everything."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def test_root_and_whoever_has_no_home_use_the_systems_folder() -> None:
    """Asked of the function: a test must not write there."""
    ask = "import os; from yaguts.services.runtime.files.data_folder import default_folder as f;"
    root = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    told = subprocess.run(
        [sys.executable, "-c", f"{ask} print(f(os.environ))"],
        env=root,
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout == "/var/lib/yaguts\n"
