"""Two processes on one SQLite file, which tell each other nothing: a poll is held in this one."""

from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from tests.support.databases import SQLITE, Databases
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.processes.kitchen import eventually
from yaguts.app import open_site
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services.dispensers import last_seen
from yaguts.services.jobs import orders
from yaguts.services.runtime.polls.idle import KNOWN_FOR_S
from yaguts.settings import Settings
from yaguts.storage import dispensers

NEXT = "/devices/me/next_job"
OFTEN_S, NEVER_S = 0.02, 3_600.0
SHORT_S, LONG_S = 0.4, 25


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> str:
    return databases.migrated(SQLITE, tmp_path)


@pytest.fixture(scope="module")
def elsewhere() -> Generator[ProcessPoolExecutor]:
    """Another process."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        yield process


def order(url: str, kitchen_id: KitchenId, recipe_id: int, now: datetime) -> None:
    """What the other process does when somebody orders."""
    site = open_site(Settings(url, "a secret"), lambda: now)
    orders.order(site, kitchen_id, orders.Order(recipe_id), by=Actor(None))
    site.database.close()


def hear_of(url: str, boards: Sequence[int], now: datetime) -> None:
    """What it does every few seconds with the signs of life of idle boards."""
    site = open_site(Settings(url, "a secret"), lambda: now)
    for dispenser_id in boards:
        site.signs_of_life.gather(dispenser_id, now)
    last_seen.store(site)
    site.database.close()


@contextmanager
def serving(folder: Path, url: str, look_again_s: float) -> Generator[Furnished]:
    home = Household(folder, migrated=True, database_url=url, polls_look_again_s=look_again_s)
    yield Furnished(home)
    home.close()


@contextmanager
def polling(
    kitchen: Furnished, board: TestClient, wait_s: float
) -> Generator[Future[httpx.Response]]:
    """A poll that is held, and what it came to."""
    with ThreadPoolExecutor(1) as thread:
        poll = thread.submit(board.get, f"{NEXT}?wait={wait_s}")
        eventually(lambda: kitchen.site.idle.is_held)
        yield poll


def order_elsewhere(elsewhere: ProcessPoolExecutor, kitchen: Furnished) -> None:
    url, of = kitchen.site.settings.database_url, kitchen.person.kitchen_id
    elsewhere.submit(order, url, of, kitchen.recipe(), kitchen.clock()).result()


def look(kitchen: Furnished) -> None:
    """Let what is known grow old, and this process look."""
    kitchen.clock.passes(seconds=KNOWN_FOR_S)
    eventually(lambda: kitchen.site.idle.is_fresh)


def test_an_order_there_wakes_the_poll_that_is_held_here(
    tmp_path: Path, database_url: str, elsewhere: ProcessPoolExecutor
) -> None:
    with serving(tmp_path, database_url, OFTEN_S) as kitchen, kitchen.board() as board:
        board.get(NEXT)
        with polling(kitchen, board, LONG_S) as poll:
            order_elsewhere(elsewhere, kitchen)
            look(kitchen)
            assert poll.result().status_code == 200


def test_boards_that_were_heard_of_there_wake_nobody_here(
    tmp_path: Path,
    database_url: str,
    elsewhere: ProcessPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    woken: list[str] = []
    with serving(tmp_path, database_url, OFTEN_S) as kitchen, kitchen.board() as board:
        kitchen.another_board()
        board.get(NEXT)
        both = [kitchen.dispenser_id, kitchen.dispenser_id + 1]
        monkeypatch.setattr(kitchen.site.hub, "deliver", lambda topic, _: woken.append(topic))
        with polling(kitchen, board, LONG_S) as poll:
            kitchen.clock.passes(seconds=20)
            now = kitchen.clock()
            elsewhere.submit(hear_of, database_url, both, now).result()
            for _ in range(2):  # The second look begins when the first has woken whom it found.
                look(kitchen)
            assert woken == []
            with kitchen.site.database.read() as connection:
                assert dispensers.last_seen(connection, both) == dict.fromkeys(both, now)
            monkeypatch.undo()
            kitchen.order()
            assert poll.result().status_code == 200


def test_a_lost_waking_costs_one_wait(
    tmp_path: Path, database_url: str, elsewhere: ProcessPoolExecutor
) -> None:
    with serving(tmp_path, database_url, NEVER_S) as kitchen, kitchen.board() as board:
        board.get(NEXT)
        with polling(kitchen, board, SHORT_S) as poll:
            order_elsewhere(elsewhere, kitchen)
            assert poll.result().status_code == 204
        kitchen.clock.passes(seconds=KNOWN_FOR_S)
        assert board.get(NEXT).status_code == 200
