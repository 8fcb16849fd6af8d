"""Calls of dispensers are answered without solving dependencies, and by the same rules."""

from collections.abc import Callable
from typing import Any

import anyio.to_thread
import pytest
from fastapi import APIRouter

from tests.support.kitchen.household import Household
from yaguts.http.access import AddressDep, DispenserDep, SiteDep
from yaguts.http.lean.route import DispenserRoute
from yaguts.services.runtime.threads import prepare_loop
from yaguts_wire import words as w

CALLS = {
    "/devices/me/heartbeat": {},
    "/devices/me/jobs/7/accept": {w.JOB_KEY: "a"},
    "/devices/me/jobs/7/complete": {},
}


@pytest.fixture
def hops(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each function that is given to a thread from now on."""
    given: list[object] = []
    run_sync: Callable[..., Any] = anyio.to_thread.run_sync

    async def counted(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        given.append(function)
        return await run_sync(function, *args, **options)

    monkeypatch.setattr(anyio.to_thread, "run_sync", counted)
    return given


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize(("at_once", "threads"), [(True, 0), (False, 1)])
def test_a_call_needs_a_thread_at_most_once(
    home: Household, hops: list[object], path: str, *, at_once: bool, threads: int
) -> None:
    """None where the database answers at once, as SQLite does."""
    board = home.board(home.person())
    home.site.database.answers_at_once = at_once
    assert home.portal is not None
    home.portal.call(prepare_loop, home.site.database)
    hops.clear()
    board.post(path, json=CALLS[path])
    assert len(hops) == threads


@pytest.mark.parametrize("path", ["/devices/me/heartbeat", "/devices/me/jobs/x/accept"])
def test_a_stranger_does_not_hear_what_is_wrong_with_a_call(home: Household, path: str) -> None:
    answer = home.browser().post(path, json=["nonsense"])
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/x+json", 200),
        ("", 200),
        ("application/x-www-form-urlencoded", 422),
    ],
)
def test_a_body_is_read_as_any_other_calls(home: Household, content_type: str, status: int) -> None:
    board = home.board(home.person())
    headers = {"content-type": content_type} if content_type else {}
    answer = board.post("/devices/me/heartbeat", content=b'{"fw_version": "0.2"}', headers=headers)
    assert answer.status_code == status


def test_a_parameter_that_nobody_gives_is_refused_at_the_start() -> None:
    def call(site: SiteDep, dispenser: DispenserDep, address: AddressDep) -> None:
        raise AssertionError(site, dispenser, address)

    with pytest.raises(TypeError, match="address"):
        APIRouter(route_class=DispenserRoute).get("/x")(call)
