"""The server's life, from its start to its end."""

import sqlite3
from threading import Event

import pytest

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.processes.kitchen import eventually
from yaguts import app as program
from yaguts.services.dispensers import device_tokens, dispensers
from yaguts.services.runtime.chores import Chores
from yaguts.services.runtime.context import Site
from yaguts.storage import lived_through
from yaguts.storage.db.database import Database

BEFORE_IT_COULD_CLOSE_S = 0.1


def test_a_sweep_under_way_has_its_database_to_the_end(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, told_to_stop, closed = Event(), Event(), Event()
    found_closed: list[bool] = []

    def a_long_sweep(_site: Site) -> None:
        began.set()
        told_to_stop.wait()
        found_closed.append(closed.wait(BEFORE_IT_COULD_CLOSE_S))

    monkeypatch.setattr(program, "sweep", a_long_sweep)
    monkeypatch.setattr(home.site.hub, "close", told_to_stop.set)
    monkeypatch.setattr(home.site.database, "close", closed.set)

    with home.browser():
        began.wait()

    assert closed.is_set()
    assert found_closed == [False]


def test_a_sweep_goes_on_whatever_fails_with_virtual_boards(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, swept = Event(), Event()

    def refuse() -> None:
        looked.set()
        raise PermissionError

    monkeypatch.setattr(home.site.boards, "clear", refuse)
    monkeypatch.setattr(program, "sweep_alerts", lambda _site: swept.set())
    with home.browser():
        assert looked.wait(20)
        assert swept.wait(20)


@pytest.mark.parametrize("ours", [True, False])
def test_each_process_ends_virtual_boards_and_one_starts_them_again(
    home: Household, monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    done = list[str]()
    monkeypatch.setattr(Chores, "are_ours", lambda _: ours)
    monkeypatch.setattr(home.site.boards, "clear", lambda: done.append("clear"))
    monkeypatch.setattr(home.site.boards, "start_again", lambda: done.append("start again"))
    with home.browser():
        eventually(lambda: done)

    assert set(done) == ({"clear", "start again"} if ours else {"clear"})


def test_held_polls_are_looked_after_however_a_look_fails(
    home: Household, kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = list[str]()

    def look(_database: Database) -> None:
        looks.append("a look")
        if len(looks) == 1:
            raise sqlite3.DatabaseError("nobody expects this")

    monkeypatch.setattr(kitchen.site.idle, "look", look)
    kitchen.site.idle.held(kitchen.dispenser_id, 1)
    with home.browser():
        eventually(lambda: len(looks) > 1)


def test_each_sweep_puts_right_what_a_clock_ahead_has_stored(
    home: Household, kitchen: Furnished
) -> None:
    kitchen.clock.jumps(days=1)
    device_tokens.authenticate(kitchen.site, kitchen.token)
    kitchen.clock.jumps(days=-1)

    def forgotten() -> bool:
        one = dispensers.find(kitchen.site, kitchen.person.id, kitchen.dispenser_id)
        return one.last_seen_at is None

    with home.browser():
        eventually(forgotten)
        with home.site.database.read() as connection:
            assert lived_through.read(connection) == home.clock()
