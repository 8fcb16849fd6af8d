"""A household: inviting, joining, leaving and removing."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.household import PASSWORD, Household
from yaguts.settings import Settings


@pytest.fixture
def ana(home: Household) -> TestClient:
    return home.person("Ana")


def invited_by(owner: TestClient) -> dict[str, Any]:
    answer = owner.post("/casa/convites")
    assert answer.status_code == 201, answer.text
    return answer.json()


def enter(browser: TestClient, code: str) -> tuple[int, str]:
    answer = browser.post("/casa/entrar", json={"convite": code})
    return answer.status_code, answer.json().get("detail", "")


def test_everybody_starts_in_a_kitchen_of_their_own(ana: TestClient) -> None:
    assert ana.get("/casa").json() == {
        "dono": {"id": 1, "nome": "Ana"},
        "membros": [],
        "convites": [],
    }


def test_whoever_is_invited_cooks_there(home: Household, ana: TestClient) -> None:
    bia = home.person("Bia")
    invitation = invited_by(ana)
    assert invitation["link"] == f"http://kitchen.localhost/app/join?convite={invitation['code']}"
    assert invitation["expires_at"] == "2026-02-03T18:00:00Z"

    joined = bia.post("/casa/entrar", json={"convite": invitation["code"]}).json()

    assert joined["dono"] == {"id": 1, "nome": "Ana"}
    member = {"id": 1, "nome": "Bia", "desde": "2026-01-31T18:00:00Z"}
    assert joined["membros"] == [member]
    assert ana.get("/casa").json()["membros"] == [member]
    assert ana.get("/casa").json()["convites"] == []


def test_an_invitation_works_once(home: Household, ana: TestClient) -> None:
    code = invited_by(ana)["code"]
    enter(home.person("Bia"), code)

    assert enter(home.person("Caio"), code) == (
        400,
        "Convite inválido, já usado ou vencido. Peça outro.",
    )


def test_an_invitation_works_for_three_days(home: Household, ana: TestClient) -> None:
    bia, code = home.person("Bia"), invited_by(ana)["code"]
    home.clock.passes(days=3)

    assert enter(bia, code)[0] == 400
    assert ana.get("/casa").json()["convites"] == []


def test_an_invitation_is_taken_back(home: Household, ana: TestClient) -> None:
    invitation = invited_by(ana)
    assert [one["id"] for one in ana.get("/casa").json()["convites"]] == [invitation["id"]]

    ana.delete(f"/casa/convites/{invitation['id']}")

    assert enter(home.person("Bia"), invitation["code"])[0] == 400


def test_an_owner_has_ten_invitations_open_at_most(home: Household, ana: TestClient) -> None:
    codes = [invited_by(ana)["code"] for _ in range(11)]

    assert len(ana.get("/casa").json()["convites"]) == 10
    assert enter(home.person("Bia"), codes[0])[0] == 400
    assert enter(home.person("Caio"), codes[1])[0] == 200


def test_the_database_holds_no_code(home: Household, ana: TestClient) -> None:
    code = invited_by(ana)["code"]

    with home.site.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM invitations").all()
    assert code not in str(rows)


def test_a_member_uses_what_is_the_owners_and_finds_their_own_again(
    home: Household, ana: TestClient
) -> None:
    row = {"tempero": "Sal", "quantidade": 4}
    ana.post("/receitas/", json={"nome": "Pão", "ingredientes": [row]})
    bia = home.person("Bia")
    bia.post("/receitas/", json={"nome": "Bolo", "ingredientes": [row]})
    enter(bia, invited_by(ana)["code"])

    assert [one["nome"] for one in bia.get("/receitas/").json()] == ["Pão"]
    bia.post("/receitas/", json={"nome": "Sopa", "ingredientes": [row]})
    assert [one["nome"] for one in ana.get("/receitas/").json()] == ["Pão", "Sopa"]

    assert bia.post("/casa/sair").json()["dono"]["nome"] == "Bia"
    assert [one["nome"] for one in bia.get("/receitas/").json()] == ["Bolo"]
    assert ana.get("/casa").json()["membros"] == []


def test_a_member_is_told_who_may_configure(home: Household, ana: TestClient) -> None:
    refused = home.member(ana).put("/config/robo", json=[{"frasco": 1, "rotulo": "Sal"}])

    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("Só quem é dono desta cozinha")
    assert refused.json()["type"] == "urn:yaguts:problem:owners_only"


def test_the_owner_removes_a_member_from_the_next_call_on(home: Household, ana: TestClient) -> None:
    bia = home.member(ana, "Bia")
    assert ana.delete("/casa/membros/1").status_code == 204

    assert bia.get("/casa").json()["dono"]["nome"] == "Bia"
    assert ana.delete("/casa/membros/1").status_code == 404


def test_a_member_sees_no_invitations(home: Household, ana: TestClient) -> None:
    bia = home.member(ana)
    invited_by(ana)

    assert bia.get("/casa").json()["convites"] == []


def test_one_is_in_one_kitchen_at_a_time(home: Household, ana: TestClient) -> None:
    bia, caio = home.member(ana, "Bia"), home.person("Caio")
    code = invited_by(caio)["code"]

    assert enter(bia, code) == (
        409,
        "Você já faz parte de outra casa. Saia dela antes de entrar nesta.",
    )
    bia.post("/casa/sair")
    assert enter(bia, code)[0] == 200


def test_who_is_at_home_already_uses_no_invitation_up(home: Household, ana: TestClient) -> None:
    bia, code = home.member(ana, "Bia"), invited_by(ana)["code"]

    assert enter(ana, code) == enter(bia, code) == (409, "Você já faz parte desta casa.")
    assert enter(home.person("Caio"), code)[0] == 200


def test_who_has_members_joins_nobody(home: Household, ana: TestClient) -> None:
    home.member(ana)
    code = invited_by(home.person("Bia"))["code"]

    assert enter(ana, code)[1] == "Há pessoas na sua casa. Remova-as antes de entrar em outra."


def test_who_joins_takes_their_own_invitations_back(home: Household, ana: TestClient) -> None:
    bia = home.person("Bia")
    stale = invited_by(bia)["code"]
    enter(bia, invited_by(ana)["code"])

    assert enter(home.person("Caio"), stale)[0] == 400


@pytest.fixture
def closed(home: Household) -> Household:
    """A server whose registration is closed to all but the first account."""
    object.__setattr__(home.site, "settings", Settings(secret_key="a secret", registration="first"))
    return home


def test_the_invited_register_where_nobody_else_may(closed: Household, ana: TestClient) -> None:
    new = {"nome": "Bia", "senha": PASSWORD}
    assert closed.browser().post("/auth/register", json=new).status_code == 403

    invitation = {"convite": invited_by(ana)["code"]}
    assert closed.browser().post("/auth/register", json=new | invitation).status_code == 201

    bia = closed.signed_in("Bia")
    assert bia.get("/casa").json()["dono"]["nome"] == "Ana"
    again = new | invitation | {"nome": "Caio"}
    assert closed.browser().post("/auth/register", json=again).status_code == 400


def test_a_name_that_is_taken_uses_no_invitation_up(closed: Household, ana: TestClient) -> None:
    invitation = {"convite": invited_by(ana)["code"], "senha": PASSWORD}
    refused = closed.browser().post("/auth/register", json=invitation | {"nome": "Ana"})

    assert refused.status_code == 400
    accepted = closed.browser().post("/auth/register", json=invitation | {"nome": "Bia"})
    assert accepted.status_code == 201
