"""A kitchen of version 0.1 moves to a server that runs, by its page, under load and with kills."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from threading import Event, Thread

import httpx
import pytest

from tests.support.databases import BOTH, POSTGRESQL, SQLITE, Databases
from tests.support.kitchen.v01 import (
    BOARD,
    SHORT,
    every_trap,
    hashed,
    job,
    log,
    make_sqlite,
    recipe,
    spread,
)
from tests.support.page_commands import run_page
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import YAGUTS, Person, Server
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.storage import imports
from yaguts.storage.db.database import Database
from yaguts.storage.tables import jobs, movements, people

ORDERS = 1500
EACH_DOSE = ((1, "Sal", 1.0), (2, "Pimenta", 2.0))
LONGEST_S = 6.0
"""An import takes less here. As soon as one has ended, its own time is known."""
KEPT = "/srv/yaguts-v01/yaguts.db"


@pytest.mark.parametrize(
    "page",
    [
        "docs/operations/from-v01.md",
        pytest.param("docs/pt/operacao/vindo-da-v01.md", marks=pytest.mark.more),
    ],
)
def test_by_the_page(tmp_path: Path, page: str) -> None:
    """People sign in as before, and a dispenser with firmware 0.1 reports what was open."""
    old = make_sqlite(tmp_path / "old.db", every_trap())
    (tmp_path / "data").mkdir()
    environment = {"YAGUTS_DATA": str(tmp_path / "data")}

    told = run_page(page, tmp_path, instead={KEPT: old}, environment=environment)

    assert told.endswith("The books balance. The audit log is whole.\n")
    with running(Server(tmp_path / "data")) as server, signed_in(server, "Ana", SHORT) as ana:
        board = Arduino.paired(ana, BOARD)
        doses = [{"ordem": 1, "frasco": 1, "tempero": "Sal", "quantidade_g": 6.0, "segundos": 3.0},
                 {"ordem": 2, "frasco": 3, "tempero": "Orégano", "quantidade_g": 3.0,
                  "segundos": 0.75}]  # fmt: skip
        for _ in range(2):
            status, answer = board.complete(10, board.report_of({"itens": doses}))
            assert (status, answer["stock_deducted"]) == (200, True)
        assert ana.http.get("/config/robo").json()[0]["estoque_g"] == 180.0
        assert ana.job(10)["status"] == "done"
        assert board.poll() is None


@contextmanager
def running(server: Server) -> Generator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def signed_in(server: Server, name: str, password: str) -> Generator[Person]:
    """Somebody who has an account already."""
    person = object.__new__(Person)
    person.server, person.name = server, name
    person.http = httpx.Client(base_url=server.address, timeout=10)
    with person.http:
        answer = person.http.post("/auth/login", json={"nome": name, "senha": password})
        assert answer.status_code == 200, answer.text
        yield person


# Under load, with kills


def large(file: Path) -> str:
    """A database of version 0.1 with so many orders that taking them takes a while."""
    entries = [(*dose, "done") for dose in EACH_DOSE]
    rows = spread(
        usuarios=[{"id": 1, "nome": "Ana", "senha_hash": hashed(SHORT)}],
        reservatorio_config=[
            {"id": 1, "user_id": 1, "frasco": 1, "rotulo": "Sal", "g_por_seg": 2.0,
             "estoque_g": 100.0},
            {"id": 2, "user_id": 1, "frasco": 2, "rotulo": "Pimenta", "g_por_seg": 1.0,
             "estoque_g": 100.0},
        ],
        recipes=[recipe(1, "Vinagrete", *((spice, grams) for _, spice, grams in EACH_DOSE))],
        jobs=[
            job(number, *EACH_DOSE, receita_id=1, status="done", **log(*entries))
            for number in range(1, ORDERS + 1)
        ],
    )  # fmt: skip
    return make_sqlite(file, rows)


@dataclass
class Load:
    """People and a board that call the new server all the time, and the old one's writes."""

    server: Server
    old: str
    enough: Event = field(default_factory=Event)
    refused: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.person = Person(self.server, "Bia")
        self.board = Arduino.paired(self.person, "busy-board")
        work = (self.write_recipes, self.poll, self.write_old)
        self.threads = [Thread(target=self.repeat, args=(each,)) for each in work]
        for thread in self.threads:
            thread.start()

    def repeat(self, work: Callable[[], object]) -> None:
        while not self.enough.is_set():
            try:
                work()
            except Exception as error:
                self.refused.append(repr(error))
                return

    def write_recipes(self) -> None:
        self.person.recipe(Sal=1.0)

    def poll(self) -> None:
        assert self.board.poll() is None
        assert self.board.call("POST", "/devices/me/heartbeat", {})[0] == 200

    def write_old(self) -> None:
        """Version 0.1 books a report in one transaction: the stock and the order."""
        with closing(sqlite3.connect(self.old, timeout=30)) as opened, opened:
            opened.execute("UPDATE reservatorio_config SET estoque_g = estoque_g - 0.001")
            opened.execute("UPDATE jobs SET erro_msg = NULL WHERE id = 1")
        time.sleep(0.02)

    def end(self) -> None:
        self.enough.set()
        for thread in self.threads:
            thread.join()
        self.person.http.close()


