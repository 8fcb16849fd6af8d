"""A database of either kind, PostgreSQL in `make test-more` only: for folders of many tests."""

from pathlib import Path

import pytest

from tests.support.databases import BOTH_IN_TIME, Databases


@pytest.fixture(params=BOTH_IN_TIME)
def database_url(
    request: pytest.FixtureRequest,
    databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Migrated and empty."""
    monkeypatch.chdir(tmp_path)
    return databases.migrated(request.param, tmp_path)
