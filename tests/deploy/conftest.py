"""An event loop for the households of these tests."""

from collections.abc import Generator

import pytest
from anyio.from_thread import start_blocking_portal

from tests.support.kitchen.household import Household


@pytest.fixture
def with_portal() -> Generator[None]:
    """While a test lasts."""
    with start_blocking_portal() as Household.portal:
        yield
    Household.portal = None
