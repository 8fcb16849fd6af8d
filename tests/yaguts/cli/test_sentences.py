"""Whatever is wrong with what was typed, a command says so in a sentence and makes nothing."""

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import click
import pytest

from tests.support.databases import empty_tables
from tests.support.processes.forked import command
from tests.yaguts.cli.test_serve import serving
from yaguts.cli import main

FOLDER, FILE, BINARY, NOWHERE = "folder", "file", "binary", "nowhere/file"
WRONG_FILES = (FOLDER, FILE, BINARY, NOWHERE)
WRONG_URLS = ("nonsense", "ftp://x", "http://x:y", "http://x:99999999", "http://:80")
RUN = ("device", "run", "--server", "http://127.0.0.1:1", "--uid", "virtual-1", "--flash")
TRUST = ("device", "trust", "https://127.0.0.1:1", "--authority")
WRONG_DATABASES = (
    "nonsense",
    "sqlite:nonsense",
    "sqlite:///folder",
    "sqlite:///binary",
    "sqlite:///file/yaguts.db",
    "sqlite:///nowhere/yaguts.db",
    "oracle://somewhere/else",
    "postgresql://127.0.0.1:1/none",
    "postgresql://127.0.0.1:99999/none",
    "postgresql://127.0.0.1:port/none",
    "postgresql://[::1/none",
    "postgresql://127.0.0.1:1/none?nonsense=yes",
    "postgresql://127.0.0.1:1/none?sslmode=nonsense",
    "postgresql:nonsense",
)
WRONG_ARGUMENTS = (
    *(("db", "restore", file) for file in WRONG_FILES),
    *(("db", "verify", file) for file in WRONG_FILES),
    *(("db", "copy", "--to", url) for url in ("", *WRONG_DATABASES, "sqlite:///yaguts.db")),
    ("db", "copy"),
    ("db", "backup"),
    ("db", "backup", "--keep"),
    ("db", "backup", "--if-due"),
    ("db", "backup", "--keep", FILE),
    *(("import-v01", file) for file in WRONG_FILES),
    *(("user", command, "nobody") for command in ("reset", "disable", "enable", "export")),
    ("user", "delete", "nobody", "--yes"),
    ("user", "list", "--data", NOWHERE),
    *(("import-v01", "postgresql://127.0.0.1:1/none", *dry) for dry in ((), ("--dry-run",))),
    ("db", "backup", FOLDER),
    ("db", "backup", NOWHERE),
    *((*RUN, file) for file in (FILE, BINARY, f"{FILE}/below")),
    *((*RUN, "flash", "--relay-log", file) for file in (FOLDER, NOWHERE)),
    *((*RUN, "flash", "--server", url) for url in WRONG_URLS),
    ("device", "build", FILE),
    ("device", "build", f"{FILE}/below"),
    *(("device", command, "--port", port) for command in ("flash", "config", "monitor")
      for port in ("nowhere", FOLDER)),
    *(("device", "trust", url) for url in WRONG_URLS),
    *((*TRUST, file) for file in WRONG_FILES),
    ("demo", "--port", "0"),
    ("demo", "--port", "99999"),
    ("serve", "--port", "99999"),
    ("serve", "--host", "192.0.2.1"),
    ("serve", "--host", "::nonsense"),
    ("serve", "--workers", "0"),
    ("simulate", "--faults", "x"),
    ("simulate", "--rate", "x=y"),
    ("nonsense",),
    *(("firmware", "build", file, "--release", "1", "--expires", "2100-01-01")
      for file in (FOLDER, NOWHERE)),
    ("firmware", "build", "new", "--release", "0", "--expires", "2100-01-01"),
    ("firmware", "build", "new", "--release", "1", "--expires", "tomorrow"),
    ("firmware", "keygen", FILE),
    *(("firmware", command, file, "--key", key) for command in ("sign", "verify", "publish")
      for file, key in ((FILE, BINARY), (BINARY, FILE), ("missing", FILE), (FOLDER, FOLDER))),
    *(("firmware", command, number) for command in ("halt", "resume")
      for number in ("1", "0", "x")),
    ("firmware", "status", "--data", FILE),
)  # fmt: skip


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FILE).write_text("text")
    (tmp_path / BINARY).write_bytes(b"\xff\xfe\x00binary")
    return tmp_path


