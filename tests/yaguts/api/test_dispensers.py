"""Pairing, heartbeats and tokens of dispensers, and guesses at pairing codes."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.household import Household
from yaguts.services.people.rate_limits import GUESS_FROM_ADDRESS, GUESS_SHORT_CODE


@pytest.fixture
def ana(home: Household) -> TestClient:
    return home.person("Ana")


def a_code(owner: TestClient, *, long: bool = False) -> str:
    return owner.post("/devices/claims", json={"formato": "longo"} if long else None).json()["code"]


def guess(home: Household, code: str, address: str, uid: str = "board-x") -> Any:
    body = {"uid": uid, "claim_code": code}
    return home.browser(address=address).post("/devices/claim", json=body)


def another(code: str) -> str:
    """Return a wrong code of the same kind. A long one has the same selector."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def test_a_v01_board_is_claimed_with_six_digits(home: Household, ana: TestClient) -> None:
    answer = ana.post("/devices/claims").json()
    assert answer["expires_at"] == "2026-01-31T18:10:00Z"
    assert len(answer["code"]) == 6
    assert answer["code"].isdecimal()

    body = {
        "uid": "esp32-a1b2",
        "claim_code": answer["code"],
        "fw_version": "0.1.6",
        "mac": "aa:bb",
    }
    claimed = home.browser().post("/devices/claim", json=body).json()

    assert claimed.keys() == {"device_id", "device_token", "heartbeat_sec"}
    assert (claimed["device_id"], claimed["heartbeat_sec"]) == (1, 30)
    assert len(claimed["device_token"]) >= 22  # 128 bits


def test_a_long_code_is_typed_as_people_type(home: Household, ana: TestClient) -> None:
    code = a_code(ana, long=True)
    assert len(code) == 14

    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert guess(home, typed, "192.0.2.1").status_code == 200


@pytest.mark.parametrize("long", [False, True])
def test_a_code_works_once(home: Household, ana: TestClient, long: bool) -> None:
    code = a_code(ana, long=long)

    assert guess(home, code, "192.0.2.1").status_code == 200
    assert guess(home, code, "192.0.2.1", "another board").status_code == 400


@pytest.mark.parametrize("long", [False, True])
def test_the_same_board_may_repeat_its_claim_until_it_has_its_token(
    home: Household, ana: TestClient, long: bool
) -> None:
    code = a_code(ana, long=long)
    lost = home.claimed(code, "board-1")
    heard = home.claimed(code, "board-1")

    assert heard.post("/devices/me/heartbeat").status_code == 200
    assert lost.post("/devices/me/heartbeat").status_code == 401
    assert guess(home, code, "192.0.2.1", "board-1").status_code == 400
    assert heard.post("/devices/me/heartbeat").status_code == 200
    assert len(ana.get("/devices").json()["devices"]) == 1


@pytest.mark.parametrize("long", [False, True])
def test_a_code_works_for_ten_minutes(home: Household, ana: TestClient, long: bool) -> None:
    code = a_code(ana, long=long)
    home.clock.passes(minutes=10)

    answer = guess(home, code, "192.0.2.1")

    assert answer.status_code == 400
    assert "vencido" in answer.json()["detail"]


def test_strangers_guesses_kill_nobodys_short_code(home: Household, ana: TestClient) -> None:
    codes, long = [a_code(ana), a_code(ana)], a_code(ana, long=True)
    wrong = next(f"{n:06}" for n in range(3) if f"{n:06}" not in codes)
    for number in range(120):
        guess(home, wrong, f"203.0.113.{number % 6}")
    for number in range(120):
        assert guess(home, wrong, f"198.51.100.{number}").status_code == 400

    for number, code in enumerate(codes):
        assert guess(home, code, "192.0.2.77", f"board-{number}").status_code == 200
    assert guess(home, long, "192.0.2.77", "board-long").status_code == 200


def test_wrong_guesses_at_a_long_code_hurt_that_one_only(home: Household, ana: TestClient) -> None:
    aimed_at, other, short = a_code(ana, long=True), a_code(ana, long=True), a_code(ana)
    for number in range(5):
        assert guess(home, another(aimed_at), f"192.0.2.{number}").status_code == 400

    assert guess(home, aimed_at, "198.51.100.1").status_code == 400
    assert guess(home, other, "198.51.100.1").status_code == 200
    assert guess(home, short, "198.51.100.1").status_code == 200


