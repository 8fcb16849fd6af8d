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
from yaguts.storage.db.database import Database
from yaguts.storage.db.turns import Turns
from yaguts.storage.db.waits import Aside, Gate, on_loop

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


async def cancelled(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_who_is_cancelled_while_waiting_leaves_the_queue() -> None:
    turns = Turns()

    def write() -> None:
        with turns.one():
            pass

    turns.take()
    waiting = asyncio.create_task(on_loop(write))
    await goes_on()
    await cancelled(waiting)
    assert not turns.is_awaited
    turns.give_up()
    await on_loop(write)


async def test_who_is_cancelled_when_the_turn_is_theirs_gives_it_up() -> None:
    turns = Turns()

    def write() -> None:
        with turns.one():
            pass

    turns.take()
    waiting = asyncio.create_task(on_loop(write))
    await goes_on()
    turns.give_up()  # It is theirs now, and they have not heard of it.
    await cancelled(waiting)
    await asyncio.wait_for(on_loop(write), 30)


async def test_what_has_begun_aside_is_waited_for_by_who_is_cancelled() -> None:
    aside, may_end, ended = Aside(), Event(), list[bool]()

    def work() -> None:
        may_end.wait(30)
        ended.append(True)

    task = asyncio.create_task(on_loop(partial(aside.run, work)))
    await goes_on()
    task.cancel()
    await goes_on()
    assert not task.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [True]
    aside.close()


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

    class Call:
        def __call__(self) -> str:
            workers.add(id(getcurrent()))
            return spoken.get()

    async def speak(word: str) -> tuple[str, weakref.ref[Call]]:
        spoken.set(word)
        call = Call()
        return await on_loop(call), weakref.ref(call)

    async def main() -> None:
        for word in ("um", "dois"):
            told, call = await asyncio.create_task(speak(word))
            assert (told, call()) == (word, None)

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


def test_calls_that_wait_for_ever_end_with_their_loop() -> None:
    ended = list[str]()

    def wait() -> None:
        try:
            Gate().wait()
        finally:
            ended.append("undone")

    async def main() -> None:
        asyncio.create_task(on_loop(wait))  # noqa: RUF006
        await goes_on()

    asyncio.run(main())
    assert ended == ["undone"]
