"""All revisions together make exactly the tables that the code knows, rules included."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.support.builders import NOW
from tests.support.databases import POSTGRESQL, SQLITE, Databases
from yaguts.domain.ids import KitchenId
from yaguts.domain.seals import commitment
from yaguts.domain.units import Milligrams
from yaguts.storage import audit_log as log
from yaguts.storage import ledger, lived_through, migrations, seals
from yaguts.storage.db import migrate
from yaguts.storage.db.database import Database
from yaguts.storage.db.migrate import is_latest, upgrade, upgrade_database
from yaguts.storage.db.ours import newest_version
from yaguts.storage.tables import audit_log, metadata


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


def test_the_newest_file_is_the_last_migration() -> None:
    assert newest_version() == ScriptDirectory(str(files(migrations))).get_current_head()


def test_what_is_not_upgraded_yet_is_not_the_latest(
    bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(bare_url)
    assert not is_latest(database)
    monkeypatch.setattr(migrate, "LATEST", "0002")
    upgrade(bare_url)
    assert not is_latest(database)
    monkeypatch.undo()

    upgrade(bare_url)

    assert is_latest(database)
    database.close()


def test_nothing_is_loaded_to_upgrade_what_is_up_to_date(migrated: str) -> None:
    program = (
        "import sys; from yaguts.storage.db.migrate import upgrade;"
        " upgrade(sys.argv[1]); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, migrated], check=False).returncode == 0


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


@pytest.mark.parametrize("entries", [0, 2])
def test_the_lived_through_time_begins_with_the_latest_entry_of_the_audit_log(
    bare_url: str, monkeypatch: pytest.MonkeyPatch, entries: int
) -> None:
    monkeypatch.setattr(migrate, "LATEST", "0015")
    upgrade(bare_url)
    monkeypatch.undo()
    database = Database(bare_url)
    rows = [{"id": 2 - number, "at": NOW - timedelta(days=number)} for number in range(entries)]
    with database.write() as connection:
        for row in rows:
            connection.execute(insert(audit_log).values(what="signed_in", about={}, **row))

    upgrade(bare_url)

    with database.read() as connection:
        assert lived_through.read(connection) == (NOW if entries else None)
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(audit_log).values(what="signed_in", about={}, at=NOW))
        connection.execute(delete(audit_log))
    database.close()


BEFORE_REASONS = """
INSERT INTO people (id, name, name_key, password_hash, created_at)
    VALUES (1, 'Ana', 'ana', 'a hash', '2026-01-01');
INSERT INTO dispensers (id, owner_id, is_default, motor_intensity, motor_pre_start_ms,
    motor_post_stop_ms, motor_max_runtime_s) VALUES (1, 1, true, 75, 500, 300, 300);
INSERT INTO jars (dispenser_id, number, stock_known, stock_mg, held_mg)
    VALUES (1, 1, true, 998, 0);
INSERT INTO jobs (id, key, owner_id, dispenser_id, people, multiplier, motor_intensity,
    motor_pre_start_ms, motor_post_stop_ms, motor_max_runtime_s, state, version, reported, review,
    failure, created_at, expires_at, finished_at) VALUES
    (1, 'a', 1, 1, 1, 1, 75, 500, 300, 300, 'failed', 2, false, false, 'expired', '2026-01-01',
     '2026-01-01', '2026-01-01'),
    (2, 'b', 1, 1, 1, 1, 75, 500, 300, 300, 'done', 2, true, false, NULL, '2026-01-01',
     '2026-01-01', '2026-01-01');
INSERT INTO job_items (id, job_id, item_order, jar, spice, quantity_mg, duration_ms, status,
    fell_mg, fell_at_least_mg, resumes) VALUES (4, 2, 1, 1, 'Sal', 2, 2, 'done', 2, 2, 0);
INSERT INTO movements (id, dispenser_id, jar, kind, amount_mg, job_id, item_order, person_id, at)
    VALUES (3, 1, 1, 'refill', 999, NULL, NULL, 1, '2026-01-01'),
    (5, 1, 1, 'correction', 1, NULL, NULL, 1, '2026-01-01'),
    (6, 1, 1, 'hold', 2, 1, 1, 1, '2026-01-01'), (7, 1, 1, 'release', -2, 1, 1, NULL, '2026-01-01'),
    (8, 1, 1, 'hold', 2, 2, 1, 1, '2026-01-01'), (9, 1, 1, 'release', -2, 2, 1, NULL, '2026-01-01'),
    (10, 1, 1, 'settle', -2, 2, 1, NULL, '2026-01-01');
