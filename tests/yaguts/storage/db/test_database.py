"""Transactions: all or nothing, one writer at a time, and a reader sees one moment."""

import sqlite3
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from tests.support.databases import POSTGRESQL, Databases
from yaguts.domain.errors import Unavailable
from yaguts.storage.db.database import BUSY_TIMEOUT_MS, Database
from yaguts.storage.db.locks import lock

COUNT = text("SELECT count(*) FROM notes")
ADD = text("INSERT INTO notes VALUES ('x')")
SEVERAL, FILES = 4, 150


def with_notes(url: str) -> Generator[Database]:
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE notes (text TEXT)"))
    yield database
    database.close()


@pytest.fixture
def notes(bare_url: str) -> Generator[Database]:
    yield from with_notes(bare_url)


@pytest.fixture
def sqlite_notes(tmp_path: Path) -> Generator[Database]:
    yield from with_notes(f"sqlite:///{tmp_path / 'notes.db'}")


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(COUNT).scalar_one()


def test_what_a_block_wrote_stays_and_what_a_failing_block_wrote_does_not(notes: Database) -> None:
    with notes.write() as connection:
        connection.execute(ADD)
    with pytest.raises(ZeroDivisionError), notes.write() as connection:
        connection.execute(ADD).rowcount / 0

    assert count(notes) == 1


def test_several_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """SQLite refuses at once whoever begins the log of a file while another does: one in a hundred
    of these, without waiting for each other.
    """

    def opened(number: int) -> int:
        database = Database(f"sqlite:///{tmp_path / str(number // SEVERAL)}.db")
        with database.read() as connection:
            found = connection.exec_driver_sql("SELECT 1").scalar_one()
        database.close()
        return found

    with ThreadPoolExecutor(SEVERAL) as pool:
        assert set(pool.map(opened, range(SEVERAL * FILES))) == {1}


def test_a_reader_sees_one_moment(notes: Database) -> None:
    with notes.read() as reading:
        before = reading.execute(COUNT).scalar_one()
        with notes.write() as writing:
            writing.execute(ADD)
        assert reading.execute(COUNT).scalar_one() == before

    assert count(notes) == before + 1


def test_writers_queue(sqlite_notes: Database) -> None:
    """Each adds one for every note it counted: lost updates would show."""

    def double() -> None:
        with sqlite_notes.write() as connection:
            for _ in range(connection.execute(COUNT).scalar_one()):
                connection.execute(ADD)

    with sqlite_notes.write() as connection:
        connection.execute(ADD)
    threads = [Thread(target=double) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(sqlite_notes) == 2**8


def test_sqlite_acknowledges_nothing_that_is_not_on_the_disk(sqlite_notes: Database) -> None:
    with sqlite_notes.read() as connection:
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


@pytest.fixture
def postgresql_notes(databases: Databases, tmp_path: Path) -> Generator[Database]:
    yield from with_notes(databases.bare(POSTGRESQL, tmp_path))


def test_postgresql_acknowledges_nothing_that_is_not_on_the_disk(
    postgresql_notes: Database,
) -> None:
    with postgresql_notes.write() as connection:
        name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    postgresql_notes.close()  # the next connection is a new one

    with postgresql_notes.read() as connection:
        shown = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
    assert shown == "on"


def test_writers_that_must_be_alone_queue(postgresql_notes: Database) -> None:
    def double() -> None:
        with postgresql_notes.write() as connection:
            lock(connection, "notes")
            for _ in range(connection.execute(COUNT).scalar_one()):
                connection.execute(ADD)

    with postgresql_notes.write() as connection:
        connection.execute(ADD)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: double(), range(8)))

    assert count(postgresql_notes) == 2**8


def test_a_connection_that_is_lost_is_called_unavailable_once(postgresql_notes: Database) -> None:
    with pytest.raises(Unavailable), postgresql_notes.write() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    assert count(postgresql_notes) == 0


def test_a_postgresql_that_is_not_there_is_called_unavailable() -> None:
    database = Database("postgresql://127.0.0.1:1/none")

    with pytest.raises(Unavailable), database.read():
        pass
    database.close()


def test_a_locked_database_is_called_unavailable(
    sqlite_notes: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("yaguts.storage.db.database._PRAGMAS", ("PRAGMA busy_timeout=1",))
    impatient = Database(f"sqlite:///{tmp_path / 'notes.db'}")
    other_process = sqlite3.connect(tmp_path / "notes.db", isolation_level=None)
    other_process.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable), impatient.write():
        pass

    other_process.close()
    with impatient.write() as connection:
        connection.execute(ADD)
    impatient.close()
    assert count(sqlite_notes) == 1


def test_a_database_in_memory_is_one_database() -> None:
    database = Database("sqlite://")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE notes (text TEXT)"))

    assert count(database) == 0
    database.close()


def test_a_version_that_cannot_be_had_is_an_outage(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'notes.db'}")
    with pytest.raises(Unavailable):
        database.version()