def sentence(here: Path, words: Iterable[str], **environment: str) -> str:
    """What a command that fails says, in one line or after its usage."""
    code, told, errors = command(*words, folder=here, environment=environment)
    assert code in (1, 2), (told, errors)
    assert "Traceback" not in told + errors
    assert errors.strip(), told
    lines = errors.strip().splitlines()
    assert len(lines) == 1 or lines[0].startswith("Usage:"), errors
    return lines[-1]


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.more
@pytest.mark.parametrize("words", WRONG_ARGUMENTS, ids=" ".join)
def test_a_wrong_argument_ends_in_a_sentence(here: Path, words: tuple[str, ...]) -> None:
    shutil.copy(here / FILE, here / "kept")
    (here / "yaguts.db").write_bytes(empty_tables())
    before = names(here)

    sentence(here, words)

    made = {"yaguts.db.lock", "yaguts.db.key"} if words[0] == "serve" else set[str]()
    assert names(here) - before - made == set()


@pytest.mark.more
@pytest.mark.parametrize("words", [("serve",), ("audit",), ("db", "upgrade"), ("db", "backup", "x"),
                                   ("db", "restored"), ("db", "copy", "--to", "sqlite:///y.db")],
                         ids=" ".join)  # fmt: skip
@pytest.mark.parametrize("url", WRONG_DATABASES)
def test_a_wrong_database_ends_in_a_sentence(here: Path, words: tuple[str, ...], url: str) -> None:
    before = names(here)

    told = sentence(here, words, YAGUTS_DATABASE_URL=url)

    assert told.startswith("Error: ")
    assert names(here) - before == set()


def test_a_password_in_a_wrong_address_is_not_repeated(here: Path) -> None:
    wrong = "postgresql://me:segredo@h:port/x"
    assert "segredo" not in sentence(here, ("serve",), YAGUTS_DATABASE_URL=wrong)
    assert "segredo" not in sentence(here, ("import-v01", wrong))


@pytest.mark.parametrize(
    "words", [("serve",), ("audit",), ("db", "upgrade"), ("db", "backup", "x"), ("db", "restored"),
              ("db", "copy", "--to", "sqlite:///y.db")]
)  # fmt: skip
def test_a_newer_database_is_one_sentence(here: Path, words: tuple[str, ...]) -> None:
    database = here / "yaguts.db"
    database.write_bytes(empty_tables())
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")
    before = database.read_bytes()

    there = names(here)
    assert "of a newer Yaguts (schema 9999" in sentence(here, words)
    assert database.read_bytes() == before
    assert names(here) == there


def test_a_misspelt_setting_is_named(here: Path) -> None:
    told = sentence(here, ("serve",), YAGUTS_DATBASE_URL=f"sqlite:///{here}/other.db")
    assert "YAGUTS_DATBASE_URL: there is no such setting. Is YAGUTS_DATABASE_URL meant?" in told
    assert not (here / "yaguts.db").exists()


def test_notes_of_what_is_no_mistake_but_no_use(here: Path) -> None:
    """Kubernetes gives every container such variables for a service of this name."""
    port = {"YAGUTS_PORT_8000_TCP": "tcp://10.0.0.1:8000"}
    with serving(here, "--workers", "2", environment=port) as server:
        server.process.terminate()
        errors = server.process.communicate(timeout=20)[1]

    assert "Note: YAGUTS_PORT_8000_TCP is no setting of this version." in errors
    assert "several workers are no gain with SQLite" in errors


def test_every_command_was_tried() -> None:
    """A new command has no place in the lists above until somebody puts it there."""
    tried = {" ".join(words[:2]) for words in WRONG_ARGUMENTS} | {
        words[0] for words in WRONG_ARGUMENTS
    }
    context = click.Context(main)
    names_of: list[str] = []
    for name in main.list_commands(context):
        found = main.get_command(context, name)
        below = found.list_commands(context) if isinstance(found, click.Group) else [""]
        names_of += [f"{name} {each}".strip() for each in below]

    assert set(names_of) - tried == {"audit", "db restored", "db upgrade"}
