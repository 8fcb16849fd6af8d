"""Storage is tested on both databases."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.databases import BOTH, Databases
from tests.support.kitchen.stored import fill
from yaguts.storage.db.database import Database


@pytest.fixture(params=BOTH)
def database(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Generator[Database]:
    """Person 1 owns dispenser 1."""
    database = Database(databases.migrated(request.param, tmp_path))
    fill(database)
    yield database
    database.close()


@pytest.fixture(params=BOTH)
def bare_url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    """A database without tables."""
    return databases.bare(request.param, tmp_path)
