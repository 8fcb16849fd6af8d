"""A database of its own for every test that asks for one."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.yaguts.storage.shelf import fill
from yaguts.storage.database import Database


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database file that every test gets a copy of."""
    file = tmp_path_factory.mktemp("template") / "yaguts.db"
    fill(file)
    return file


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Generator[Database]:
    """Person 1 owns dispenser 1."""
    database = Database(f"sqlite:///{shutil.copy(template, tmp_path)}")
    yield database
    database.close()
