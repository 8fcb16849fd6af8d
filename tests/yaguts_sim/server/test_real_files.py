import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from yaguts.domain.high_water_mark import Mark
from yaguts.storage.db.copying import copies
from yaguts_sim.server.real_files import is_the_same, restored_over

NOW = datetime(2026, 3, 1, 11, tzinfo=UTC)


def database(*words: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE words (word)")
        connection.executemany("INSERT INTO words VALUES (?)", [(word,) for word in words])
        connection.commit()
        return connection.serialize()


COPY, LOST = database("canela"), database("canela", "cravo")


def test_a_restored_database_is_the_copy_and_follows_the_mark_of_the_lost_one() -> None:
    mark = Mark(3, "c0ffee", 17)
    content, latest = restored_over(LOST, mark, COPY, NOW)
    assert is_the_same(content, COPY)
    assert not is_the_same(content, LOST)
    assert latest == mark


def test_a_log_that_is_left_over_plays_over_the_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "end_log", lambda _: None)
    content, _ = restored_over(LOST, None, COPY, NOW)
    assert is_the_same(content, LOST)
