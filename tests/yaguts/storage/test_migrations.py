"""All revisions together make exactly the tables that the code knows, rules included."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from tests.databases import POSTGRESQL, SQLITE, Databases
from yaguts.storage.database import Database
from yaguts.storage.migrate import upgrade, upgrade_database
from yaguts.storage.tables import metadata


@pytest.fixture
def migrated(bare_url: str) -> str:
    upgrade(bare_url)
    return bare_url


@pytest.fixture
def fresh_url(bare_url: str, databases: Databases, tmp_path: Path) -> str:
    """Another database of the same kind."""
    return databases.bare(SQLITE if bare_url.startswith(SQLITE) else POSTGRESQL, tmp_path)


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


MADE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def indexes(database: Database) -> set[tuple[str, str]]:
    """What makes each index, its condition included, but for those of the migrations themselves."""
    with database.read() as connection:
        made = connection.execute(text(MADE[connection.dialect.name]))
        return {(name, sql) for name, sql in made if not name.startswith("alembic")}


def test_the_migrations_make_the_tables(migrated: str) -> None:
    database = Database(migrated)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_the_migrations_make_the_rules(migrated: str, fresh_url: str) -> None:
    database, fresh = Database(migrated), Database(fresh_url)
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


def test_several_servers_may_start_at_once(bare_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [bare_url] * 4))

    database = Database(bare_url)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_a_database_in_memory_is_upgraded_where_it_is() -> None:
    database = Database("sqlite://")
    upgrade_database(database)

    assert "jobs" in inspect(database.engine).get_table_names()
    database.close()
