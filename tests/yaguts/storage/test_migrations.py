"""All revisions together make exactly the tables that the code knows, rules included."""

from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from yaguts.storage.database import Database
from yaguts.storage.migrate import upgrade, upgrade_database
from yaguts.storage.tables import metadata


@pytest.fixture
def migrated(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'migrated.db'}"
    upgrade(url)
    return url


def rules(database: Database) -> dict[str, Any]:
    """Every table's constraints, by name, and every index."""
    look = inspect(database.engine)
    return {
        table: {
            "checks": {c["name"]: c["sqltext"] for c in look.get_check_constraints(table)},
            "keys": sorted(map(str, look.get_foreign_keys(table))),
            "uniques": sorted(map(str, look.get_unique_constraints(table))),
        }
        for table in metadata.tables
    } | {"indexes": indexes(database)}


def indexes(database: Database) -> set[tuple[str, str]]:
    """What makes each index, its condition included."""
    made = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    with database.read() as connection:
        return {(name, sql) for name, sql in connection.execute(made)}


def test_the_migrations_make_the_tables(migrated: str) -> None:
    database = Database(migrated)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_the_migrations_make_the_rules(migrated: str, tmp_path: Path) -> None:
    database, fresh = Database(migrated), Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    metadata.create_all(fresh.engine)

    assert rules(database) == rules(fresh)
    database.close()
    fresh.close()


def test_upgrading_again_changes_nothing(migrated: str) -> None:
    database = Database(migrated)
    before = rules(database)

    upgrade(migrated)

    assert rules(database) == before
    database.close()


def test_two_servers_may_start_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    threads = [Thread(target=upgrade, args=(url,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    database = Database(url)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_a_database_in_memory_is_upgraded_where_it_is() -> None:
    database = Database("sqlite://")
    upgrade_database(database)

    assert "jobs" in inspect(database.engine).get_table_names()
    database.close()
