"""Calibrating a jar over the API."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished, a_log


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def weighed(kitchen: Furnished, browser: TestClient, seconds: float, grams: float) -> Any:
    """Return the calibration after one more run on a dispenser with firmware 0.1."""
    ordered = browser.post("/devices/1/calibration", json={"frasco": 1, "segundos": seconds})
    assert (ordered.status_code, ordered.json()["tipo"]) == (201, "calibracao")
    board = kitchen.board()
    job = board.get("/devices/me/next_job").json()
    board.post(f"/devices/me/jobs/{job['id']}/complete", json=a_log(job))
    return browser.put(f"/jobs/{job['id']}/weight", json={"quantidade_g": grams}).json()


def test_three_runs_and_a_rate(kitchen: Furnished, browser: TestClient) -> None:
    for seconds, grams in [(2, 1.0), (4, 2.05)]:
        assert weighed(kitchen, browser, seconds, grams)["ajuste"] is None

    seen = weighed(kitchen, browser, 6, 3.08)

    run = {"job_id": 1, "segundos": 2.0, "status": "done", "valida": True, "quantidade_g": 1.0}
    assert seen["corridas"][0] == run
    assert seen["ajuste"] == {
        "g_por_seg": 0.512143,
        "desvio_pct": 2.4,
        "regularidade": "uniforme",
    }
    assert browser.get("/devices/1/calibration?frasco=1").json() == seen
    jar = browser.post("/devices/1/calibration/accept", json={"frasco": 1}).json()
    assert (jar["g_por_seg"], jar["estoque_g"]) == (0.512143, 93.87)
    assert browser.get("/devices/1/calibration?frasco=1").json()["corridas"] == []


def test_what_stands_in_the_way(kitchen: Furnished, browser: TestClient) -> None:
    few = browser.post("/devices/1/calibration/accept", json={"frasco": 1})
    assert (few.status_code, few.json()["type"]) == (409, "urn:yaguts:problem:too_few_runs")
    weighed(kitchen, browser, 2, 1.0)
    again = browser.delete("/jobs/1/weight")
    assert again.json()["corridas"] == []
    assert browser.delete("/jobs/1/weight").status_code == 404
    kitchen.order()
    assert browser.put("/jobs/2/weight", json={"quantidade_g": 1}).status_code == 404


@pytest.mark.parametrize("grams", [-0.1, 1001])
def test_weights_that_are_none(kitchen: Furnished, browser: TestClient, grams: float) -> None:
    weighed(kitchen, browser, 2, 1.0)

    assert browser.put("/jobs/1/weight", json={"quantidade_g": grams}).status_code == 422
    assert kitchen.job(1).doses[0].fell_at_most_mg == 1000