def test_an_address_has_five_guesses_at_short_codes(home: Household, ana: TestClient) -> None:
    code, long = a_code(ana), a_code(ana, long=True)
    for _ in range(4):
        guess(home, another(code), "203.0.113.1")
    assert guess(home, code, "203.0.113.1", "board-1").status_code == 200
    code = a_code(ana)
    guess(home, another(code), "203.0.113.1")

    refused = guess(home, code, "203.0.113.1", "board-2")

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "600"
    assert guess(home, long, "203.0.113.1", "board-2").status_code == 200


def test_guesses_from_one_address_are_limited(home: Household, ana: TestClient) -> None:
    for _ in range(GUESS_FROM_ADDRESS.most):
        assert guess(home, "not a code", "192.0.2.66").status_code == 400

    refused = guess(home, a_code(ana), "192.0.2.66")
    assert refused.status_code == 429
    assert "Espere 10 minutos" in refused.json()["detail"]
    assert guess(home, a_code(ana), "192.0.2.67").status_code == 200
    home.clock.passes(minutes=10)
    assert guess(home, a_code(ana), "192.0.2.66").status_code == 200


def test_a_household_with_ipv6_is_one_address(home: Household, ana: TestClient) -> None:
    for number in range(GUESS_FROM_ADDRESS.most):
        guess(home, "not a code", f"2001:db8:0:1::{number}")

    assert guess(home, a_code(ana), "2001:db8:0:1:ffff::1").status_code == 429
    assert guess(home, a_code(ana), "2001:db8:0:2::1").status_code == 200


def strangers(home: Household, wrong: str) -> None:
    """Guesses at short codes from ever new addresses, until they are limited."""
    for number in range(GUESS_SHORT_CODE.most + 1):
        if guess(home, wrong, f"203.0.{number // 250}.{number % 250}").status_code == 429:
            return
    raise AssertionError("nothing limits them")


@pytest.mark.more
def test_strangers_have_a_thousand_guesses_at_short_codes(home: Household, ana: TestClient) -> None:
    code, long = a_code(ana), a_code(ana, long=True)

    strangers(home, another(code))

    assert guess(home, code, "198.51.100.1").status_code == 429
    assert guess(home, long, "198.51.100.1").status_code == 200


@pytest.mark.parametrize(
    ("owner", "board"),
    [
        ("198.51.100.1", "198.51.100.1"),
        *(
            pytest.param(owner, board, marks=pytest.mark.more)
            for owner, board in (
                ("2001:db8:0:1::5", "2001:db8:0:1::6"),
                ("192.168.1.2", "192.168.1.3"),
                ("192.168.1.2", "fe80::3"),
                ("127.0.0.1", "10.0.0.3"),
            )
        ),
    ],
)
def test_strangers_keep_out_no_board_that_calls_from_where_its_owner_is(
    home: Household, ana: TestClient, owner: str, board: str
) -> None:
    at_home = home.browser(address=owner)
    at_home.cookies = ana.cookies
    code = a_code(at_home)

    strangers(home, another(code))

    assert guess(home, code, board).status_code == 200


def test_whoever_is_at_home_has_no_more_guesses_than_others(
    home: Household, ana: TestClient
) -> None:
    at_home = home.browser(address="192.168.1.2")
    at_home.cookies = ana.cookies
    code = a_code(at_home)
    for _ in range(5):
        assert guess(home, another(code), "192.168.1.66").status_code == 400

    assert guess(home, code, "192.168.1.66").status_code == 429
    assert guess(home, code, "192.168.1.67").status_code == 200


def test_a_stranger_with_a_whole_prefix_of_ipv6_has_five_guesses(
    home: Household, ana: TestClient
) -> None:
    code = a_code(ana)
    for number in range(5):
        assert guess(home, another(code), f"2001:db8:7:{number}::1").status_code == 400

    assert guess(home, code, "2001:db8:7:ffff::1").status_code == 429
    assert guess(home, code, "2001:db8:8:1::1").status_code == 200


