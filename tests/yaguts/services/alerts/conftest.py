"""A kitchen whose owner has alerts go to receivers on this computer."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.receivers import LOCAL, Hooks, MailBox, hooks, mail_box
from yaguts.services.runtime.alerting.child import Child


@pytest.fixture(scope="session")
def child() -> Generator[Child]:
    """One for all tests: loading what it needs takes longer than they do."""
    child = Child()
    yield child
    child.close()


@pytest.fixture
def box() -> Generator[MailBox]:
    with mail_box() as box:
        yield box


@pytest.fixture
def hook() -> Generator[Hooks]:
    with hooks() as hook:
        yield hook


@pytest.fixture
def home(tmp_path: Path, database_url: str, child: Child) -> Generator[Household]:
    """A server whose operator allows targets on this computer."""
    household = Household(
        tmp_path, migrated=True, database_url=database_url, alert_private_targets=LOCAL
    )
    household.site.alerting.child.close()
    household.site.alerting.child = child
    yield household
    household.site = replace(household.site, alerting=type(household.site.alerting)())
    household.close()


@pytest.fixture
def kitchen(home: Household) -> Furnished:
    """Ana's, with her board."""
    return Furnished(home)
