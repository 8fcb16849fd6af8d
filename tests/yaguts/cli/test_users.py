"""`yaguts user`, as whoever runs the server types it, and as its pages say."""

import json
import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.kitchen.belongings import furnish
from tests.support.kitchen.household import Household
from tests.support.page_commands import run_page
from tests.yaguts.cli.test_data_folder import refused, said


@pytest.fixture
def here(tmp_path: Path) -> dict[str, str]:
    """The environment of a server with two people: Ana, with one of everything, and Caio."""
    home = Household(tmp_path)
    furnish(home, home.person("Ana"))
    home.close()
    return {"YAGUTS_DATA": str(tmp_path), "YAGUTS_DATABASE_URL": ""}


def people(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "yaguts.db")) as opened:
        return opened.execute(
            "SELECT name, disabled_at IS NULL, deleted_at IS NULL FROM people ORDER BY id"
        ).fetchall()


@pytest.mark.parametrize(
    "page",
    [
        "docs/operations/people.md",
        pytest.param("docs/pt/operacao/pessoas.md", marks=pytest.mark.more),
    ],
)
def test_by_the_page(tmp_path: Path, here: dict[str, str], page: str) -> None:
    told = run_page(page, tmp_path, environment=here)

    assert re.search(r"^1\tAna\t2026-01-31\t2026-01-31\t$", told, re.MULTILINE)
    link = r"^http://127\.0\.0\.1:8000/app/new-password\?code=[\w-]{43}$"
    assert re.search(link, told, re.MULTILINE)
    exported = json.loads((tmp_path / "ana.json").read_text())
    assert [row["name"] for row in exported["recipes"]] == ["Pão"]
    assert people(tmp_path) == [("", 0, 0), ("Caio", 1, 1)]
    assert "goes back to a kitchen of their own: 'Caio'." in told


def test_the_link_begins_with_the_address_of_the_server(
    tmp_path: Path, here: dict[str, str]
) -> None:
    public = {**here, "YAGUTS_PUBLIC_URL": "https://example.org/yaguts"}
    for words, environment, address in (
        ((), public, "https://example.org/yaguts"),
        (("--server", "http://cozinha.local:8000/"), public, "http://cozinha.local:8000"),
    ):
        code, told, _ = said("user", "reset", "ana", *words, folder=tmp_path,
                             environment=environment)  # fmt: skip
        assert (code, told.startswith(f"{address}/app/new-password?code=")) == (0, True), told


def test_an_export_is_its_owners_alone_and_replaces_nothing(
    tmp_path: Path, here: dict[str, str]
) -> None:
    file = tmp_path / "ana.json"
    said("user", "export", "1", str(file), folder=tmp_path, environment=here)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()

    told = refused("user", "export", "Caio", str(file), folder=tmp_path, environment=here)

    assert "is there already" in told
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "words", [("reset", "Zé"), ("disable", "Zé"), ("enable", "99"), ("export", "Zé", "ze.json")]
)
def test_somebody_who_is_not_there_is_a_sentence(
    tmp_path: Path, here: dict[str, str], words: tuple[str, ...]
) -> None:
    told = refused("user", *words, folder=tmp_path, environment=here)

    assert "Nobody is called" in told
    assert not (tmp_path / "ze.json").exists()


def test_without_a_yes_nothing_is_deleted(tmp_path: Path, here: dict[str, str]) -> None:
    code, _, errors = said("user", "delete", "Ana", folder=tmp_path, environment=here)

    assert (code, "Aborted" in errors) == (1, True)
    assert people(tmp_path)[0] == ("Ana", 1, 1)


def test_a_disabled_account_gets_no_link_and_is_listed(
    tmp_path: Path, here: dict[str, str]
) -> None:
    said("user", "disable", "Ana", folder=tmp_path, environment=here)

    assert "yaguts user enable" in refused(
        "user", "reset", "Ana", folder=tmp_path, environment=here
    )
    listed = said("user", "list", folder=tmp_path, environment=here)[1]
    assert re.search(r"^1\tAna\t2026-01-31\t\tdisabled \d{4}-\d\d-\d\d$", listed, re.MULTILINE)


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    told = refused("user", "list", folder=tmp_path, environment={"YAGUTS_DATA": str(tmp_path)})

    assert "There is no database" in told
    assert [*tmp_path.iterdir()] == []
