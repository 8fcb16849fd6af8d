"""A household shared by tests that must find it, and leave it, as it is."""

from collections.abc import Generator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from tests.yaguts.belongings import furnish
from tests.yaguts.household import Household


@dataclass(frozen=True)
class Neighbours:
    """Ana has one of everything; Bia has a board and nothing else."""

    home: Household
    ana: TestClient
    board_of_ana: TestClient
    bia: TestClient
    board_of_bia: TestClient


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Generator[Neighbours]:
    """One for the whole module."""
    home = Household(tmp_path_factory.mktemp("neighbours"))
    ana, bia = home.person("Ana"), home.person("Bia")
    yield Neighbours(home, ana, furnish(home, ana), bia, home.board(bia, "board-2"))
    home.close()
