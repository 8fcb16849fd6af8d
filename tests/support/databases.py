"""Databases for tests, on SQLite and on PostgreSQL: migrated or bare, and nothing in them."""

from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.postgresql import PostgreSQL
from yaguts.storage.db.migrate import upgrade
from yaguts.storage.tables import metadata

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)
BOTH_IN_TIME = (SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.more))
"""One in `make test`, both in `make test-more`: where the database matters least for its time."""
TABLES = [table.name for table in metadata.sorted_tables]


@cache
def empty_tables() -> bytes:
    """A SQLite database that is migrated, which takes a while, and empty."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "template.db"
        upgrade(f"sqlite:///{file}")
        return file.read_bytes()


class Databases:
    """Both kinds, each migrated once. `postgresql()` gives the server, which few tests need."""

    def __init__(self, postgresql: Callable[[], PostgreSQL]) -> None:
        self._postgresql = postgresql
        self._migrated: str | None = None
        self._numbers = count(1)

    def migrated(self, kind: str, folder: Path) -> str:
        """The address of one with tables. On PostgreSQL it is always the same one, emptied."""
        if kind == POSTGRESQL:
            return self._emptied()
        file = folder / "yaguts.db"
        file.write_bytes(empty_tables())
        return f"sqlite:///{file}"

    def bare(self, kind: str, folder: Path) -> str:
        """The address of one without tables, the caller's alone."""
        name = f"bare_{next(self._numbers)}"
        if kind == POSTGRESQL:
            return self._postgresql().create(name)
        return f"sqlite:///{folder / name}.db"

    def _emptied(self) -> str:
        if self._migrated is None:
            self._migrated = "migrated"
            upgrade(self._postgresql().create(self._migrated))
        return self._postgresql().empty(self._migrated, TABLES)