@contextmanager
def under_load(server: Server, old: str) -> Generator[None]:
    """Calls all the time, none of which is refused."""
    load = Load(server, old)
    try:
        yield
    finally:
        load.end()
    assert load.refused == []


def taken(url: str) -> bool:
    """Whether the import is there: wholly, or not at all; anything in between fails."""
    database = Database(url)
    try:
        with database.read() as connection:
            done = imports.done(connection) is not None
            orders = connection.execute(jobs.select()).all()
            booked = connection.execute(movements.select()).all()
            names = {row.name for row in connection.execute(people.select())}
        assert check_ledger(database) == ()
    finally:
        database.close()
    assert len(orders) == (ORDERS if done else 0)
    assert len(booked) == (ORDERS * len(EACH_DOSE) * 3 + 2 if done else 0)
    assert ("Ana" in names) == done
    return done


def started(url: str, old: str, folder: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "YAGUTS_DATA": str(folder), "YAGUTS_DATABASE_URL": url}
    with (folder / "import.log").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, YAGUTS, "import-v01", old], env=environment, stdout=output,
            stderr=output,
        )  # fmt: skip


def kill_at_random_moments(fresh: Callable[[Path], str], folder: Path, kills: int) -> None:
    """Kill the import so many times. Whenever one was quicker, begin with another database."""
    moments, left, rounds = Moments(Random(15)), kills, 0
    while left > 0:
        rounds += 1
        place = folder / str(rounds)
        place.mkdir()
        left -= until_it_is_taken(fresh(place), place, moments, left)
    print(f"{kills} kills, {rounds} imports")


@dataclass
class Moments:
    """Random moments of an import, over all the time that one takes."""

    random: Random
    longest_s: float = LONGEST_S

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill it at one, if it has not ended before."""
        began = time.monotonic()
        try:
            process.wait(self.random.uniform(0, self.longest_s))
            self.longest_s = time.monotonic() - began
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until_it_is_taken(url: str, folder: Path, moments: Moments, most: int) -> int:
    """Import, killed up to so many times, while both servers go on; how many kills it took."""
    old, kills, done = large(folder / "v01.db"), 0, False
    server = Server(folder, YAGUTS_DATABASE_URL=url, YAGUTS_SECRET_KEY="k" * 40)
    with running(server), under_load(server, old):
        while not done and kills < most:
            kills += 1
            moments.kill(started(url, old, folder))
            done = taken(url)
        if not done:
            assert started(url, old, folder).wait(60) == 0, (folder / "import.log").read_text()
        assert taken(url)
        with signed_in(server, "Ana", SHORT) as ana:
            ordered = ana.order(ana.http.get("/receitas/").json()[0]["id"])
            assert ordered["id"] == ORDERS + 1
    return kills


@pytest.mark.more
@pytest.mark.parametrize("kind", [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.more)])
def test_killed_twice_under_load(kind: str, databases: Databases, tmp_path: Path) -> None:
    kill_at_random_moments(partial(databases.migrated, kind), tmp_path, kills=2)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", BOTH)
def test_killed_fifty_times_under_load(kind: str, databases: Databases, tmp_path: Path) -> None:
    kill_at_random_moments(partial(databases.migrated, kind), tmp_path, kills=50)
