"""Polls for which there is nothing are answered without the database, and never wrongly."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Thread

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.people import Actor
from yaguts.http.lean import idle_polls
from yaguts.services.dispensers import last_seen, pairing
from yaguts.services.jobs import orders
from yaguts.services.people import administration
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.polls.idle import KNOWN_FOR_S
from yaguts.services.runtime.tokens import token_hash
from yaguts.storage import dispensers
from yaguts.storage.db.database import Connection

NEXT = "/devices/me/next_job"


@pytest.fixture
def board(kitchen: Furnished) -> TestClient:
    """A board that has polled, so that it is known."""
    board = kitchen.board()
    for _ in range(2):
        assert board.get(NEXT).status_code == 204
    return board


@contextmanager
def statements(site: Site) -> Generator[list[str]]:
    """What is said to the database meanwhile."""
    said: list[str] = []

    def hear(*told: object) -> None:
        said.append(str(told[2]))

    event.listen(site.database.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(site.database.engine, "before_cursor_execute", hear)


def stored(kitchen: Furnished) -> object:
    """When the database says that the board was heard of."""
    with kitchen.site.database.read() as connection:
        return dispensers.last_seen(connection, [kitchen.dispenser_id])[kitchen.dispenser_id]


@pytest.mark.parametrize("headers", [{}, {"Yaguts-Holding": ""}, {"Yaguts-Holding": "a key"}])
def test_an_idle_poll_touches_no_database(
    kitchen: Furnished, board: TestClient, headers: dict[str, str]
) -> None:
    with statements(kitchen.site) as said:
        for _ in range(10):
            assert board.get(NEXT, headers=headers).status_code == 204
    assert said == []


def test_an_idle_poll_has_nothing_of_fastapis_in_memory(
    kitchen: Furnished, board: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kitchen.home.app, "middleware_stack", "not called")
    assert board.get(NEXT).status_code == 204


def test_a_look_is_shared_by_all_who_poll_in_a_second(
    kitchen: Furnished, board: TestClient
) -> None:
    for _ in range(3):
        kitchen.clock.passes(seconds=KNOWN_FOR_S)
        kitchen.order(Sal=1)  # There is something new, if only for this one.
        orders.cancel_active(kitchen.site, kitchen.person.kitchen_id, by=kitchen.actor)
        with statements(kitchen.site) as said:
            board.get(NEXT)
            first = len(said)
            board.get(NEXT)
        assert len(said) == first


def test_where_nothing_changed_a_look_reads_no_row(kitchen: Furnished, board: TestClient) -> None:
    kitchen.clock.passes(seconds=KNOWN_FOR_S)
    board.get(NEXT)
    kitchen.clock.passes(seconds=KNOWN_FOR_S)
    with statements(kitchen.site) as said:
        board.get(NEXT)
    assert said == []


def test_an_order_is_there_at_once(kitchen: Furnished, board: TestClient) -> None:
    kitchen.order(Sal=1)
    assert board.get(NEXT).status_code == 200


def test_an_order_of_another_process_is_there_a_second_later(
    kitchen: Furnished, board: TestClient
) -> None:
    kitchen.site.hub.told_first = lambda _topic, _event: None  # Nobody tells this process.
    kitchen.order(Sal=1)
    assert board.get(NEXT).status_code == 204
    kitchen.clock.passes(seconds=KNOWN_FOR_S)
    assert board.get(NEXT).status_code == 200


def test_an_order_that_comes_while_somebody_looks_is_not_overlooked(
    kitchen: Furnished, board: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(connection: Connection) -> dict[str, int]:
        found = look(connection)
        told = Thread(target=lambda: kitchen.site.idle.wake(kitchen.dispenser_id))
        told.start()
        told.join()
        return found

    from yaguts.services.runtime.polls import idle  # noqa: PLC0415

    look = idle.idle_boards
    monkeypatch.setattr(idle, "idle_boards", slow)
    kitchen.site.idle.forget()
    with statements(kitchen.site) as said:
        board.get(NEXT)
    assert any("jobs" in each for each in said[1:]), "the database was asked for this board"


def test_what_is_new_while_somebody_looks_at_an_old_state_is_looked_at_again(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgotten_meanwhile(connection: Connection) -> dict[str, int]:
        found = look(connection)
        kitchen.site.idle.forget()
        return found

    from yaguts.services.runtime.polls import idle  # noqa: PLC0415

    look = idle.idle_boards
    monkeypatch.setattr(idle, "idle_boards", forgotten_meanwhile)
    kitchen.site.idle.look(kitchen.site.database)
    assert not kitchen.site.idle.is_fresh


Revoke = Callable[[Household, Furnished], object]
REVOKED: dict[str, Revoke] = {
    "unpaired": lambda _, kitchen: pairing.unpair(
        kitchen.site, kitchen.person.kitchen_id, kitchen.dispenser_id, Actor(kitchen.person.id)
    ),
    "disabled": lambda _, kitchen: administration.disable(kitchen.site, kitchen.person),
    "deleted": lambda _, kitchen: administration.forget(kitchen.site, kitchen.person),
    "paired anew": lambda home, kitchen: home.board(
        kitchen.browser(), f"board of {kitchen.person.name}"
    ),
}


@pytest.mark.parametrize("how", REVOKED)
def test_a_token_that_was_revoked_opens_nothing(
    home: Household, kitchen: Furnished, board: TestClient, how: str
) -> None:
    REVOKED[how](home, kitchen)
    assert board.get(NEXT).status_code in (401, 403)


@pytest.mark.parametrize(
    "unusual",
    ["?wait=-1", "?wait=1e9", "?wait=abc", "?wait=" + "9" * 400],
)
def test_what_is_wrong_is_refused_as_before(board: TestClient, unusual: str) -> None:
    assert board.get(NEXT + unusual).status_code == 422


def test_signs_of_life_are_gathered_and_stored_together(
    kitchen: Furnished, board: TestClient
) -> None:
    kitchen.clock.passes(seconds=30)
    with statements(kitchen.site) as said:
        board.get(NEXT)
    assert not any("UPDATE" in each for each in said)
    last_seen.store(kitchen.site)
    assert stored(kitchen) == kitchen.clock()
    assert kitchen.site.signs_of_life.gathered() == {}


def test_what_comes_after_a_silence_is_stored_at_once(
    kitchen: Furnished, board: TestClient
) -> None:
    kitchen.clock.passes(minutes=5)
    board.get(NEXT)
    assert stored(kitchen) == kitchen.clock()


def test_those_who_come_back_together_share_looks_and_commits(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a server with ten thousand of them begins anew."""
    kitchen.clock.passes(minutes=5)
    poll, scope = idle_polls._Poll(token_hash(kitchen.token), 0), {"client": None}  # noqa: SLF001
    looks, stores = list[Site](), list[Site]()
    look, store = kitchen.site.idle.look, idle_polls.store_returning
    monkeypatch.setattr(kitchen.site.idle, "look", lambda of: (looks.append(of), look(of)))
    monkeypatch.setattr(idle_polls, "store_returning", lambda of: (stores.append(of), store(of)))

    async def polled() -> list[float | None]:
        each = (idle_polls._held_until_busy(kitchen.site, poll, scope) for _ in range(50))  # noqa: SLF001
        return await asyncio.gather(*each)

    assert asyncio.run(polled()) == [None] * 50
    assert (len(looks), len(stores)) == (1, 1)
    assert stored(kitchen) == kitchen.clock()


def test_the_rest_of_a_held_poll_is_no_sign_of_life(
    kitchen: Furnished, board: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its board may be gone: a server learns that when it answers."""

    def held(_site: Site, _dispenser_id: int, more: int) -> None:
        if more > 0:
            kitchen.clock.passes(seconds=20)
            kitchen.order(Sal=1)

    routes = list[str]()

    def counted(_method: str, route: str, *_more: object) -> None:
        routes.append(route)

    monkeypatch.setattr(idle_polls, "_held", held)
    monkeypatch.setattr(kitchen.site.observer, "counts", True)
    monkeypatch.setattr(kitchen.site.observer, "request", counted)
    kitchen.clock.passes(minutes=5)
    began = kitchen.clock()

    assert board.get(f"{NEXT}?wait=5").status_code == 200
    assert stored(kitchen) == began
    assert routes == [NEXT]


def test_a_later_sign_of_life_is_not_put_back(kitchen: Furnished, board: TestClient) -> None:
    kitchen.clock.passes(seconds=30)
    board.get(NEXT)
    kitchen.clock.passes(seconds=2)
    board.post("/devices/me/heartbeat", json={})
    last_seen.store(kitchen.site)
    assert stored(kitchen) == kitchen.clock()
