"""A job's events over a WebSocket: those of version 0.1, once each, for its household only."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from tests.support.builders import a_report
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import PASSWORD, Household
from yaguts.domain.jobs.job import Job
from yaguts.domain.quotas import MOST_LIVE_PAGES
from yaguts.services.delivery import expiry
from yaguts.services.jobs import orders

AT = "2026-01-31T18:00:00Z"


@pytest.fixture
def ana(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def page(browser: TestClient, job_id: int, query: str = "") -> WebSocketTestSession:
    return browser.websocket_connect(f"/ws/jobs/{job_id}{query}")


def closing_code(browser: TestClient, job_id: int) -> int:
    with page(browser, job_id) as live, pytest.raises(WebSocketDisconnect) as closed:
        live.receive_json()
    return closed.value.code


def heard(live: WebSocketTestSession, events: int) -> list[dict[str, Any]]:
    return [live.receive_json() for _ in range(events)]


def answered(live: WebSocketTestSession) -> None:
    """Assert that no event is left: the answer to a ping comes next."""
    live.send_text("ping")
    assert live.receive_json() == {"type": "pong", "timestamp": AT}


def progress(kitchen: Furnished, job: Job, grams: float) -> None:
    body = {"job_key": job.key, "item_ordem": 1, "frasco": 1, "dispensado_g": grams}
    path = f"/devices/me/jobs/{job.id}/progress"
    assert kitchen.board().post(path, json={**body, "status": "running"}).is_success


def test_one_job_too_many_is_not_followed(kitchen: Furnished, ana: TestClient) -> None:
    job = kitchen.order()
    kitchen.site.live_pages._open[kitchen.person.id] = MOST_LIVE_PAGES - 1  # noqa: SLF001

    with page(ana, job.id) as live:
        answered(live)
        assert closing_code(ana, job.id) == 1013
    with page(ana, job.id) as live:
        answered(live)


def test_nobody_else_listens(home: Household, kitchen: Furnished, ana: TestClient) -> None:
    job = kitchen.order()
    bia = Furnished(home, "Bia").browser()

    assert closing_code(home.browser(), job.id) == 4003
    assert closing_code(home.browser(), 99) == 4003
    assert closing_code(bia, job.id) == 4003
    assert closing_code(ana, 99) == 4004


def test_a_member_listens_until_the_owner_says_otherwise(
    home: Household, kitchen: Furnished, ana: TestClient
) -> None:
    job = kitchen.started()
    with page(home.member(ana), job.id, "?progresso=1") as live:
        answered(live)
        progress(kitchen, job, 1.0)
        assert live.receive_json()["type"] == "progress"
        ana.delete("/casa/membros/1")
        progress(kitchen, job, 1.5)
        with pytest.raises(WebSocketDisconnect) as closed:
            live.receive_json()

    assert closed.value.code == 4003


def sign_out(_home: Household, _ana: TestClient, caio: TestClient) -> None:
    caio.post("/auth/logout")


def change_the_password(home: Household, _ana: TestClient, _caio: TestClient) -> None:
    change = {"senha_atual": PASSWORD, "senha": "pimenta do reino 7"}
    assert home.signed_in("Caio").put("/auth/password", json=change).is_success


def remove_the_member(_home: Household, ana: TestClient, _caio: TestClient) -> None:
    assert ana.delete("/casa/membros/1").is_success


def wait_for_months(home: Household, _ana: TestClient, _caio: TestClient) -> None:
    home.clock.passes(days=91)


@pytest.mark.parametrize("end", [sign_out, change_the_password, remove_the_member, wait_for_months])
def test_a_connection_on_which_nothing_happens_ends_with_the_session(
    home: Household,
    kitchen: Furnished,
    ana: TestClient,
    end: Callable[[Household, TestClient, TestClient], None],
) -> None:
    soon = replace(home.site.settings, followers_look_again_s=0.05)
    home.app.state.site = replace(home.site, settings=soon)
    caio = home.member(ana)
    with page(caio, kitchen.order().id) as live:
        answered(live)
        end(home, ana, caio)
        with pytest.raises(WebSocketDisconnect) as closed:
            live.receive_json()

    assert closed.value.code == 4003


def test_a_ping_is_answered_and_other_noise_is_not(kitchen: Furnished, ana: TestClient) -> None:
    with page(ana, kitchen.order().id) as live:
        answered(live)
        live.send_text("pong")
        live.send_bytes(b"\xff\x00")
        answered(live)


def test_every_jar_once_and_then_the_end(kitchen: Furnished, ana: TestClient) -> None:
    job = kitchen.started(Sal=4.5, Pimenta=1)
    with page(ana, job.id) as live:
        answered(live)
        kitchen.report(job, a_report(job, failed=(2,)))
        kitchen.report(job, a_report(job, failed=(2,)))
        first, second, end = heard(live, 3)
        answered(live)

    assert first == {
        "type": "execution_log_entry",
        "data": {
            "item_ordem": 1,
            "frasco": 1,
            "tempero": "Sal",
            "quantidade_g": 4.5,
            "quantidade_min_g": 4.5,
            "segundos": 4.5,
            "retomadas": 0,
            "status": "done",
        },
        "timestamp": AT,
    }
    assert (second["data"]["status"], second["data"]["error"]) == ("failed", "motor travado")
    assert end == {
        "type": "execution_complete",
        "data": {
            "ok": True,
            "stock_deducted": True,
            "itens_completados": 1,
            "itens_falhados": 1,
            "job_status": "done_partial",
        },
        "timestamp": AT,
    }


def test_whoever_comes_late_hears_the_same(kitchen: Furnished, ana: TestClient) -> None:
    job = kitchen.started(Sal=4.5, Pimenta=1)
    with page(ana, job.id) as live:
        answered(live)
        kitchen.report(job)
        at_once = heard(live, 3)
    with page(ana, job.id) as live:
        late = heard(live, 3)
        answered(live)

    assert late == at_once


def test_a_cancelled_job_ends_when_the_dispenser_has_spoken(
    kitchen: Furnished, ana: TestClient
) -> None:
    job = kitchen.started(Sal=4.5)
    with page(ana, job.id) as live:
        answered(live)
        orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)
        answered(live)
        kitchen.report(job)
        entry, end = heard(live, 2)

    assert entry["type"] == "execution_log_entry"
    assert (end["data"]["job_status"], end["data"]["stock_deducted"]) == ("canceled", True)


def test_a_job_that_nobody_started_ends_without_doses(kitchen: Furnished, ana: TestClient) -> None:
    job = kitchen.order()
    kitchen.clock.passes(minutes=10)
    with page(ana, job.id) as live:
        expiry.sweep(kitchen.site)
        (end,) = heard(live, 1)

    assert end["data"] == {
        "ok": False,
        "stock_deducted": False,
        "itens_completados": 0,
        "itens_falhados": 1,
        "job_status": "failed",
    }


def test_progress_is_for_those_who_ask(kitchen: Furnished, ana: TestClient) -> None:
    job = kitchen.started(Sal=4.5)
    with page(ana, job.id) as plain, page(ana, job.id, "?progresso=1") as live:
        answered(plain)
        answered(live)
        progress(kitchen, job, 1.5)
        assert live.receive_json() == {
            "type": "progress",
            "data": {"item_ordem": 1, "frasco": 1, "dispensado_g": 1.5, "status": "running"},
            "timestamp": AT,
        }
        answered(plain)


def test_a_closing_server_says_goodbye(kitchen: Furnished, ana: TestClient) -> None:
    with page(ana, kitchen.order().id) as live:
        answered(live)
        kitchen.site.hub.close()
        with pytest.raises(WebSocketDisconnect) as closed:
            live.receive_json()

    assert closed.value.code == 1001
