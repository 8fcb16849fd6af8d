"""Messages between processes: heard by all that listen, and again after the database was away."""

from collections.abc import Callable
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import pytest

from tests.support.databases import POSTGRESQL, Databases
from yaguts.storage.db import notify
from yaguts.storage.db.database import Database

SOON_S = 20


def listening(database: Database) -> tuple["Queue[str | None]", Callable[[], None]]:
    """What is heard, and how to make an end of it."""
    heard: Queue[str | None] = Queue()
    stop = Event()
    thread = Thread(target=notify.listen, args=(database, heard.put, stop))
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(SOON_S)
        assert not thread.is_alive()

    return heard, end


def test_everybody_hears_a_message(databases: Databases, tmp_path: Path) -> None:
    url = databases.bare(POSTGRESQL, tmp_path)
    here, there = Database(url), Database(url)
    heard = [listening(here), listening(there)]
    for queue, _ in heard:
        assert queue.get(timeout=SOON_S) is None

    notify.send(here, "é hora")

    for queue, end in heard:
        assert queue.get(timeout=SOON_S) == "é hora"
        end()
    here.close()
    there.close()


def test_a_database_that_is_away_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    database = Database("postgresql://127.0.0.1:1/none")
    heard, end = listening(database)
    while "The database refuses" not in caplog.text:
        pass

    end()

    database.close()
    assert heard.empty()
