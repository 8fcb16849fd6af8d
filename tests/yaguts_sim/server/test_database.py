import sqlite3
from collections.abc import Generator

import pytest
from sqlalchemy import text

from yaguts.domain.errors import Unavailable
from yaguts_sim.server.harness import ServerHarness, one_thread


@pytest.fixture
def premises() -> Generator[ServerHarness]:
    premises = ServerHarness()
    yield premises
    premises.database.close()


def test_a_commit_that_fails_leaves_no_transaction_open(premises: ServerHarness) -> None:
    """Seed 20136: the disk was full at a COMMIT, and the lock stayed with an idle connection."""
    connection = premises.database.connection

    def full(when: str, sql: str) -> None:
        if (when, sql) == ("before", "COMMIT"):
            raise sqlite3.OperationalError("database or disk is full")

    connection.watch = full
    with one_thread(), pytest.raises(Unavailable), premises.site.database.write() as writing:
        writing.execute(text("DELETE FROM jobs"))
    assert not connection.in_transaction


def test_what_was_saved_is_there_again_after_it_is_loaded(premises: ServerHarness) -> None:
    saved = premises.database.save()
    with premises.site.database.write() as writing:
        writing.execute(text("INSERT INTO attempts (what, who, at) VALUES ('a', 'b', '2026')"))
    assert premises.database.rows("SELECT count(*) FROM attempts") == [(1,)]
    premises.database.load(saved)
    assert premises.database.rows("SELECT count(*) FROM attempts") == [(0,)]


def test_a_commit_waits_for_the_disk_once_the_server_has_opened_its_database(
    premises: ServerHarness,
) -> None:
    database = premises.database
    database.connection.execute("PRAGMA synchronous=NORMAL")
    assert not database.waits_for_disk()
    premises.open_database()
    assert database.waits_for_disk()
