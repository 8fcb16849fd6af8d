"""The pages of a household: invitations, members, joining and leaving."""

import re

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import PASSWORD, Household
from tests.support.kitchen.pages import links, read


@pytest.fixture
def ana(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def invitation(owner: TestClient) -> str:
    """The path and query of the link that the page shows."""
    page = owner.post("/app/household/invitations")
    link = r"<code>http://kitchen\.localhost(/app/join\?convite=[\w-]{43})</code>"
    found = re.search(link, page.text)
    assert found, page.text
    return found[1]


def test_somebody_without_an_account_comes_in_by_the_link(home: Household, ana: TestClient) -> None:
    stranger, link = home.browser(), invitation(ana)
    page = stranger.get(link)
    assert "Cozinhar na casa de Ana?" in read(page)
    register = next(each for each in links(page) if "register" in each)
    code = register.partition("=")[2]
    assert f'name="convite" value="{code}"' in stranger.get(register).text

    new = {"nome": "Bia", "senha": PASSWORD, "convite": code}
    arrived = stranger.post("/app/register", data=new)

    assert arrived.url.path == "/app/"
    assert "Você cozinha na casa de Ana." in read(stranger.get("/app/settings"))
    assert "Bia" in read(ana.get("/app/settings"))


def test_who_has_an_account_signs_in_first(home: Household, ana: TestClient) -> None:
    home.person("Bia")
    somebody, link = home.browser(), invitation(ana)
    page = somebody.get(link)
    door = somebody.get(next(each for each in links(page) if "sign-in" in each))
    wanted = re.search(r'name="next" value="([^"]+)"', door.text)
    assert wanted
    assert wanted[1] == link

    form = {"nome": "Bia", "senha": PASSWORD, "next": link}
    page = somebody.post("/app/sign-in", data=form)
    assert "Entrar como Bia" in read(page)
    somebody.post("/app/join", data={"convite": link.partition("=")[2]})

    assert "Você cozinha na casa de Ana." in read(somebody.get("/app/settings"))
    left = somebody.post("/app/household/leave")
    assert "Só você cozinha aqui." in read(left)


def test_an_invalid_invitation_is_explained(home: Household, ana: TestClient) -> None:
    page = home.browser().get("/app/join?convite=nothing")

    assert page.status_code == 400
    assert "Convite inválido" in read(page)
    assert ana.post("/app/join", data={"convite": "nothing"}).status_code == 400


def test_the_owner_removes_a_member_and_withdraws_an_invitation(
    home: Household, ana: TestClient
) -> None:
    home.member(ana, "Bia")
    link = invitation(ana)
    assert "Convite em aberto" in read(ana.get("/app/settings"))

    page = ana.post("/app/household/members/1/remove")
    assert "Bia" not in read(page)
    found = re.search(r"/app/household/invitations/\d+/withdraw", page.text)
    assert found
    ana.post(found[0])

    assert home.browser().get(link).status_code == 400


def test_a_member_is_offered_only_what_members_may_do(
    kitchen: Furnished, home: Household, ana: TestClient
) -> None:
    recipe = kitchen.recipe(Canela=1)
    bia = home.member(ana, "Bia")

    jar = read(bia.get("/app/dispensers/1/jars/1"))
    assert "Reabastecer" in jar
    assert not any(words in jar for words in ("Pesar e corrigir", "Calibrar", "Trocar o tempero"))
    settings = bia.get("/app/settings")
    assert not [each for each in links(settings) if "dispensers" in each]
    assert "Convidar" not in read(settings)
    cook = bia.get(f"/app/recipes/{recipe}")
    assert "Peça a quem é dono da cozinha." in read(cook)
    assert not [each for each in links(cook) if "dispensers" in each]


@pytest.mark.parametrize(
    "path",
    [
        "/dispensers/pair",
        "/dispensers/1/motor",
        "/dispensers/1/jars",
        "/dispensers/1/default",
        "/dispensers/1/name",
        "/dispensers/1/replaces",
        "/dispensers/1/unlink",
        "/dispensers/1/jars/1/spice",
        "/dispensers/1/jars/1/weigh",
        "/dispensers/1/jars/1/rate",
        "/household/invitations",
        "/household/invitations/1/withdraw",
        "/household/members/1/remove",
    ],
)
def test_a_member_cannot_send_the_owners_forms(home: Household, ana: TestClient, path: str) -> None:
    page = home.member(ana, "Bia").post(f"/app{path}", data={"amount": "1", "spice": "Sal"})

    assert page.status_code == 403
    assert "Só quem é dono desta cozinha pode fazer isto." in read(page)


def test_a_member_refills_and_cooks(kitchen: Furnished, home: Household, ana: TestClient) -> None:
    bia = home.member(ana, "Bia")
    recipe = kitchen.recipe(Sal=1)

    bia.post("/app/dispensers/1/jars/1/refill", data={"amount": "5"})
    page = bia.post("/app/orders", data={"recipe": str(recipe), "people": "1"})

    assert kitchen.stocks()[0] == (105_000, 1000)
    assert page.url.path == "/app/jobs/1"
    assert "Na fila" in read(ana.get("/app/jobs/1"))


def came_by(ana: TestClient, home: Household, name: str) -> TestClient:
    """Somebody who made their account with the invitation."""
    code = invitation(ana).partition("=")[2]
    somebody = home.browser()
    new = {"nome": name, "senha": PASSWORD, "convite": code}
    assert somebody.post("/app/register", data=new).url.path == "/app/"
    return somebody


def reset_forms(ana: TestClient) -> list[str]:
    return re.findall(r"/app/household/members/\d+/reset", ana.get("/app/settings").text)


def test_the_owner_helps_a_member_to_a_new_password_who_is_told(
    home: Household, ana: TestClient
) -> None:
    bia = came_by(ana, home, "Bia")
    (form,) = reset_forms(ana)

    page = ana.post(form)
    assert page.headers["cache-control"] == "no-store"
    assert "só a Bia" in read(page)
    link = re.search(
        r"<code>http://kitchen\.localhost(/app/new-password\?code=[\w-]+)</code>", page.text
    )
    assert link
    assert "Ana criou um link para trocar a sua senha" in read(bia.get("/app/settings"))

    code, new = link[1].partition("=")[2], "louro e tomilho 9"
    anywhere = home.browser()
    arrived = anywhere.post("/app/new-password", data={"code": code, "senha": new})
    assert arrived.url.path == "/app/"
    assert "Ana criou um link para trocar a sua senha" in read(anywhere.get("/app/settings"))
    assert bia.get("/auth/me").status_code == 401


def test_others_than_that_the_operator_helps(home: Household, ana: TestClient) -> None:
    elsewhere = home.person("Bia")
    elsewhere.post("/app/join", data={"convite": invitation(ana).partition("=")[2]})
    assert reset_forms(ana) == []
    (remove,) = re.findall(r"/app/household/members/\d+/remove", ana.get("/app/settings").text)

    refused = ana.post(remove.replace("remove", "reset"))

    assert refused.status_code == 409
    assert "Só quem cuida do servidor" in read(refused)
    assert "<code>" not in refused.text


def test_nobody_else_makes_the_link(home: Household, ana: TestClient) -> None:
    bia = came_by(ana, home, "Bia")
    (form,) = reset_forms(ana)

    assert bia.post(form).status_code == 403
    assert home.person("Caio").post(form).status_code == 404


def test_a_kitchen_of_their_own_is_out_of_reach(home: Household, ana: TestClient) -> None:
    bia = came_by(ana, home, "Bia")
    (form,) = reset_forms(ana)
    bia.post("/app/household/leave")
    assert bia.post("/receitas/", json={"nome": "Bolo", "porcoes": 1, "ingredientes": [
        {"tempero": "Canela", "quantidade": 1}]}).status_code == 201  # fmt: skip
    bia.post("/app/join", data={"convite": invitation(ana).partition("=")[2]})

    assert reset_forms(ana) == []
    assert ana.post(form).status_code in (404, 409)


def test_a_link_of_the_owner_ends_with_the_membership(home: Household, ana: TestClient) -> None:
    bia = came_by(ana, home, "Bia")
    (form,) = reset_forms(ana)
    link = re.search(r"code=([\w-]+)</code>", ana.post(form).text)
    assert link

    bia.post("/app/household/leave")

    dead = home.browser().get("/app/new-password", params={"code": link[1]})
    assert dead.status_code != 200
