"""A page whose name leads to this address (DNS rebinding) is refused."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.support.kitchen.household import Household
from tests.support.kitchen.openapi import OPERATIONS, Operation, named
from tests.support.kitchen.pages import read
from yaguts_wire import words as w

EVIL = {"Host": "evil.test"}
ACCOUNT = {w.NAME: "Eva", w.PASSWORD: "noz moscada 7"}
ANY_NAME = ("/devices/claim", "/time", "/health")


@pytest.fixture
def public(tmp_path: Path, database_url: str) -> Iterator[Household]:
    home = Household(
        tmp_path,
        migrated=True,
        database_url=database_url,
        public_url="https://Yaguts.example.org/kitchen",
    )
    yield home
    home.close()


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "evil.test:8000",
        "localhost.evil.test",
        "localhostevil",
        "127.0.0.1.evil.test",
        f"{socket.gethostname()}.evil.test",
        "evil.test.",
        "user@evil.test",
        "[bad",
        "x" * 5000,
        "\u00e9",
    ],
)
def test_another_name_is_refused(home: Household, host: str) -> None:
    headers = {"Host": host.encode()}

    registered = home.browser().post("/auth/register", json=ACCOUNT, headers=headers)
    page = home.browser().get("/app/register", headers=headers)

    assert registered.status_code == page.status_code == 421
    assert "Host" in registered.json()["detail"]
    assert "docs/pt/proxy.md" in registered.json()["detail"]
    assert "docs/pt/proxy.md" in read(page)
    assert home.browser().post("/auth/login", json=ACCOUNT).status_code == 401


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8000",
        "192.168.1.20",
        "203.0.113.7:80",
        "[::1]:8000",
        "[fe80::1%25eth0]:8000",
        "localhost:8000",
        "LOCALHOST",
        "localhost.",
        "kitchen.localhost",
        socket.gethostname(),
        f"{socket.gethostname().partition('.')[0]}.local:8000",
    ],
)
def test_an_address_and_this_machines_names_are_answered(home: Household, host: str) -> None:
    answer = home.browser().post("/auth/register", json=ACCOUNT, headers={"Host": host})

    assert answer.status_code == 201


def test_no_page_leaves_the_name_out(home: Household) -> None:
    assert home.browser().get("/", headers={"Host": ""}).status_code == 200


def test_the_public_name_is_answered(public: Household) -> None:
    for host in ("yaguts.example.org", "YAGUTS.example.org:443"):
        assert public.browser().get("/kitchen/", headers={"Host": host}).status_code == 200
    for host in ("other.example.org", "example.org"):
        assert public.browser().get("/kitchen/", headers={"Host": host}).status_code == 421


def test_one_of_two_names_is_anothers(home: Household) -> None:
    headers = [("Host", "localhost"), ("Host", "evil.test")]

    assert home.browser().get("/", headers=headers).status_code == 421


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_all_but_a_dispensers_calls_are_refused(home: Household, operation: Operation) -> None:
    answer = home.browser().request(operation.method, operation.url(), headers=EVIL)

    assert (answer.status_code != 421) == (
        operation.path in ANY_NAME or operation.path.startswith("/devices/me/")
    )


def test_a_token_opens_nothing_but_a_dispensers_calls(home: Household) -> None:
    headers = {**EVIL, "Authorization": "Bearer x"}

    assert home.browser().post("/auth/register", json=ACCOUNT, headers=headers).status_code == 421


def test_a_board_calls_by_any_name(home: Household) -> None:
    ana = home.person("Ana")
    code = ana.post("/devices/claims").json()[w.CODE]
    board = home.browser(address="192.0.2.7")
    board.headers["Host"] = "yaguts.somewhere.example"

    claimed = board.post("/devices/claim", json={w.UID: "board-1", w.CLAIM_CODE: code})
    board.headers["Authorization"] = f"Bearer {claimed.json()[w.DEVICE_TOKEN]}"

    assert board.post("/devices/me/heartbeat", json={}).status_code == 200
    assert board.get("/devices/me/next_job").status_code == 204
    assert board.get("/time").status_code == 200


def test_a_live_connection_by_another_name_is_refused(home: Household) -> None:
    ana: TestClient = home.person("Ana")

    with (
        pytest.raises(WebSocketDisconnect) as refused,
        ana.websocket_connect("/ws/jobs/1", headers=EVIL),
    ):
        pass
    assert refused.value.code == 1008
