"""The id of a request, and its line in the access log."""

import re
from pathlib import Path

import pytest
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from tests.support.kitchen.household import Household
from tests.support.kitchen.log_capture import written_log

HEADER = "X-Request-Id"
AN_ID = re.compile(r"[0-9a-f]{16}")


@pytest.mark.parametrize(
    "path", ["/", "/health", "/nix", "/app/sign-in", "/app/nix", "/jobs/1", "/app/static/nix.css"]
)
def test_every_answer_has_an_id_of_its_own(home: Household, path: str) -> None:
    browser = home.browser()

    ids = {browser.get(path, follow_redirects=False).headers[HEADER] for _ in range(3)}

    assert len(ids) == 3
    assert all(map(AN_ID.fullmatch, ids))


def test_an_id_that_was_sent_is_not_believed(home: Household) -> None:
    answer = home.browser().get("/health", headers={HEADER: "forged"})

    assert AN_ID.fullmatch(answer.headers[HEADER])


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_an_error_page_shows_the_id(home: Household, language: str) -> None:
    answer = home.browser().get("/app/nix", headers={"Accept-Language": language})

    assert answer.status_code == 404
    assert answer.headers[HEADER] in answer.text


def test_a_refusal_before_any_route_shows_it_too(home: Household) -> None:
    sent = {"Origin": "https://elsewhere.example"}
    answer = home.browser().post("/app/sign-in", data={"nome": "Ana"}, headers=sent)

    assert answer.status_code == 403
    assert answer.headers[HEADER] in answer.text


@pytest.mark.parametrize(
    ("path", "broken"),
    [
        ("/health", "yaguts.api.server.insist_on_database"),
        ("/app/sign-in", "yaguts.web.pages.welcome.accounts.takes_new"),
    ],
)
def test_an_error_nobody_foresaw_has_it_in_answer_and_log(
    home: Household, monkeypatch: pytest.MonkeyPatch, path: str, broken: str
) -> None:
    def fails(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(broken, fails)
    with written_log() as log:
        answer = home.browser().get(path)

    assert answer.status_code == 500
    assert AN_ID.fullmatch(answer.headers[HEADER])
    if path.startswith("/app"):
        assert answer.headers[HEADER] in answer.text
    assert log.getvalue() == ""  # uvicorn writes it: see tests/end_to_end/test_watching.py


def test_lines_from_the_threads_of_a_request_have_its_id(home: Household) -> None:
    with written_log() as log:
        answer = home.browser().post("/devices/claim", json={"uid": "b-11", "claim_code": "123456"})

    assert log.getvalue().split(" ")[2] == answer.headers[HEADER]


def test_no_access_log_unless_asked(home: Household) -> None:
    with written_log() as log:
        home.browser().get("/health")

    assert log.getvalue() == ""


def test_the_access_log(tmp_path: Path) -> None:
    home = Household(tmp_path, access_log=True)
    ana = home.person("Ana")
    with written_log() as log:
        ana.get("/jobs/77?secret=noz-moscada")
        ana.get("/nix/noz-moscada")
        ana.head("/health")
        home.browser().get("/jobs/77")
    home.close()

    told = [line.split(" ", 3) for line in log.getvalue().splitlines()]
    assert [(line[1], re.sub(r"ms=[\d.]+ ", "", line[3])) for line in told] == [
        ("INFO", "GET /jobs/{job_id} status=404 job_id=77 address=192.0.2.1"),
        ("INFO", "GET other status=404 address=192.0.2.1"),
        ("INFO", "HEAD /health status=200 address=192.0.2.1"),
        ("WARNING", "refused GET /jobs/{job_id} status=401 job_id=77 address=192.0.2.1"),
    ]


def test_a_websocket_that_is_refused_is_told(home: Household) -> None:
    ana = home.person("Ana")
    with (
        written_log() as log,
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        ana.websocket_connect("/ws/jobs", headers={"Origin": "https://elsewhere.example"}),
    ):
        pass

    assert "refused WS other status=403" in log.getvalue()
