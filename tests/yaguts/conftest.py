"""A household for every test that asks for one."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.yaguts.belongings import Neighbours, furnish
from tests.yaguts.furnished import Furnished
from tests.yaguts.household import Household


@pytest.fixture
def home(tmp_path: Path) -> Generator[Household]:
    """A server of the test's own."""
    household = Household(tmp_path)
    yield household
    household.close()


@pytest.fixture
def kitchen(home: Household) -> Furnished:
    """Ana's part of it: four full jars and a board."""
    return Furnished(home)


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Generator[Neighbours]:
    """One for the whole module."""
    home = Household(tmp_path_factory.mktemp("neighbours"))
    ana, bia = home.person("Ana"), home.person("Bia")
    yield Neighbours(home, ana, furnish(home, ana), bia, home.board(bia, "board-2"))
    home.close()
