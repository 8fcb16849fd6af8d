"""Calls of dispensers are answered before FastAPI looks for a route, as FastAPI would."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from fastapi import APIRouter
from starlette.types import Scope

from tests.support.kitchen.household import Household
from yaguts.api import device, dispensers, firmware
from yaguts.http.access import DispenserDep
from yaguts.http.lean import first
from yaguts.http.lean.first import LeanFirst
from yaguts.http.lean.route import DispenserRoute
from yaguts_wire import words as w

NEXT, BEAT = "/devices/me/next_job", "/devices/me/heartbeat"
JOB = "/devices/me/jobs/7"


async def nothing(*_: object) -> Any:
    pass


ROUTES = [*device.router.routes, *dispensers.router.routes, *firmware.router.routes]


@pytest.fixture
def fastapi_only(home: Household, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Called, it lets FastAPI answer all calls."""
    assert home is not None
    return lambda: monkeypatch.setattr(first, "_FIRST", "/nothing/")


@pytest.mark.parametrize(
    ("method", "path", "taken"),
    [
        ("GET", NEXT, "/devices/me/next_job"),
        ("POST", BEAT, "/devices/me/heartbeat"),
        ("POST", f"{JOB}/accept", "/devices/me/jobs/{job_id}/accept"),
        ("POST", f"{JOB}/progress", "/devices/me/jobs/{job_id}/progress"),
        ("POST", f"{JOB}/complete", "/devices/me/jobs/{job_id}/complete"),
        ("POST", f"{JOB}/status", "/devices/me/jobs/{job_id}/status"),
        ("POST", NEXT, None),
        ("GET", f"{JOB}/7/accept", None),
        ("POST", "/devices/claim", None),
        ("GET", "/devices/7", None),
    ],
)
def test_what_is_answered_first(
    monkeypatch: pytest.MonkeyPatch, method: str, path: str, taken: str | None
) -> None:
    monkeypatch.setattr(first, "_answer", nothing)
    scope: Scope = {"type": "http", "method": method, "path": path, "headers": []}
    anyio.run(LeanFirst(nothing, ROUTES, {}), scope, nothing, nothing)
    assert getattr(scope.get("route"), "path", None) == taken


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", NEXT, None),
        ("GET", f"{NEXT}?wait=nonsense", None),
        ("GET", f"{NEXT}?wait=0", None),
        ("POST", NEXT, {}),
        ("PUT", f"{JOB}/accept", {}),
        ("POST", f"{JOB}/accept", {}),
        ("POST", f"{JOB}/accept", {w.JOB_KEY: "a"}),
        ("POST", "/devices/me/jobs/nonsense/accept", {w.JOB_KEY: "a"}),
        ("POST", f"{JOB}/accept/", {w.JOB_KEY: "a"}),
        ("POST", f"{JOB}/progress", {w.JOB_KEY: "a", w.ITEM_ORDER: 1, w.JAR: 1}),
        ("POST", f"{JOB}/complete", ["nonsense"]),
        ("POST", BEAT, None),
        ("POST", BEAT, {}),
        ("POST", BEAT, ["nonsense"]),
        ("GET", BEAT, None),
    ],
)
def test_answers_are_those_of_fastapi(
    home: Household, fastapi_only: Callable[[], None], method: str, path: str, body: object
) -> None:
    board = home.board(home.person())
    ours = board.request(method, path, json=body)
    fastapi_only()
    theirs = board.request(method, path, json=body)
    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)
    assert {*ours.headers} == {*theirs.headers}


def test_an_unexpected_error_is_answered_with_a_text(
    home: Household, fastapi_only: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    board = home.board(home.person())
    monkeypatch.setattr(dispensers.device_tokens, "heartbeat", lambda *_: 1 / 0)
    ours = board.post(BEAT, json={})
    fastapi_only()
    theirs = board.post(BEAT, json={})
    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)
    assert ours.status_code == 500
    assert ours.json()["detail"]


def test_a_call_elsewhere_is_not_overlooked() -> None:
    router = APIRouter(route_class=DispenserRoute)

    @router.get("/elsewhere")
    def elsewhere(dispenser: DispenserDep) -> None: ...

    with pytest.raises(ValueError, match="/elsewhere"):
        LeanFirst(nothing, router.routes, {})
