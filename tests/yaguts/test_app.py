"""The server's life, from its start to its end."""

from threading import Event

import pytest

from tests.support.kitchen.household import Household
from yaguts import app as program
from yaguts.services.runtime.context import Site

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
