"""Callers that write at the same time share a commit; each is undone by itself.

All of it is so in threads and on an event loop.
"""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from yaguts.domain.errors import Damaged, Unavailable
from yaguts.storage.db.database import Database, after_commit
from yaguts.storage.db.shared_commits import BUSY_TIMEOUT_MS, JOINED_WITHIN_S
from yaguts.storage.db.waits import on_loop as run_on_loop

NOTES = "SELECT text FROM notes ORDER BY text"
ADD = text("INSERT INTO notes VALUES (:text)")
SEVERAL = 4


Submit = Callable[[Callable[[], object]], Future[Any]]


@contextmanager
def in_threads() -> Generator[Submit]:
    """Each caller has a thread."""
    with ThreadPoolExecutor(SEVERAL) as pool:
        yield pool.submit


@contextmanager
def on_loop() -> Generator[Submit]:
    """All callers share an event loop, which runs in a thread and is never blocked."""
    loop = asyncio.new_event_loop()
    running = Thread(target=loop.run_forever)
    running.start()
    begun = list[Future[Any]]()

    def submit(does: Callable[[], object]) -> Future[Any]:
        begun.append(asyncio.run_coroutine_threadsafe(run_on_loop(does), loop))
        return begun[-1]

    try:
        yield submit
        wait(begun, 30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        running.join()
        loop.close()


class Notes:
    """A database, what its connections were told, and callers who all wait for their turn."""

    callers_in = staticmethod(in_threads)

    def __init__(self, url: str) -> None:
        self.now, self.said, self.told = 0.0, list[str](), list[str]()
        self.patience_ms, self.patient_ms = BUSY_TIMEOUT_MS, list[int]()
        self.database = Database(url, lambda: self.now)
        event.listen(self.database.engine, "connect", self._listen)
        with self.database.write() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS notes (text TEXT)"))
        self.said.clear()
        self.patient_ms.clear()

    def _listen(self, connection: Any, _entry: object) -> None:
        def note(said: str) -> None:
            if said.startswith("PRAGMA busy_timeout"):
                self.patience_ms = int(said.partition("=")[2])
                return
            self.said.append(said.partition(" (")[0])
            if said.startswith("BEGIN"):
                self.patient_ms.append(self.patience_ms)

        connection.set_trace_callback(note)

    def stored(self) -> list[str]:
        with self.database.read() as connection:
            return list(connection.exec_driver_sql(NOTES).scalars())

    def add(self, name: str, *, shared: bool = True) -> str:
        with self.database.write(shared=shared) as connection:
            connection.execute(ADD, {"text": name})
            after_commit(connection, lambda: self.told.append(name))
            if "bad" in name:
                raise ZeroDivisionError
        return name

    @contextmanager
    def held(self) -> Generator["Callers"]:
        """Nobody has a turn before the block ends; then all have ended."""
        with self.callers_in() as submit, self.database._commits._turns.one():  # noqa: SLF001
            yield Callers(self, submit)

    def together(self, *names: str) -> "Callers":
        """All of these callers, in this order; each has ended."""
        with self.held() as callers:
            for name in names:
                callers.come(lambda name=name: self.add(name))
        return callers


class Callers:
    def __init__(self, notes: Notes, submit: Submit) -> None:
        self._notes, self._submit = notes, submit
        self.futures = list[Future[Any]]()

    def come(self, does: Callable[[], object]) -> None:
        """One more, and wait until they wait."""
        self.futures.append(self._submit(does))
        waiting = self._notes.database._commits._turns._others  # noqa: SLF001
        while len(waiting) < len(self.futures):
            sleep(0)

    def errors(self) -> list[type[BaseException] | None]:
        """What each of them raised."""
        found = [future.exception(10) for future in self.futures]
        return [None if one is None else type(one) for one in found]


@pytest.fixture(params=[in_threads, on_loop])
def notes(tmp_path: Path, request: pytest.FixtureRequest) -> Generator[Notes]:
    made = Notes(f"sqlite:///{tmp_path / 'yaguts.db'}")
    made.callers_in = request.param
    yield made
    made.database.close()


INSERT = "INSERT INTO notes VALUES"


def test_one_alone_says_what_it_always_said(notes: Notes) -> None:
    notes.add("salt")

    assert notes.said[-3:] == ["BEGIN IMMEDIATE", INSERT, "COMMIT"]
    assert "SAVEPOINT caller" not in notes.said


def test_who_writes_nothing_locks_nothing_afterwards(notes: Notes) -> None:
    with notes.database.write(shared=True):
        pass
    other = Notes(str(notes.database.engine.url))

    assert notes.said[-2:] == ["BEGIN IMMEDIATE", "COMMIT"]
    assert other.stored() == []
    other.database.close()


def test_those_who_come_together_share_a_commit(notes: Notes) -> None:
    callers = notes.together("a", "b", "c")

    assert callers.errors() == [None] * 3
    one_more = ["SAVEPOINT caller", INSERT, "RELEASE caller"]
    assert notes.said == ["BEGIN IMMEDIATE", INSERT, *one_more, *one_more, "COMMIT"]
    assert notes.stored() == sorted(notes.told) == ["a", "b", "c"]


@pytest.mark.parametrize("names", [("bad", "b", "c"), ("a", "bad", "c"), ("a", "b", "bad")])
def test_who_fails_is_undone_alone(notes: Notes, names: tuple[str, ...]) -> None:
    callers = notes.together(*names)

    assert callers.errors() == [ZeroDivisionError if name == "bad" else None for name in names]
    assert notes.stored() == sorted(notes.told) == [name for name in names if name != "bad"]


def refuse(notes: Notes, commits: int = 1) -> None:
    """Let as many of the next commits fail."""
    left = [None] * commits

    def fail(_connection: Connection) -> None:
        if left:
            left.pop()
            raise OperationalError("COMMIT", None, Exception("the disk is gone"))

    event.listen(notes.database.engine, "commit", fail)


@pytest.mark.parametrize("names", [("a", "b", "c"), ("a", "b", "bad"), ("a", "bad", "c")])
def test_a_failed_commit_fails_all_and_nothing_is_told(
    notes: Notes, names: tuple[str, ...]
) -> None:
    refuse(notes)
    callers = notes.together(*names)

    assert callers.errors() == [Unavailable] * 3  # also who failed: it may have read what is gone
    assert notes.stored() == notes.told == []
    notes.add("later")
    assert notes.stored() == ["later"]


def test_a_full_disk_undoes_all_and_all_hear_of_it(notes: Notes) -> None:
    def fill() -> None:
        with notes.database.write(shared=True) as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.execute(ADD, {"text": "much" * 100_000})

    with notes.held() as callers:
        callers.come(lambda: notes.add("a"))
        callers.come(fill)
        callers.come(lambda: notes.add("c"))

    assert callers.errors() == [Unavailable, Unavailable, None]
    assert notes.stored() == notes.told == ["c"]


def test_nobody_is_answered_before_the_commit(notes: Notes) -> None:
    answered, stored = list[bool](), list[list[str]]()

    def look(_connection: Connection) -> None:
        answered.append(any(future.done() for future in callers.futures))
        stored.append(notes.stored())

    event.listen(notes.database.engine, "commit", look)
    with notes.held() as callers:
        for name in ("a", "b", "bad"):
            callers.come(lambda name=name: notes.add(name))

    assert callers.errors() == [None, None, ZeroDivisionError]
    assert (answered, stored) == ([False], [[]])
    assert notes.stored() == ["a", "b"]


def test_who_cannot_join_leaves_the_work_of_others(notes: Notes) -> None:
    refused = list[int]()

    def no_savepoint_once(action: int, *_about: object) -> int:
        if action != sqlite3.SQLITE_SAVEPOINT or refused:
            return sqlite3.SQLITE_OK
        refused.append(action)
        return sqlite3.SQLITE_DENY

    event.listen(
        notes.database.engine,
        "begin",
        lambda connection: connection.connection.set_authorizer(no_savepoint_once),
    )
    callers = notes.together("a", "b")

    assert callers.errors() == [None, Damaged]
    assert notes.stored() == notes.told == ["a"]


def test_nobody_joins_a_transaction_that_is_old(notes: Notes) -> None:
    def late() -> None:
        with notes.database.write(shared=True) as connection:
            connection.execute(ADD, {"text": "b"})
            notes.now += JOINED_WITHIN_S * 2

    with notes.held() as callers:
        callers.come(lambda: notes.add("a"))
        callers.come(late)
        callers.come(lambda: notes.add("c"))

    assert callers.errors() == [None] * 3
    assert notes.said.count("BEGIN IMMEDIATE") == notes.said.count("COMMIT") == 2
    assert notes.said.count("SAVEPOINT caller") == 1


def test_what_is_long_shares_with_nobody(notes: Notes) -> None:
    with notes.held() as callers:
        callers.come(lambda: notes.add("a"))
        callers.come(lambda: notes.add("long", shared=False))
        callers.come(lambda: notes.add("c"))

    assert callers.errors() == [None] * 3
    assert notes.said.count("BEGIN IMMEDIATE") == notes.said.count("COMMIT") == 3


def test_the_commit_of_others_fails_and_what_is_long_goes_on(notes: Notes) -> None:
    refuse(notes)
    with notes.held() as callers:
        callers.come(lambda: notes.add("a"))
        callers.come(lambda: notes.add("long", shared=False))

    assert callers.errors() == [Unavailable, None]
    assert notes.stored() == notes.told == ["long"]


def test_tables_are_rebuilt_when_nothing_is_open(notes: Notes) -> None:
    def rebuild() -> None:
        with notes.database.restructure() as connection:
            connection.execute(text("ALTER TABLE notes ADD COLUMN more TEXT"))

    with notes.held() as callers:
        callers.come(lambda: notes.add("a"))
        callers.come(rebuild)

    assert callers.errors() == [None] * 2
    assert notes.stored() == ["a"]


def test_who_waited_for_a_turn_does_not_wait_as_long_again_for_the_file(notes: Notes) -> None:
    with notes.database.engine.connect() as other:
        other.connection.cursor().execute("BEGIN IMMEDIATE")
        notes.patient_ms.clear()
        with notes.held() as callers:
            for name in "abc":
                callers.come(lambda name=name: notes.add(name))
            notes.now += BUSY_TIMEOUT_MS / 1000
    assert callers.errors() == [Unavailable] * 3
    assert notes.patient_ms == [0] * 3
    assert notes.patience_ms == BUSY_TIMEOUT_MS
    assert notes.add("d") == "d"


def test_what_is_left_of_its_patience_is_for_the_file(notes: Notes) -> None:
    with notes.held() as callers:
        callers.come(lambda: notes.add("a"))
        notes.now += BUSY_TIMEOUT_MS / 1000 - 2
    assert callers.errors() == [None]
    assert notes.patient_ms == [2000 if notes.callers_in is in_threads else 0]


@pytest.mark.more
def test_a_database_that_is_locked_holds_nobody_for_ever(notes: Notes) -> None:
    with notes.database.engine.connect() as other:
        other.connection.cursor().execute("BEGIN IMMEDIATE")
        with notes.database.read() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        callers = notes.together("a", "b")
        assert callers.errors() == [Unavailable] * 2

    assert notes.add("c") == "c"


_KILLED = """
import os, signal, sys
from sqlalchemy import event
from tests.yaguts.storage.db.test_shared_commits import Notes

url, when = sys.argv[1:]
notes = Notes(url)

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if when == "before":
    event.listen(notes.database.engine, "commit", die)
else:
    notes.database._commits._keep = die  # The connection is kept once the commit is durable.
notes.add = lambda name, add=notes.add: print(add(name), flush=True)
notes.together("a", "b", "c")
"""


@pytest.mark.parametrize(("when", "there"), [("before", []), ("after", ["a", "b", "c"])])
def test_kill_9_leaves_all_of_them_or_none(tmp_path: Path, when: str, there: list[str]) -> None:
    url = f"sqlite:///{tmp_path / 'yaguts.db'}"
    words = [sys.executable, "-c", _KILLED, url, when]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=dict(os.environ))

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert done.stdout == ""  # nobody was answered
    database = Database(url)
    with database.read() as connection:
        assert list(connection.exec_driver_sql(NOTES).scalars()) == there
    database.close()
