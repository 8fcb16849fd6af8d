"""Requests that another web site makes a signed-in browser send are refused."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.support.kitchen.household import HOST, Household
from tests.support.kitchen.pages import read

FRONT_END = "http://front-end.test:5173"


@pytest.fixture
def ana(home: Household) -> TestClient:
    return home.person("Ana")


def test_a_page_is_refused_with_a_page(ana: TestClient) -> None:
    headers = {"Origin": "http://evil.test", "Accept-Language": "en"}

    answer = ana.post("/app/settings/password", headers=headers)

    assert answer.status_code == 403
    assert "another site" in read(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": f"http://{HOST}.evil.test"},
        {"Origin": f"http://{HOST}:8001"},
        {"Origin": "null"},
        {"Origin": "http://[bad"},
        {"Origin": "http://host:port"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_change_from_elsewhere_is_refused(ana: TestClient, headers: dict[str, str]) -> None:
    answer = ana.put("/config/motor", json={"vibration_intensity": 1}, headers=headers)

    assert answer.status_code == 403
    assert "outro site" in answer.json()["detail"]
    assert ana.get("/config/motor", headers=headers).json()["vibration_intensity"] == 75


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": f"http://{HOST}"},
        {"Origin": f"http://{HOST}:80"},
        {"Origin": f"https://{HOST}"},  # a proxy turned HTTPS into HTTP
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_change_from_here_is_made(ana: TestClient, headers: dict[str, str]) -> None:
    answer = ana.put("/config/motor", json={"vibration_intensity": 1}, headers=headers)

    assert answer.status_code == 200


def test_a_page_without_https_is_not_the_one_with(home: Household) -> None:
    answer = home.browser(https=True).post("/auth/logout", headers={"Origin": f"http://{HOST}"})

    assert answer.status_code == 403


def test_a_front_end_elsewhere_may_be_allowed(tmp_path: Path) -> None:
    home = Household(tmp_path, allowed_origins=(FRONT_END,))
    ana, headers = home.person("Ana"), {"Origin": FRONT_END}

    answer = ana.put("/config/motor", json={"vibration_intensity": 1}, headers=headers)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == FRONT_END
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    asks = {**headers, "Access-Control-Request-Method": "PUT"}
    preflight = ana.options(
        "/config/motor", headers=asks | {"Access-Control-Request-Headers": "content-type"}
    )
    assert preflight.status_code == 200
    home.close()


def test_nobody_else_may_read(tmp_path: Path) -> None:
    home = Household(tmp_path, allowed_origins=(FRONT_END,))

    answer = home.person("Ana").get("/config/motor", headers={"Origin": "http://evil.test"})

    assert "Access-Control-Allow-Origin" not in answer.headers
    home.close()


def test_every_answer_carries_the_security_headers(ana: TestClient) -> None:
    for path in ("/config/motor", "/nothing", "/receitas/x"):
        headers = ana.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in headers


def test_a_live_connection_from_elsewhere_is_refused(ana: TestClient) -> None:
    headers = {"Origin": "http://evil.test"}

    with (
        pytest.raises(WebSocketDisconnect) as refused,
        ana.websocket_connect("/ws/jobs/1", headers=headers),
    ):
        pass

    assert refused.value.code == 1008
