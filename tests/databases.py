"""Databases for tests, on SQLite and on PostgreSQL: migrated or bare, and nothing in them."""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

from tests.postgresql import PostgreSQL
from yaguts.storage.migrate import upgrade
from yaguts.storage.tables import metadata

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)
TABLES = [table.name for table in metadata.sorted_tables]


class Databases:
    """Both kinds, each migrated once. `postgresql()` gives the server, which few tests need."""

    def __init__(self, folder: Path, postgresql: Callable[[], PostgreSQL]) -> None:
        self._template = folder / "template.db"
        self._postgresql = postgresql
        self._migrated: str | None = None
        self._numbers = count(1)

    def migrated(self, kind: str, folder: Path) -> str:
        """The address of one with tables. On PostgreSQL it is always the same one, emptied."""
        return self._copied(folder) if kind == SQLITE else self._emptied()

    def bare(self, kind: str, folder: Path) -> str:
        """The address of one without tables, the caller's alone."""
        name = f"bare_{next(self._numbers)}"
        if kind == POSTGRESQL:
            return self._postgresql().create(name)
        return f"sqlite:///{folder / name}.db"

    def _copied(self, folder: Path) -> str:
        if not self._template.exists():
            upgrade(f"sqlite:///{self._template}")
        return f"sqlite:///{shutil.copy(self._template, folder / 'yaguts.db')}"

    def _emptied(self) -> str:
        if self._migrated is None:
            self._migrated = "migrated"
            upgrade(self._postgresql().create(self._migrated))
        return self._postgresql().empty(self._migrated, TABLES)
