"""Maintenance jobs, as people order them and as firmware 0.1 and 0.2 receive them."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished, a_log


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def test_a_dose_by_hand(kitchen: Furnished, browser: TestClient) -> None:
    answer = browser.post("/devices/1/dose", json={"frasco": 2, "quantidade_g": 1.5})

    assert answer.status_code == 201
    job = answer.json()
    assert (job["tipo"], job["receita_id"], job["pessoas_solicitadas"]) == ("dose", None, 1)
    told = kitchen.board().get("/devices/me/next_job").json()
    assert "tipo" not in told
    assert [(dose["frasco"], dose["quantidade_g"], dose["segundos"]) for dose in told["itens"]] == [
        (2, 1.5, 1.5)
    ]


def test_firmware_0_1_purges_a_jar_of_unknown_rate(kitchen: Furnished, browser: TestClient) -> None:
    browser.put("/config/robo", json=[{"frasco": 1, "g_por_seg": None}])
    browser.post("/devices/1/purge", json={"frasco": 1, "segundos": 12})

    board = kitchen.board()
    told = board.get("/devices/me/next_job").json()

    assert told["receita_id"] is None
    assert [(dose["quantidade_g"], dose["segundos"]) for dose in told["itens"]] == [(0, 12)]
    reported = board.post(f"/devices/me/jobs/{told['id']}/complete", json=a_log(told))
    assert (reported.status_code, reported.json()["stock_deducted"]) == (200, False)
    job = browser.get(f"/jobs/{told['id']}").json()
    assert (job["tipo"], job["status"], job["itens"][0]["dispensado_g"]) == ("purga", "done", None)
    assert browser.get("/config/robo").json()[0]["estoque_g"] is None


def test_a_cleaning_names_what_has_no_name(kitchen: Furnished, browser: TestClient) -> None:
    browser.put("/config/robo", json=[{"frasco": 1, "rotulo": None, "estoque_g": 0}])

    answer = browser.post("/devices/1/cleaning", json={"frascos": [1]})

    assert answer.json()["tipo"] == "limpeza"
    assert {dose["tempero"] for dose in answer.json()["itens"]} == {"sem rótulo"}
    told = kitchen.board().get("/devices/me/next_job").json()
    assert {dose["tempero"] for dose in told["itens"]} == {"sem rótulo"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("dose", {"frasco": 1, "quantidade_g": 0.0005}),
        ("dose", {"frasco": 1, "quantidade_g": 501}),
        ("dose", {"frasco": 0, "quantidade_g": 1}),
        ("purge", {"frasco": 1, "segundos": 0.9}),
        ("purge", {"frasco": 1, "segundos": 181}),
        ("cleaning", {"frascos": []}),
        ("cleaning", {"frascos": [17]}),
    ],
)
def test_nonsense_is_refused(browser: TestClient, path: str, body: dict[str, Any]) -> None:
    assert browser.post(f"/devices/1/{path}", json=body).status_code == 422
    assert browser.get("/jobs/active").json() == {"active": None}


def test_what_stands_in_the_way_is_said(browser: TestClient) -> None:
    full = browser.post("/devices/1/cleaning", json={"frascos": [1, 2]})
    gone = browser.post("/devices/1/purge", json={"frasco": 5, "segundos": 2})

    assert full.status_code == 409
    assert full.json()["detail"].startswith("O frasco 1 ainda tem 100,0 g")
    assert (gone.status_code, gone.json()["detail"]) == (
        400,
        "Este dispensador não tem o frasco 5.",
    )
