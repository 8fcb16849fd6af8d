"""`yaguts db backup` of a server that runs, and `yaguts db restore` after it was killed."""

import os
import sqlite3
import stat
import subprocess
import tarfile
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.support.postgresql import PostgreSQL, postgresql_programs
from tests.support.processes.kitchen import YAGUTS, Person, Server, eventually


def run(server: Server, *words: str, folder: Path | None = None) -> tuple[int, str]:
    """The command's exit status and all that it says."""
    programs = f"{postgresql_programs()}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [YAGUTS, *words],
        env={
            **os.environ,
            "YAGUTS_DATA": str(server.folder),
            "YAGUTS_DATABASE_URL": server.database_url,
            "PATH": programs,
        },
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def server(tmp_path: Path) -> Generator[Server]:
    server = Server(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "yaguts.db"


def recipes(person: Person) -> list[str]:
    answer = person.http.get("/receitas/")
    return [recipe["nome"] for recipe in answer.json()]


def write_recipe(person: Person, name: str) -> None:
    body = {"nome": name, "porcoes": 1, "ingredientes": [{"tempero": "Sal", "quantidade": 4.0}]}
    person.http.post("/receitas/", json=body).raise_for_status()


def test_a_running_server_is_backed_up_and_comes_back(
    tmp_path: Path, server: Server, database: Path
) -> None:
    file = tmp_path / "kitchen.backup"
    server.start()
    person = Person(server, "Ana")
    person.furnish()
    write_recipe(person, "Antes")
    job = person.order(person.recipe(Sal=4.0))

    code, told = run(server, "db", "backup", str(file))
    assert (code, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600), told

    write_recipe(person, "Depois")
    code, told = run(server, "db", "restore", str(file))
    assert (code, "stop it first" in told) == (1, True), told
    assert "Depois" in recipes(person)

    server.kill()
    assert database.with_name("yaguts.db-wal").stat().st_size > 0
    code, told = run(server, "db", "restore", str(file))
    assert code == 0, told
    assert f"Order {job['id']} was open then, and is given up" in told
    assert not database.with_name("yaguts.db-wal").exists()

    server.start()
    assert "Antes" in recipes(person)
    assert "Depois" not in recipes(person)
    assert person.job(job["id"])["status"] in ("failed", "canceled")
    server.kill()
    assert run(server, "audit") == (0, "The books balance. The audit log is whole.\n")
    person.http.close()


def test_the_key_comes_along_and_no_journal_does(tmp_path: Path, server: Server) -> None:
    server.start()
    board = tmp_path / "yaguts.db.virtual" / "virtual-1"
    board.mkdir(parents=True)
    for name in ("config.token_a", "job_state.job_a", "job_state.r1"):
        (board / name).write_bytes(b"b" + name.encode())
    file = tmp_path / "kitchen.backup"
    assert run(server, "db", "backup", str(file))[0] == 0
    server.kill()

    with tarfile.open(file) as archive:
        names = set(archive.getnames())
    assert names == {
        "manifest.json", "database", "secret.key", "boards/virtual-1/config.token_a"
    }  # fmt: skip

    key = tmp_path / "yaguts.db.key"
    before = key.read_text()
    key.write_text("another")
    (board / "config.token_a").write_bytes(b"later")
    (board / "job_state.job_a").write_bytes(b"later")
    assert run(server, "db", "restore", str(file))[0] == 0
    assert key.read_text() == before
    assert (board / "config.token_a").read_bytes() == b"bconfig.token_a"
    assert (board / "job_state.job_a").read_bytes() == b"later"


@pytest.mark.parametrize("damage", ["cut", "flipped", "nonsense"])
def test_a_damaged_backup_changes_nothing(
    tmp_path: Path, server: Server, database: Path, damage: str
) -> None:
    file = tmp_path / "kitchen.backup"
    assert run(server, "db", "backup", str(file))[0] == 0
    content = bytearray(file.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        content[len(content) // 2] ^= 1
    else:
        content = bytearray(b"no archive at all")
    file.write_bytes(content)
    before = database.read_bytes()

    code, told = run(server, "db", "restore", str(file))

    assert (code, told.count("\n")) == (1, 1), told
    assert "Traceback" not in told
    assert database.read_bytes() == before


@pytest.mark.more
def test_a_copy_laid_by_hand_over_a_log_is_noticed(
    tmp_path: Path, server: Server, database: Path
) -> None:
    """The old log would play over the copy, and the command would say that all is well."""
    server.start()
    person = Person(server, "Ana")
    person.furnish()
    with (
        closing(sqlite3.connect(database)) as source,
        closing(sqlite3.connect(tmp_path / "copy.db")) as copy,
    ):
        source.backup(copy)
    write_recipe(person, "Depois")
    server.kill()
    (tmp_path / "copy.db").replace(database)

    code, told = run(server, "db", "restored")

    assert (code, "would play over the copy" in told) == (1, True), told
    person.http.close()


@pytest.mark.parametrize("words", [("db", "restored"), ("db", "backup", "x.backup"), ("audit",)])
def test_where_there_is_no_database_none_is_made(
    server: Server, database: Path, words: tuple[str, ...]
) -> None:
    database.unlink()

    code, told = run(server, *words)

    assert (code, "no database" in told.lower()) == (1, True), told
    assert not database.exists()


@pytest.mark.more
@pytest.mark.parametrize(
    ("table", "whose"), [("usuarios", "Yaguts 0.1"), ("songs", "another program")]
)
def test_a_foreign_database_is_left_as_it_is(
    tmp_path: Path, server: Server, database: Path, table: str, whose: str
) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY)")
    before = database.read_bytes()
    backup = str(tmp_path / "x.backup")

    for words in (("db", "upgrade"), ("db", "restored"), ("audit",), ("db", "backup", backup)):
        code, told = run(server, *words)
        assert (code, told.count("\n"), whose in told) == (1, 1, True), told
    assert run(server, "serve")[0] == 1
    assert database.read_bytes() == before
    assert [path.name for path in tmp_path.glob("yaguts.db*")] == ["yaguts.db"]


def test_a_damaged_database_is_one_clear_line(server: Server, database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[: len(content)] = b"\0" * 16 + content[16:]
    database.write_bytes(content)

    for words in (("db", "upgrade"), ("audit",), ("db", "backup", "x.backup"), ("serve",)):
        code, told = run(server, *words)
        assert code == 1, words
        assert "Traceback" not in told
        assert ("damaged" in told) or ("not a database" in told), told


def test_a_page_that_is_damaged_is_said_to_whoever_asks(server: Server, database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    database.write_bytes(content)
    code, told = run(server, "audit")
    assert (code, told.count("\n"), "damaged" in told) == (1, 1, True), told


class OnPostgreSQL(Server):
    """`yaguts serve` on a database of PostgreSQL's; the key lies in its folder."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, YAGUTS_DATABASE_URL=url, YAGUTS_SECRET_KEY="k" * 40)
        self.database_url = url


@pytest.mark.more
def test_postgresql_is_backed_up_with_the_same_words(
    tmp_path: Path, postgresql: PostgreSQL
) -> None:
    url = postgresql.create_with_password("backed_up", "segredo:@/%")
    server = OnPostgreSQL(tmp_path, url)
    file = tmp_path / "kitchen.backup"
    server.start()
    person = Person(server, "Ana")
    person.furnish()
    write_recipe(person, "Antes")
    job = person.order(person.recipe(Sal=4.0))
    assert run(server, "db", "backup", str(file), folder=tmp_path)[0] == 0
    write_recipe(person, "Depois")
    code, told = run(server, "db", "restore", str(file), folder=tmp_path)
    assert (code, "stop it first" in told) == (1, True), told
    person.http.close()
    server.kill()

    code, told = eventually(lambda: _restored(server, file, tmp_path))
    assert f"Order {job['id']} was open then, and is given up" in told

    server.start()
    person.http = httpx.Client(base_url=server.address, cookies=person.http.cookies)
    assert "Antes" in recipes(person)
    assert "Depois" not in recipes(person)
    person.http.close()
    server.kill()
    assert eventually(lambda: run(server, "audit")) == (
        0,
        "The books balance. The audit log is whole.\n",
    )


def _restored(server: Server, file: Path, folder: Path) -> tuple[int, str] | None:
    """PostgreSQL notices after a moment that the killed server's connections are gone."""
    answer = run(server, "db", "restore", str(file), folder=folder)
    return None if "stop it first" in answer[1] else answer
