"""Who writes on an event loop keeps nobody else on it waiting."""

import asyncio
import gc
import sqlite3
import weakref
from collections.abc import Callable
from contextlib import closing
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from greenlet import getcurrent
from sqlalchemy import event, text

from yaguts.domain.errors import Unavailable
from yaguts.storage.db.database import Database, after_commit
from yaguts.storage.db.turns import Turns
from yaguts.storage.db.waits import (
    MOST_KEPT,
    Aside,
    Gate,
    _Worker,  # pyright: ignore[reportPrivateUsage]
    on_loop,
)

ADD = text("INSERT INTO notes VALUES (:text)")
TURNS = 100
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def goes_on() -> None:
    """The loop runs so many turns meanwhile."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


def database_in(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'yaguts.db'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE notes (text TEXT)"))
    return database


def add(database: Database, name: str) -> None:
    with database.write(shared=True) as connection:
        connection.execute(ADD, {"text": name})


def stored(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(text("SELECT text FROM notes")).scalars())


def workers() -> list[_Worker]:
    """All that are in memory, of any thread."""
    return [each for each in gc.get_objects() if isinstance(each, _Worker)]


def test_no_more_than_some_greenlets_are_left_of_many_calls() -> None:
    """In a thread of its own, which has kept none yet."""
    before = weakref.WeakSet[_Worker](workers())
    while_they_wait, after = list[int](), list[int]()

    def alive() -> int:
        return sum(each not in before for each in workers())

    async def many_calls() -> None:
        gate = Gate()
        calls = [asyncio.create_task(on_loop(gate.wait)) for _ in range(2 * MOST_KEPT)]
        await goes_on()
        while_they_wait.append(alive())
        gate.open()
        await asyncio.gather(*calls)
        after.append(alive())

    thread = Thread(target=lambda: [asyncio.run(many_calls()) for _ in range(2)])
    thread.start()
    thread.join()
    assert min(while_they_wait) >= 2 * MOST_KEPT
    assert max(after) <= MOST_KEPT


async def test_an_open_gate_keeps_nobody() -> None:
    gate = Gate()
    gate.open()
    await on_loop(gate.wait)
    gate.wait()


@pytest.mark.parametrize("opener", ["loop", "thread"])
async def test_a_gate_opens_for_threads_and_for_the_loop(opener: str) -> None:
    gate, passed = Gate(), list[str]()

    def pass_through(name: str) -> None:
        gate.wait()
        passed.append(name)

    thread = Thread(target=pass_through, args=("thread",))
    thread.start()
    task = asyncio.create_task(on_loop(partial(pass_through, "loop")))
    await goes_on()
    assert passed == []
    if opener == "loop":
        gate.open()
    else:
        await asyncio.to_thread(gate.open)
    await task
    await asyncio.to_thread(thread.join)
    assert sorted(passed) == ["loop", "thread"]


async def test_the_loop_goes_on_during_a_commit(tmp_path: Path) -> None:
    database, may_end = database_in(tmp_path), Event()
    event.listen(database.engine, "commit", lambda _: may_end.wait(30))
    first = asyncio.create_task(on_loop(partial(add, database, "a")))
    second = asyncio.create_task(on_loop(partial(add, database, "b")))
    await goes_on()
    assert await on_loop(partial(stored, database)) == []  # Reading goes on, too.
    may_end.set()
    await asyncio.gather(first, second)
    assert stored(database) == ["a", "b"]
    database.close()


async def test_the_loop_goes_on_while_another_process_writes(tmp_path: Path) -> None:
    database = database_in(tmp_path)
    with closing(sqlite3.connect(tmp_path / "yaguts.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        task = asyncio.create_task(on_loop(partial(add, database, "a")))
        await goes_on()
        assert not task.done()
        other.execute("COMMIT")
        await task
    assert stored(database) == ["a"]
    database.close()


@pytest.mark.more
async def test_the_lock_of_another_process_is_not_waited_for_without_end(tmp_path: Path) -> None:
    database = database_in(tmp_path)
    with closing(sqlite3.connect(tmp_path / "yaguts.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            await on_loop(partial(add, database, "a"))
        other.execute("COMMIT")
    await on_loop(partial(add, database, "b"))
    assert stored(database) == ["b"]
    database.close()


async def test_who_is_cancelled_makes_the_call_to_its_end() -> None:
    turns, wrote = Turns(), list[str]()

    def write(name: str) -> None:
        with turns.one():
            wrote.append(name)

    turns.take()
    waiting = [asyncio.create_task(on_loop(partial(write, name))) for name in "ab"]
    await goes_on()
    waiting[0].cancel()
    await goes_on()
    waiting[0].cancel()
    await goes_on()
    assert not waiting[0].done()
    turns.give_up()
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]
    await waiting[1]
    assert wrote == ["a", "b"]


async def test_the_commit_of_who_is_cancelled_is_that_of_all(tmp_path: Path) -> None:
    database, may_end, told = database_in(tmp_path), Event(), list[str]()
    event.listen(database.engine, "commit", lambda _: may_end.wait(30))

    def add_and_tell(name: str) -> None:
        with database.write(shared=True) as connection:
            connection.execute(ADD, {"text": name})
            after_commit(connection, lambda: told.append(name))

    with database._commits._turns.one():  # noqa: SLF001
        tasks = [asyncio.create_task(on_loop(partial(add_and_tell, name))) for name in "abc"]
        await goes_on()
    await goes_on()
    tasks[2].cancel()  # It commits for all of them.
    tasks[1].cancel()  # It waits for that.
    await goes_on()
    may_end.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), *[asyncio.CancelledError] * 2]
    assert stored(database) == sorted(told) == ["a", "b", "c"]
    database.close()


async def test_a_database_that_was_closed_is_opened_again(tmp_path: Path) -> None:
    database = database_in(tmp_path)
    await on_loop(partial(add, database, "a"))
    database.close()
    await on_loop(partial(add, database, "b"))
    assert stored(database) == ["a", "b"]
    database.close()


async def test_a_gate_opens_for_all_though_a_loop_is_closed() -> None:
    gate, loop = Gate(), asyncio.new_event_loop()

    async def begin() -> None:
        begun.append(asyncio.create_task(on_loop(gate.wait)))
        await goes_on()

    begun = list[asyncio.Task[None]]()
    await asyncio.to_thread(loop.run_until_complete, begin())
    loop.close()
    here = asyncio.create_task(on_loop(gate.wait))
    await goes_on()
    gate.open()
    await here


@pytest.mark.parametrize("where", ["loop", "thread"])
async def test_what_fails_aside_fails_for_the_caller(where: str) -> None:
    aside = Aside()

    def fail() -> None:
        raise ZeroDivisionError

    def run(function: Callable[[], None]) -> None:
        with pytest.raises(ZeroDivisionError):
            aside.run(function)

    await (on_loop(partial(run, fail)) if where == "loop" else asyncio.to_thread(run, fail))
    aside.close()


def test_a_worker_serves_one_call_after_another() -> None:
    """It keeps nothing of a call that has ended, and each call has its own context."""
    spoken = ContextVar("spoken", default="")
    workers = set[int]()

    class Told:
        def __init__(self) -> None:
            self.word = spoken.get()

    class Call:
        def __call__(self) -> Told:
            workers.add(id(getcurrent()))
            return Told()

    async def speak(word: str) -> tuple[str, list[weakref.ref[Any]]]:
        spoken.set(word)
        call = Call()
        told = await on_loop(call)
        return told.word, [weakref.ref(call), weakref.ref(told)]

    async def main() -> None:
        for word in ("um", "dois"):
            told, kept = await asyncio.create_task(speak(word))
            assert (told, [one() for one in kept]) == (word, [None, None])

    asyncio.run(main())
    assert len(workers) == 1


def test_an_error_does_not_refer_to_itself() -> None:
    class Failed(Exception):
        pass

    def fail() -> None:
        raise Failed

    async def failed() -> "weakref.ref[BaseException]":
        aside = Aside()
        try:
            await on_loop(partial(aside.run, fail))
        except Failed as error:
            return weakref.ref(error)
        finally:
            aside.close()
        raise AssertionError

    gc.disable()
    try:
        assert asyncio.run(failed())() is None
    finally:
        gc.enable()
