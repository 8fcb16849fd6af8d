"""A household for every test that asks for one."""

from collections.abc import Generator
from pathlib import Path

import pytest

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
