import sqlite3
from collections.abc import Generator

import pytest
from sqlalchemy import text

from yaguts.domain.errors import Unavailable
from yaguts_sim.server.harness import ServerHarness, one_thread


@pytest.fixture
def harness() -> Generator[ServerHarness]:
    harness = ServerHarness()
    yield harness
    harness.database.close()


def test_a_commit_that_fails_leaves_no_transaction_open(harness: ServerHarness) -> None:
    """Seed 20136: the disk was full at a COMMIT, and the lock stayed with an idle connection."""
    connection = harness.database.connection

    def full(when: str, sql: str) -> None:
        if (when, sql) == ("before", "COMMIT"):
            raise sqlite3.OperationalError("database or disk is full")

    connection.watch = full
    with one_thread(), pytest.raises(Unavailable), harness.site.database.write() as writing:
        writing.execute(text("DELETE FROM jobs"))
    assert not connection.in_transaction


def test_what_was_saved_is_there_again_after_it_is_loaded(harness: ServerHarness) -> None:
    saved = harness.database.save()
    with harness.site.database.write() as writing:
        writing.execute(text("INSERT INTO attempts (what, who, at) VALUES ('a', 'b', '2026')"))
    assert harness.database.rows("SELECT count(*) FROM attempts") == [(1,)]
    harness.database.load(saved)
    assert harness.database.rows("SELECT count(*) FROM attempts") == [(0,)]


def test_a_commit_waits_for_the_disk_once_the_server_has_opened_its_database(
    harness: ServerHarness,
) -> None:
    database = harness.database
    database.connection.execute("PRAGMA synchronous=NORMAL")
    assert not database.waits_for_disk()
    harness.open_database()
    assert database.waits_for_disk()