"""


def test_movements_from_before_get_their_reasons(
    bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LATEST", "0002")
    upgrade(bare_url)
    monkeypatch.undo()
    database = Database(bare_url)
    with database.write() as connection:
        for statement in BEFORE_REASONS.split(";\n")[:-1]:
            connection.execute(text(statement))

    upgrade(bare_url)

    with database.write() as connection:
        lines = connection.execute(text("SELECT id, reason FROM movements ORDER BY id")).all()
        ledger.correct(connection, 1, 1, Milligrams(500), NOW, 1)
        assert max(connection.execute(text("SELECT id FROM movements")).scalars()) > 10
        kinds = connection.execute(text("SELECT kind FROM jobs ORDER BY id")).scalars().all()
        doses = connection.execute(text("SELECT id, job_id, fell_mg FROM job_items")).all()
        more = "INSERT INTO job_items (job_id, item_order, jar, spice, quantity_mg, duration_ms,"
        more += " status, resumes) VALUES (2, 2, 1, 'Sal', 0, 5, 'done', 0)"
        connection.execute(text(more))
    assert kinds == ["recipe", "recipe"]
    assert [tuple(dose) for dose in doses] == [(4, 2, 2)]
    assert [tuple(line) for line in lines] == [
        (3, "poured in"),
        (5, "weighed"),
        (6, "ordered"),
        (7, "expired"),
        (8, "ordered"),
        (9, "reported"),
        (10, "reported"),
    ]
    database.close()


BEFORE_SEALS = """
INSERT INTO people (id, name, name_key, password_hash, created_at)
    VALUES (1, 'Ana', 'ana', 'a hash', '2026-01-01'), (2, 'Bia', 'bia', 'a hash', '2026-01-01');
INSERT INTO trail (id, what, at, kitchen_id, person_id, address, about) VALUES
    (1, 'signed_in', '2026-01-01 10:00:00.000000', 1, 1, '192.0.2.1', '{}'),
    (2, 'sign_in_refused', '2026-01-01 10:00:00.000000', 1, NULL, '192.0.2.2', '{"name": "Ana"}'),
    (3, 'member_removed', '2026-01-01 10:00:00.000000', 1, 1, NULL, '{"name": "Bia"}'),
    (4, 'cancelled', '2026-01-01 10:00:00.000000', 1, NULL, NULL, '{"job": 7}');
"""


def test_what_the_audit_log_said_of_people_lies_apart_from_then_on(
    bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LATEST", "0020")
    upgrade(bare_url)
    monkeypatch.undo()
    database = Database(bare_url)
    with database.write() as connection:
        for statement in BEFORE_SEALS.split(";\n")[:-1]:
            connection.exec_driver_sql(statement)

    upgrade(bare_url)

    with database.read() as connection:
        texts = [(text, commitments) for text, commitments in seals.texts(connection)]
        abouts = connection.execute(select(audit_log.c.about).order_by(audit_log.c.id)).scalars()
        assert list(abouts) == [{}, {}, {}, {"job": 7}]
        assert [row.entry.address for row in log.of_kitchen(connection, KitchenId(1), 9, 9)] == [
            None,
            None,
            "192.0.2.2",
            "192.0.2.1",
        ]
    assert [(text.entry_id, text.field, text.person_id, text.text) for text, _ in texts] == [
        (1, "address", 1, "192.0.2.1"),
        (2, "address", 1, "192.0.2.2"),
        (2, "name", 1, "Ana"),
        (3, "name", 2, "Bia"),
    ]
    assert all(by[text.field] == commitment(text.salt, text.text) for text, by in texts)
    database.close()


def test_accounts_that_look_alike_keep_their_names(
    bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LATEST", "0020")
    upgrade(bare_url)
    monkeypatch.undo()
    names = ["Ａna", "Ana", "A\N{ZERO WIDTH JOINER}na", "ａna", "Bia  Maria", "Bia Maria"]
    database = Database(bare_url)
    with database.write() as connection:
        for name in names:
            row = {"name": name, "name_key": name.casefold() + "!" * names.index(name)}
            if name in ("Ana", "Bia Maria"):
                row["name_key"] = name.casefold()
            made = {**row, "hash": "x", "now": NOW}
            connection.execute(
                text(
                    "INSERT INTO people (name, name_key, password_hash, created_at)"
                    " VALUES (:name, :name_key, :hash, :now)"
                ),
                made,
            )

    upgrade(bare_url)

    with database.read() as connection:
        found = connection.execute(text("SELECT name, look_key FROM people ORDER BY id"))
        assert [tuple(row) for row in found] == [
            ("Ａna", None),
            ("Ana", "ana"),
            ("A\N{ZERO WIDTH JOINER}na", None),
            ("ａna", None),
            ("Bia  Maria", None),
            ("Bia Maria", "bia maria"),
        ]
    database.close()
