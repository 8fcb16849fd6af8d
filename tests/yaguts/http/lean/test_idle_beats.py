"""Heartbeats that tell nothing but the board's health are taken without the database."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.releases import beat, publish
from tests.yaguts.http.lean.test_idle_polls import statements
from yaguts.domain.clock import ahead
from yaguts.domain.dispenser import ONLINE_WITHIN, TOKEN_LIFE, Dispenser
from yaguts.domain.firmware.release import LEFT_IT, Update, UpdateState
from yaguts.services.dispensers import device_tokens, last_seen, pairing
from yaguts.services.dispensers.pairing_codes import LIFE
from yaguts.services.dispensers.updates import publishing
from yaguts.services.dispensers.updates.watching import watch
from yaguts.services.jobs import orders
from yaguts.services.people import administration
from yaguts.services.runtime.polls.beats import KNOWN_FOR_S
from yaguts.services.runtime.polls.idle import KNOWN_FOR_S as LOOKED_UP_FOR_S
from yaguts.storage import dispensers, pairing_codes, updates
from yaguts_wire import update_words as w

BEAT = "/devices/me/heartbeat"
FIRMWARE = "0.2.0"


def told(**status: object) -> dict[str, object]:
    return {"fw_version": FIRMWARE, "status": {"rssi": -60, "heap": 90_000, **status}}


@pytest.fixture
def board(kitchen: Furnished) -> TestClient:
    """A board whose heartbeat is known."""
    board = kitchen.board()
    for _ in range(2):
        assert board.post(BEAT, json=told()).status_code == 200
    return board


def dispenser(kitchen: Furnished) -> Dispenser:
    with kitchen.site.database.read() as connection:
        return dispensers.find(connection, kitchen.person.kitchen_id, kitchen.dispenser_id)


def asked(kitchen: Furnished, board: TestClient, body: object) -> bool:
    """Whether the database was asked about a heartbeat, which is taken as ever."""
    with statements(kitchen.site) as said:
        answer = board.post(BEAT, json=body)
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    return bool(said)


def test_nothing_but_health_touches_no_database(kitchen: Furnished, board: TestClient) -> None:
    assert not asked(kitchen, board, told(rssi=-61))
    assert not asked(kitchen, board, {"fw_version": FIRMWARE, "status": {}})
    assert not asked(kitchen, board, told(relatorios_recusados=1, relatorios_perdidos=0))


def test_it_is_answered_and_counted_as_any_other(
    kitchen: Furnished, board: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = list[tuple[object, ...]]()
    monkeypatch.setattr(kitchen.site.observer, "counts", True)
    monkeypatch.setattr(kitchen.site.observer, "request", lambda *about: counted.append(about[:3]))

    def answered() -> tuple[Any, ...]:
        answer = board.post(BEAT, json=told(), headers={"X-Request-ID": "the same"})
        headers = {name: text for name, text in answer.headers.items() if name != "x-request-id"}
        return answer.status_code, answer.content, headers

    known = answered()
    kitchen.site.beats.clear()
    assert answered() == known
    assert counted == [("POST", BEAT, "2xx")] * 2


def test_it_is_stored_with_the_signs_of_life(kitchen: Furnished, board: TestClient) -> None:
    kitchen.clock.passes(seconds=50)
    assert board.get("/devices/me/next_job").status_code == 204
    assert not asked(kitchen, board, told(rssi=-72))
    assert board.get("/devices/me/next_job").status_code == 204  # It tells nothing of its health.
    last_seen.store(kitchen.site)

    stored = dispenser(kitchen)
    assert (stored.signal_dbm, stored.last_seen_at) == (-72, kitchen.clock.now)
    assert kitchen.site.signs_of_life.gathered() == {}


def test_what_was_gathered_does_not_replace_what_is_told_later(
    kitchen: Furnished, board: TestClient
) -> None:
    assert not asked(kitchen, board, told(rssi=-60))
    assert asked(kitchen, board, told(rssi=-90, vm="cpython"))
    last_seen.store(kitchen.site)
    assert dispenser(kitchen).signal_dbm == -90


def test_an_order_and_the_end_of_a_job_lose_nothing_of_it(
    kitchen: Furnished, board: TestClient
) -> None:
    assert not asked(kitchen, board, told(rssi=-72))
    kitchen.order(Sal=1)
    orders.cancel_active(kitchen.site, kitchen.person.kitchen_id, by=kitchen.actor)
    last_seen.store(kitchen.site)
    assert dispenser(kitchen).signal_dbm == -72


def test_nor_do_the_calls_about_the_job(kitchen: Furnished, board: TestClient) -> None:
    kitchen.clock.passes(seconds=50)
    assert board.get("/devices/me/next_job").status_code == 204
    assert not asked(kitchen, board, told(rssi=-72))
    kitchen.order(Sal=1)
    kitchen.clock.passes(seconds=1)
    assert board.get("/devices/me/next_job").status_code == 200
    last_seen.store(kitchen.site)
    assert (dispenser(kitchen).signal_dbm, dispenser(kitchen).last_seen_at) == (
        -72,
        kitchen.clock.now,
    )


def test_another_board_has_nothing_of_it(
    home: Household, kitchen: Furnished, board: TestClient
) -> None:
    assert not asked(kitchen, board, told(rssi=-72))
    pairing.unpair(kitchen.site, kitchen.person.kitchen_id, kitchen.dispenser_id, by=kitchen.actor)
    home.board(kitchen.browser(), "another board")
    last_seen.store(kitchen.site)
    assert dispenser(kitchen).signal_dbm == -60


@pytest.mark.parametrize(
    "body",
    [
        {"fw_version": "0.2.1", "status": {"rssi": -60}},
        {"status": {"rssi": -60}},
        {"fw_version": FIRMWARE},
        {"fw_version": None, "status": {}},
        {"fw_version": FIRMWARE, "status": None},
        told(vm="micropython"),
        told(rssi=-60.5),
        told(rssi=True),
        told(rssi=None),
        told(release=3),
        told(acontecimentos=[]),
        told(vm="x" * 200),
    ],
)
def test_whatever_else_is_told_goes_to_the_database(
    kitchen: Furnished, board: TestClient, body: dict[str, object]
) -> None:
    assert asked(kitchen, board, body)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"[]", "application/json", 422),
        (b"{}", "application/json", 200),
        (b"", "application/json", 200),
        (b"{", "application/json", 400),
        (json.dumps(told()).encode(), "text/plain", 415),
        (json.dumps(told()).encode(), "application/json; charset=utf-8", 200),
    ],
)
def test_other_bodies_are_answered_as_ever(
    board: TestClient, content: bytes, kind: str, status: int
) -> None:
    answer = board.post(BEAT, content=content, headers={"Content-Type": kind})
    assert answer.status_code == status


def test_a_new_version_is_stored_and_known_from_then_on(
    kitchen: Furnished, board: TestClient
) -> None:
    newer = {"fw_version": "0.2.1", "status": {"rssi": -60}}
    assert asked(kitchen, board, newer)
    assert dispenser(kitchen).firmware == "0.2.1"
    assert not asked(kitchen, board, newer)
    assert asked(kitchen, board, told())


def test_what_another_process_was_told_is_found_out_in_time(
    kitchen: Furnished, board: TestClient
) -> None:
    with kitchen.site.database.write() as connection:
        dispensers.change(connection, kitchen.dispenser_id, {"firmware": "0.2.1"})
    for _ in range(round(KNOWN_FOR_S / 50)):
        kitchen.clock.passes(seconds=50)
        assert board.post(BEAT, json=told()).status_code == 200
    assert dispenser(kitchen).firmware == FIRMWARE


def test_a_wish_for_a_new_token_is_told(kitchen: Furnished, board: TestClient) -> None:
    device_tokens.want_token(
        kitchen.site, kitchen.person.kitchen_id, kitchen.dispenser_id, by=kitchen.actor
    )
    kitchen.clock.passes(seconds=LOOKED_UP_FOR_S)
    for _ in range(2):
        assert board.post(BEAT, json=told()).json() == {"ok": True, "trocar_token": True}


def test_an_old_token_is_renewed(kitchen: Furnished, board: TestClient) -> None:
    kitchen.clock.passes(seconds=TOKEN_LIFE.total_seconds())
    for _ in range(2):
        assert board.post(BEAT, json=told()).json() == {"ok": True, "trocar_token": True}


def test_a_release_is_offered_as_soon_as_it_is_chosen(
    kitchen: Furnished, board: TestClient
) -> None:
    assert beat(board) is None
    assert not asked(kitchen, board, told())
    publish(kitchen, 2, stages=(100,))
    watch(kitchen.site)
    kitchen.clock.passes(seconds=LOOKED_UP_FOR_S)
    for _ in range(2):
        assert board.post(BEAT, json=told()).json()[w.UPDATE_OFFERED][w.RELEASE] == 2


def put(kitchen: Furnished, release: int, state: UpdateState) -> None:
    """The release was chosen for the board, and is so far."""
    now = kitchen.clock.now
    with kitchen.site.database.write() as connection:
        one = Update(kitchen.dispenser_id, release, UpdateState(state), None, now, now, None)
        updates.put(connection, one)
    kitchen.clock.passes(seconds=LOOKED_UP_FOR_S)


@pytest.mark.parametrize("state", sorted({*UpdateState} - LEFT_IT))
def test_a_board_with_a_release_on_its_way_is_answered_by_the_database(
    kitchen: Furnished, board: TestClient, state: UpdateState
) -> None:
    publish(kitchen, 3)
    put(kitchen, 3, state)
    for _ in range(2):
        assert asked(kitchen, board, told())


@pytest.mark.parametrize("state", sorted(UpdateState))
def test_one_that_runs_a_later_release_is_not(
    kitchen: Furnished, board: TestClient, state: UpdateState
) -> None:
    publish(kitchen, 2)
    put(kitchen, 2, state)
    assert beat(board, release=3) is None
    kitchen.clock.passes(seconds=LOOKED_UP_FOR_S)
    assert board.post(BEAT, json=told()).status_code == 200  # What it runs is looked up.
    assert not asked(kitchen, board, told())


def test_a_release_that_a_board_has_no_more_is_offered_when_it_goes_on(
    kitchen: Furnished, board: TestClient
) -> None:
    """An older one came by cable meanwhile."""
    publish(kitchen, 3)
    publishing.halt(kitchen.site, 3)
    put(kitchen, 3, UpdateState.CONFIRMED)
    assert beat(board, release=2) is None
    publishing.resume(kitchen.site, 3)
    kitchen.clock.passes(seconds=LOOKED_UP_FOR_S)
    assert board.post(BEAT, json=told()).json()[w.UPDATE_OFFERED][w.RELEASE] == 3


def test_a_used_pairing_code_is_removed(kitchen: Furnished, board: TestClient) -> None:
    uid = dispenser(kitchen).uid or ""
    alive = ahead(kitchen.clock.now, LIFE)
    with kitchen.site.database.write() as connection:
        pairing_codes.add(connection, "a hash", None, kitchen.person.kitchen_id, alive.until, None)
        assert pairing_codes.use(connection, "a hash", uid, alive)
    kitchen.clock.passes(seconds=LOOKED_UP_FOR_S)
    assert asked(kitchen, board, told())
    with kitchen.site.database.read() as connection:
        assert not pairing_codes.was_used(connection, "a hash", uid)


def test_what_ends_a_silence_is_stored_at_once(kitchen: Furnished, board: TestClient) -> None:
    kitchen.clock.passes(seconds=ONLINE_WITHIN.total_seconds())
    assert asked(kitchen, board, told())
    assert dispenser(kitchen).last_seen_at == kitchen.clock.now


def test_a_token_that_was_revoked_is_refused(kitchen: Furnished, board: TestClient) -> None:
    pairing.unpair(kitchen.site, kitchen.person.kitchen_id, kitchen.dispenser_id, by=kitchen.actor)
    assert board.post(BEAT, json=told()).status_code == 401


def test_a_disabled_account_is_refused(kitchen: Furnished, board: TestClient) -> None:
    administration.disable(kitchen.site, kitchen.person)
    assert board.post(BEAT, json=told()).status_code == 403


def test_a_stranger_is_refused(board: TestClient) -> None:
    answer = board.post(BEAT, json=told(), headers={"Authorization": "Bearer no"})
    assert answer.status_code == 401
