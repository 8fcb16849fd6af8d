"""A board that asks takes the place of a silent one, once."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.support.kitchen.furnished import Furnished, a_log
from yaguts.services.delivery import expiry
from yaguts.storage import dispensers
from yaguts.storage.ledger_check import inconsistencies
from yaguts.storage.tables import jars


@pytest.fixture
def old(kitchen: Furnished) -> TestClient:
    board = kitchen.board()
    assert poll(board) is None
    return board


@pytest.fixture
def new(kitchen: Furnished, old: TestClient) -> TestClient:
    assert old
    kitchen.clock.passes(minutes=1)
    return kitchen.board(kitchen.another_board())


def poll(board: TestClient) -> dict[str, object] | None:
    answer = board.get("/devices/me/next_job")
    return None if answer.status_code == 204 else answer.json()


def test_a_new_board_gets_the_jobs_of_a_silent_one(kitchen: Furnished, new: TestClient) -> None:
    kitchen.clock.passes(hours=2)
    job = kitchen.order()
    fetched = poll(new)

    assert fetched is not None
    assert fetched["id"] == job.id
    done = new.post(f"/devices/me/jobs/{job.id}/complete", json=a_log(fetched))
    assert done.json()["stock_deducted"]
    assert kitchen.job(job.id).dispenser_id == kitchen.dispenser_id


def test_not_before_an_hour(kitchen: Furnished, new: TestClient) -> None:
    kitchen.clock.passes(minutes=58)
    kitchen.order()

    assert poll(new) is None


def test_two_living_boards_do_not_take_turns(
    kitchen: Furnished, old: TestClient, new: TestClient
) -> None:
    kitchen.clock.passes(hours=2)
    kitchen.order()
    assert poll(old) is not None
    kitchen.clock.passes(hours=2)

    assert poll(new) is None


def test_the_old_board_reports_late_and_gets_no_more(kitchen: Furnished, old: TestClient) -> None:
    first = kitchen.order()
    late = poll(old)
    assert late is not None
    kitchen.clock.passes(minutes=1)
    new = kitchen.board(kitchen.another_board())
    kitchen.clock.passes(hours=2)
    expiry.sweep(kitchen.site)
    second = kitchen.order()
    assert poll(new) is not None

    for _ in range(2):
        done = old.post(f"/devices/me/jobs/{first.id}/complete", json=a_log(late))
        assert done.json()["stock_deducted"]
    kitchen.clock.passes(hours=2)
    assert poll(old) is None
    foreign = old.post(f"/devices/me/jobs/{second.id}/complete", json=a_log(late))
    assert not foreign.json()["stock_deducted"]
    with kitchen.site.database.read() as connection:
        assert not list(inconsistencies(connection))


def test_a_board_with_jars_of_its_own_stays_where_it_is(
    kitchen: Furnished, new: TestClient
) -> None:
    with kitchen.site.database.write() as connection:
        own = next(d for d in dispensers.of(connection, kitchen.person.id) if not d.is_default)
        labelled = update(jars).where(jars.c.dispenser_id == own.id, jars.c.number == 1)
        connection.execute(labelled.values(label="Sal"))
    kitchen.clock.passes(hours=2)
    kitchen.order()

    assert poll(new) is None
