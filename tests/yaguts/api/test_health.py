"""Whether the server lives, and whether it can do its work: a disk that is full shows."""

from pathlib import Path

import pytest

from tests.support.databases import SQLITE, Databases
from tests.support.kitchen.disks import Disk
from tests.support.kitchen.household import Household
from yaguts.services.ops import health
from yaguts.services.runtime.observer import KEPT_S


def answers(home: Household) -> dict[str, int]:
    browser = home.browser()
    return {path: browser.get(path).status_code for path in ("/healthz", "/readyz")}


def test_a_server_that_can_write_is_ready(home: Household) -> None:
    assert answers(home) == {"/healthz": 200, "/readyz": 200}
    assert home.browser().get("/readyz").json() == {"status": "ok"}


def test_a_full_disk_is_alive_and_not_ready(databases: Databases, tmp_path: Path) -> None:
    url = databases.migrated(SQLITE, tmp_path)
    home, disk = Household(tmp_path, migrated=True, database_url=url), Disk()
    disk.serve(home.site.database)
    assert answers(home) == {"/healthz": 200, "/readyz": 200}

    disk.full_from = disk.writes + 1
    assert answers(home)["/readyz"] == 200  # the answer is kept
    home.clock.passes(seconds=KEPT_S)
    assert answers(home) == {"/healthz": 200, "/readyz": 503}

    disk.full_from = None
    assert answers(home)["/readyz"] == 503
    home.clock.passes(seconds=KEPT_S)
    assert answers(home)["/readyz"] == 200
    home.close()


def test_it_is_tried_once_in_ten_seconds(databases: Databases, tmp_path: Path) -> None:
    url = databases.migrated(SQLITE, tmp_path)
    home, disk = Household(tmp_path, migrated=True, database_url=url), Disk()
    disk.serve(home.site.database)
    answers(home)
    written = disk.writes
    assert written > 0

    for _ in range(20):
        answers(home)
    assert disk.writes == written

    home.clock.passes(seconds=KEPT_S)
    answers(home)
    assert disk.writes > written
    home.close()


def test_a_disk_with_hardly_any_room_counts_as_full(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "ROOM", 1 << 60)

    assert answers(home) == {"/healthz": 200, "/readyz": 503}


def test_trying_leaves_nothing_behind(home: Household) -> None:
    browser = home.browser()
    for _ in range(3):
        assert browser.get("/readyz").status_code == 200
        home.clock.passes(seconds=KEPT_S)

    with home.site.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM attempts").scalar_one() == 0
