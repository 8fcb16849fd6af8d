"""Services are tested on both databases."""

from pathlib import Path

import pytest

from tests.databases import BOTH, Databases


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    """Migrated and empty."""
    return databases.migrated(request.param, tmp_path)
