"""Transactions: all or nothing, one writer at a time, and a reader sees one moment."""

import sqlite3
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from yaguts.domain.errors import Unavailable
from yaguts.storage.database import BUSY_TIMEOUT_MS, Database

COUNT = text("SELECT count(*) FROM notes")
ADD = text("INSERT INTO notes VALUES ('x')")


@pytest.fixture
def notes(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'notes.db'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE notes (text TEXT)"))
    return database


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(COUNT).scalar_one()


def test_what_a_block_wrote_stays_and_what_a_failing_block_wrote_does_not(notes: Database) -> None:
    with notes.write() as connection:
        connection.execute(ADD)
    with pytest.raises(ZeroDivisionError), notes.write() as connection:
        connection.execute(ADD).rowcount / 0

    assert count(notes) == 1


def test_a_reader_sees_one_moment(notes: Database) -> None:
    with notes.read() as reading:
        before = reading.execute(COUNT).scalar_one()
        with notes.write() as writing:
            writing.execute(ADD)
        assert reading.execute(COUNT).scalar_one() == before

    assert count(notes) == before + 1


def test_writers_queue(notes: Database) -> None:
    """Each adds one for every note it counted: lost updates would show."""

    def double() -> None:
        with notes.write() as connection:
            for _ in range(connection.execute(COUNT).scalar_one()):
                connection.execute(ADD)

    with notes.write() as connection:
        connection.execute(ADD)
    threads = [Thread(target=double) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(notes) == 2**8


def test_nothing_is_acknowledged_before_it_is_on_the_disk(notes: Database) -> None:
    with notes.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    full, on = 2, 1
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": on,
        "busy_timeout": BUSY_TIMEOUT_MS,
    }


def test_a_locked_database_is_called_unavailable(
    notes: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("yaguts.storage.database._PRAGMAS", ("PRAGMA busy_timeout=1",))
    impatient = Database(f"sqlite:///{tmp_path / 'notes.db'}")
    other_process = sqlite3.connect(tmp_path / "notes.db", isolation_level=None)
    other_process.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable), impatient.write():
        pass

    other_process.close()
    with impatient.write() as connection:
        connection.execute(ADD)
    assert count(notes) == 1


def test_a_database_in_memory_is_one_database() -> None:
    database = Database("sqlite://")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE notes (text TEXT)"))

    assert count(database) == 0
    database.close()
