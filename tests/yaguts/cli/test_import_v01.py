"""`yaguts import-v01`, as an operator types it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.databases import empty_tables
from tests.support.kitchen.v01 import LAST_JOB, every_trap, make_sqlite
from tests.yaguts.cli.test_data_folder import files, refused, said

OLD = "v01.db"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    make_sqlite(tmp_path / OLD, every_trap())
    return tmp_path


@pytest.fixture
def data(here: Path) -> dict[str, str]:
    """The environment with an empty data folder."""
    (here / "data").mkdir()
    return {"YAGUTS_DATA": str(here / "data")}


def test_a_dry_run_says_all_and_makes_nothing(here: Path, data: dict[str, str]) -> None:
    before = files(here)

    code, told, errors = said("import-v01", OLD, "--dry-run", folder=here, environment=data)

    assert (code, errors, files(here)) == (0, "", before)
    assert "Would be taken: people 6, recipes 4, dispensers 2, orders 15." in told
    assert "'ANA' signs in as 'ANA 2'" in told
    assert "'Demais': 600.0 g of 'Sal'" in told
    assert f"numbered from\n{LAST_JOB + 1} on." in told


def test_the_import_says_the_same_and_a_second_one_nothing(
    here: Path, data: dict[str, str]
) -> None:
    dry = said("import-v01", OLD, "--dry-run", folder=here, environment=data)[1]
    code, told, errors = said("import-v01", OLD, folder=here, environment=data)

    assert (code, errors) == (0, "")
    assert told == dry.replace("Would be taken", "Taken")
    for how in ((), ("--dry-run",)):
        again = said("import-v01", OLD, *how, folder=here, environment=data)
        assert (again[0], again[1].count("Nothing was changed."), again[1].count("\n")) == (0, 1, 1)
    assert (
        said("audit", folder=here, environment=data)[1]
        == "The books balance. The audit log is whole.\n"
    )


def test_a_dry_run_knows_whose_names_are_taken(here: Path, data: dict[str, str]) -> None:
    database = here / "data" / "yaguts.db"
    database.write_bytes(empty_tables())
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute(
            "INSERT INTO people (name, name_key, password_hash, created_at)"
            " VALUES ('ana', 'ana', '!', '2026-01-01')"
        )

    told = said("import-v01", OLD, "--dry-run", folder=here, environment=data)[1]

    assert "'Ana' signs in as 'Ana 2'" in told
    assert "'ANA' signs in as 'ANA 3'" in told


def test_what_is_refused_is_a_sentence(here: Path, data: dict[str, str]) -> None:
    said("import-v01", OLD, folder=here, environment=data)
    with closing(sqlite3.connect(here / OLD)) as opened, opened:
        opened.execute("UPDATE reservatorio_config SET estoque_g = 1")

    for how in ((), ("--dry-run",)):
        assert "has changed since" in refused(
            "import-v01", OLD, *how, folder=here, environment=data
        )
    own = str(here / "data" / "yaguts.db")
    assert "of this version" in refused("import-v01", own, folder=here, environment=data)
