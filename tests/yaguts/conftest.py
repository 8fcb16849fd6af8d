"""A household for every test that asks for one."""

from collections.abc import Generator
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal

from tests.support.compiled import compiled_once
from tests.support.databases import SQLITE, Databases
from tests.support.kitchen.belongings import Neighbours, furnish
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.services.ops.ledger_check import check_ledger


@pytest.fixture(scope="session", autouse=True)
def _portal() -> Generator[None]:
    with start_blocking_portal() as Household.portal:
        yield
    Household.portal = None


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Generator[None]:
    with compiled_once():
        yield


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> str:
    """SQLite. Where the database matters, tests are run on both: see `services/conftest.py`."""
    return databases.migrated(SQLITE, tmp_path)


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Generator[Household]:
    """A server of the test's own. Whatever the test did there, the books balance in the end."""
    household = Household(tmp_path, migrated=True, database_url=database_url)
    yield household
    findings = check_ledger(household.site.database)
    household.close()
    assert findings == ()


@pytest.fixture
def kitchen(home: Household) -> Furnished:
    """Ana's part of it: four full jars and a board."""
    return Furnished(home)


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Generator[Neighbours]:
    """One for the whole module."""
    home = Household(tmp_path_factory.mktemp("neighbours"))
    ana, bia = home.person("Ana"), home.person("Bia")
    board, caio = furnish(home, ana)
    yield Neighbours(home, ana, board, caio, bia, home.board(bia, "board-2"))
    home.close()
