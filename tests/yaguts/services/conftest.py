"""Services are tested on both databases."""

from pathlib import Path

import pytest

from tests.support.databases import BOTH, Databases


@pytest.fixture(params=BOTH)
def database_url(
    request: pytest.FixtureRequest,
    databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Migrated and empty. What a server keeps in the folder it was started in is the test's own."""
    monkeypatch.chdir(tmp_path)
    return databases.migrated(request.param, tmp_path)
