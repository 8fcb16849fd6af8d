"""Dispensers that called lately are known without the database, for a second."""

import pytest

from tests.support.kitchen.furnished import Furnished
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Motor
from yaguts.services.runtime.polls import recognised
from yaguts.services.runtime.polls.recognised import Recognised
from yaguts.services.runtime.tokens import token_hash
from yaguts_wire import words as w


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def known_as(number: int) -> Dispenser:
    return Dispenser(number, KitchenId(1), True, None, None, None, None, None, Motor())


def test_it_is_known_for_a_second() -> None:
    clock = Clock()
    known = Recognised(clock)
    known.note("a", known_as(1))
    clock.now += 0.9
    assert known.of("a") == known_as(1)
    clock.now += 0.1
    assert known.of("a") is None
    assert known.of("b") is None


def test_a_clock_that_goes_back_is_not_believed() -> None:
    clock = Clock()
    known = Recognised(clock)
    known.note("a", known_as(1))
    clock.now -= 1
    assert known.of("a") is None


def test_what_is_new_about_a_dispenser_is_asked_for() -> None:
    known = Recognised(Clock())
    known.note("a", known_as(1))
    known.note("b", known_as(2))
    known.forget(1)
    known.forget(3)
    assert (known.of("a"), known.of("b")) == (None, known_as(2))
    known.note("c", known_as(2))  # Another token: the one before is no longer its.
    assert (known.of("b"), known.of("c")) == (None, known_as(2))
    known.clear()
    assert known.of("c") is None


def test_it_keeps_no_more_than_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognised, "MOST", 2)
    known = Recognised(Clock())
    for number, token in enumerate("abc"):
        known.note(token, known_as(number))
    assert [known.of(token) is not None for token in "abc"] == [False, False, True]


def test_a_token_that_was_revoked_a_moment_ago_starts_and_books_nothing(kitchen: Furnished) -> None:
    """Even where nobody in this process announced it."""
    job, board = kitchen.order(), kitchen.board()
    path, key = f"/devices/me/jobs/{job.id}", {w.JOB_KEY: job.key}
    for _ in range(2):
        assert board.get("/devices/me/next_job?wait=0").status_code == 200
    offered = kitchen.job(job.id)
    assert kitchen.site.recognised.of(token_hash(kitchen.token)) is not None
    with kitchen.site.database.write() as connection:
        connection.exec_driver_sql("UPDATE dispensers SET token_hash = 'another'")
    answer = board.post(f"{path}/accept", json=key | {w.ACCEPTANCE: 1})
    assert answer.status_code == 401
    for report in ("complete", "status"):
        answer = board.post(f"{path}/{report}", json={**key, "status": "started"})
        assert answer.status_code == 401
    assert kitchen.job(job.id) == offered
    assert board.get("/devices/me/next_job?wait=0").status_code == 401
    assert board.get("/devices/me/next_job").status_code == 401