def test_a_person_has_five_codes_at_most(home: Household, ana: TestClient) -> None:
    codes = []
    for _ in range(6):
        home.clock.passes(seconds=1)
        codes.append(a_code(ana))

    assert guess(home, codes[0], "192.0.2.1").status_code == 400
    for number, code in enumerate(codes[1:]):
        assert guess(home, code, "192.0.2.1", f"board-{number}").status_code == 200


def test_a_board_claimed_again_has_a_new_token_and_the_old_one_is_dead(
    home: Household, ana: TestClient
) -> None:
    before = home.board(ana, "board-1")
    after = home.board(ana, "board-1")

    assert before.post("/devices/me/heartbeat").status_code == 401
    assert after.post("/devices/me/heartbeat").status_code == 200
    assert len(ana.get("/devices").json()["devices"]) == 1


def test_a_second_board_is_a_second_dispenser(home: Household, ana: TestClient) -> None:
    home.board(ana, "board-1")
    home.board(ana, "board-2")

    listed = ana.get("/me/devices").json()["devices"]

    assert [(one["id"], one["uid"]) for one in listed] == [(1, "board-1"), (2, "board-2")]
    assert len(ana.get("/devices/2/jars").json()) == 4


def test_a_second_board_replaces_the_first_when_its_owner_says_so(
    home: Household, ana: TestClient
) -> None:
    first, second = home.board(ana, "board-1"), home.board(ana, "board-2")
    assert [one["recem_chegado"] for one in ana.get("/devices").json()["devices"]] == [False, True]

    moved = ana.put("/devices/2/replaces", json={"substitui": 1})

    assert moved.status_code == 200
    assert (moved.json()["id"], moved.json()["uid"]) == (1, "board-2")
    assert [one["recem_chegado"] for one in ana.get("/devices").json()["devices"]] == [False, False]
    for board in (first, second):
        assert board.post("/devices/me/heartbeat").status_code == 200
    again = ana.put("/devices/1/replaces", json={"substitui": 2})
    assert (again.status_code, again.json()["type"]) == (
        409,
        "urn:yaguts:problem:not_possible_now.replace",
    )


def test_or_stays_a_dispenser_of_its_own(home: Household, ana: TestClient) -> None:
    home.board(ana, "board-1")
    home.board(ana, "board-2")

    stays = ana.put("/devices/2/replaces", json={"substitui": None}).json()

    assert (stays["id"], stays["uid"], stays["recem_chegado"]) == (2, "board-2", False)


def test_nobody_elses_dispenser_is_replaced(home: Household, ana: TestClient) -> None:
    home.board(ana, "board-1")
    bia = home.person("Bia")
    home.board(bia, "board-2")
    home.board(bia, "board-3")
    mine = [one["id"] for one in bia.get("/devices").json()["devices"]]

    assert ana.put(f"/devices/{mine[1]}/replaces", json={"substitui": 1}).status_code == 404
    assert bia.put(f"/devices/{mine[1]}/replaces", json={"substitui": 1}).status_code == 404


def test_a_board_that_changes_hands(home: Household, ana: TestClient) -> None:
    before = home.board(ana, "board-1")
    bia = home.person("Bia")
    after = home.board(bia, "board-1")

    assert after.post("/devices/me/heartbeat").status_code == 200
    assert [one["uid"] for one in bia.get("/devices").json()["devices"]] == ["board-1"]
    assert before.post("/devices/me/heartbeat").status_code == 200
    assert ana.delete("/devices/1").status_code == 204
    assert after.post("/devices/me/heartbeat").status_code == 200


def test_whoever_says_the_uid_of_a_board_does_not_get_it(home: Household, ana: TestClient) -> None:
    code = a_code(ana)
    board = home.claimed(code, "board-1")
    thief = home.board(home.person("Bia"), "board-1")
    thief.post("/devices/me/heartbeat")

    again = home.claimed(code, "board-1")  # Ana's board repeats it, as if the answer had been lost
    assert again.post("/devices/me/heartbeat").status_code == 200
    assert board.post("/devices/me/heartbeat").status_code == 401
    assert [one["uid"] for one in ana.get("/devices").json()["devices"]] == ["board-1"]


def test_unlinking_counts_from_the_next_call_on(home: Household, ana: TestClient) -> None:
    board = home.board(ana)

    assert ana.delete("/devices/1").status_code == 204

    answer = board.post("/devices/me/heartbeat")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert ana.get("/devices").json()["devices"] == []


