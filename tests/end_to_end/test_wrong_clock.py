"""A real server whose clock was wrong, and a real board: both run, the clock alone is faked."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.support.components import clock_wrong_by
from tests.support.processes.kitchen import (
    PASSWORD,
    Dispenser,
    Person,
    Server,
    eventually,
    running_server,
)

KEPT = ("trail", "sessions", "attempts", "invitations", "claim_codes")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, which has run with the right clock."""
    clock_wrong_by("+0")  # without the means there is nothing to try
    with running_server(tmp_path) as server:
        yield server


@pytest.mark.more
@pytest.mark.parametrize("back", [("+0", "+8h"), ("+8h",)], ids=["at once", "at night"])
def test_an_order_from_a_clock_that_was_a_day_ahead_is_not_poured_eight_hours_later(
    person: Person,
    server: Server,
    dispenser: Callable[..., Dispenser],
    back: tuple[str, ...],
) -> None:
    board = dispenser(vm="cpython")
    server.restart("+1d")
    eventually(person.online)
    board.kill()
    ordered = person.order(person.recipe(Sal=4.0))

    for clock in back:
        server.restart(clock)
        assert not person.online()

    board.start()
    eventually(person.online)
    assert person.finished(ordered["id"])["status"] == "failed"
    later = person.order(person.recipe(Pimenta=0.5))
    assert person.finished(later["id"])["status"] == "done"
    assert not board.pouring(1)
    assert board.on_time_ms(2) > 0
    assert person.stock(1) == 100.0


@pytest.mark.more
def test_a_job_under_way_while_the_clock_was_a_day_ahead_ends(
    person: Person, server: Server, dispenser: Callable[..., Dispenser], tmp_path: Path
) -> None:
    board = dispenser(vm="cpython")
    server.restart("+1d")
    eventually(person.online)
    job = person.order(person.recipe(Sal=40.0))
    eventually(lambda: board.pouring(1))
    board.kill()

    server.restart("+1h")
    eventually(lambda: _heard_lately(tmp_path))
    server.restart("+2h")

    assert person.finished(job["id"])["status"] == "failed"


def _heard_lately(folder: Path) -> bool:
    """Whether the wait for the job has begun anew, less than a day ahead."""
    with closing(sqlite3.connect(folder / "yaguts.db")) as database:
        sql = "SELECT heard_at < datetime('now', '+12 hours') FROM jobs ORDER BY id DESC LIMIT 1"
        return bool(database.execute(sql).fetchone()[0])


@pytest.mark.more
@pytest.mark.parametrize("wrong", ["+730d", pytest.param("-730d", marks=pytest.mark.more)])
def test_a_clock_that_was_wrong_by_two_years_removes_nothing_and_signs_nobody_out(
    person: Person, server: Server, tmp_path: Path, wrong: str
) -> None:
    account = {"nome": person.name, "senha": PASSWORD}
    person.http.post("/auth/login", json={**account, "senha": "errada demais"})
    person.http.post("/casa/convites").raise_for_status()
    person.code()
    log = person.http.get("/auditoria").json()
    before = _counted(tmp_path)

    server.restart(wrong)
    with httpx.Client(base_url=server.address) as elsewhere:
        assert elsewhere.post("/auth/login", json=account).status_code == 200
        elsewhere.post("/casa/convites").raise_for_status()
        elsewhere.post("/devices/claims").raise_for_status()
    server.restart()

    assert person.http.get("/auth/me").status_code == 200
    assert person.http.get("/auditoria").json()[-len(log) :] == log
    gone = {table: count - _counted(tmp_path)[table] for table, count in before.items()}
    assert {table for table, lost in gone.items() if lost > 0} == set()
    person.order(person.recipe(Sal=1.0))


def _counted(folder: Path) -> dict[str, int]:
    with closing(sqlite3.connect(folder / "yaguts.db")) as database:
        return {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in KEPT
        }
