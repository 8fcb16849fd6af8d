"""Python searches all objects for garbage seldom, and the server has it do so."""

import gc
import weakref
from pathlib import Path
from time import monotonic, sleep

from starlette.testclient import TestClient

from yaguts.app import create_app
from yaguts.services.ops.garbage import searched_for_seldom
from yaguts.settings import Settings
from yaguts.storage.db.migrate import upgrade


class Knot:
    """It refers to itself, so that no count of references frees it."""

    def __init__(self) -> None:
        self.itself = self


def old() -> "weakref.ref[Knot]":
    """One that nobody holds any more, and that only a full search finds."""
    knot = Knot()
    gc.collect()
    return weakref.ref(knot)


def test_only_a_full_search_is_seldom() -> None:
    before = gc.get_threshold()
    with searched_for_seldom():
        young, growing, full = gc.get_threshold()
        assert (young, growing) == before[:2]
        assert full > 10_000_000
    assert gc.get_threshold() == before


def test_the_server_searches_all_objects_now_and_then(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'yaguts.db'}"
    upgrade(url)
    app = create_app(Settings(database_url=url, secret_key="a" * 64, search_garbage_every_s=0.01))
    with TestClient(app):
        knot, until = old(), monotonic() + 30
        while knot() is not None:
            assert monotonic() < until
            sleep(0.01)