def test_a_board_paired_again_finds_its_jars(home: Household, ana: TestClient) -> None:
    home.board(ana, "board-1")
    home.board(ana, "board-2")
    ana.put("/devices/2/jars", json=[{"frasco": 1, "rotulo": "Sal"}])
    ana.delete("/devices/2")

    home.board(ana, "board-2")

    assert ana.get("/devices/2").json()["uid"] == "board-2"
    assert ana.get("/devices/2/jars").json()[0]["rotulo"] == "Sal"


def test_online_means_heard_of_in_the_last_ninety_seconds(home: Household, ana: TestClient) -> None:
    board = home.board(ana)
    told = {"fw_version": "0.1.6", "status": {"rssi": -61, "heap": 91000}}
    home.clock.passes(minutes=5)
    assert board.post("/devices/me/heartbeat", json=told).json() == {"ok": True}

    home.clock.passes(seconds=89)
    listed = ana.get("/me/devices").json()
    assert listed == ana.get("/devices").json()
    assert listed["online_any"] is True
    seen = {"fw_version": "0.1.6", "last_seen": "2026-01-31T18:05:00Z", "online": True}
    assert listed["devices"][0].items() >= seen.items()

    home.clock.passes(seconds=1)
    listed = ana.get("/me/devices").json()
    assert (listed["online_any"], listed["devices"][0]["online"]) == (False, False)


def test_any_call_is_a_sign_of_life(home: Household, ana: TestClient) -> None:
    board = home.board(ana)
    home.clock.passes(minutes=5)

    board.get("/devices/me/next_job")

    assert ana.get("/devices").json()["online_any"] is True


@pytest.mark.parametrize("status", [{"x": "y" * 2000}, [], "ok", 5])
def test_a_status_that_is_no_small_object(home: Household, ana: TestClient, status: object) -> None:
    board = home.board(ana)

    assert board.post("/devices/me/heartbeat", json={"status": status}).status_code == 422


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic x", "é"])
def test_no_token_no_access(home: Household, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}

    answer = home.browser().post("/devices/me/heartbeat", headers=headers)  # type: ignore[arg-type]

    assert answer.status_code == 401
    assert "vinculado" in answer.json()["detail"]


def test_a_cookie_is_no_token_and_a_token_no_cookie(home: Household, ana: TestClient) -> None:
    board = home.board(ana)

    assert ana.post("/devices/me/heartbeat").status_code == 401
    assert board.get("/auth/me").status_code == 401


def test_somebody_elses_dispenser_is_not_there(home: Household, ana: TestClient) -> None:
    board, bia = home.board(ana), home.person("Bia")

    assert ana.get("/devices/1").status_code == 200
    assert bia.get("/devices/1").status_code == 404
    assert bia.delete("/devices/1").status_code == 404
    assert board.post("/devices/me/heartbeat").status_code == 200


def test_the_database_holds_no_code_and_no_token(home: Household, ana: TestClient) -> None:
    code, board = a_code(ana), home.board(ana)
    file = Path(str(home.site.database.engine.url.database))
    home.site.database.close()

    kept = b"".join(part.read_bytes() for part in file.parent.glob("yaguts.db*"))

    assert code.encode() not in kept
    assert board.headers["Authorization"].removeprefix("Bearer ").encode() not in kept


def test_a_dispenser_is_called_what_its_owner_says(home: Household) -> None:
    ana, bia = home.person("Ana"), home.person("Bia")

    named = ana.put("/devices/1/name", json={"nome": " Bancada "})

    assert (named.status_code, named.json()["nome"]) == (200, "Bancada")
    assert ana.get("/devices/1").json()["nome"] == "Bancada"
    assert ana.put("/devices/1/name", json={"nome": "a\nb"}).status_code == 422
    assert bia.put("/devices/1/name", json={"nome": "Minha"}).status_code == 404
    assert ana.put("/devices/1/name", json={}).json()["nome"] is None


def test_a_claim_that_arrives_twice_leaves_the_first_answer_good(
    home: Household, ana: TestClient
) -> None:
    code = a_code(ana, long=True)
    heard = home.claimed(code, "board-1")
    home.claimed(code, "board-1")

    assert heard.post("/devices/me/heartbeat").status_code == 200
