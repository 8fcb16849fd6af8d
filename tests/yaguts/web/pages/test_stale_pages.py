"""A page that is not right any more: nothing is poured, undone or booked twice for it."""

import re
from html import unescape

import pytest
from httpx import Response
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import HOST, PASSWORD, Household
from tests.support.kitchen.pages import links, read

JAR = "/app/dispensers/1/jars/1"
Fields = dict[str, str]


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def form_of(page: Response, action: str) -> Fields:
    """The fields of the page's form with this action, as a browser would send them."""
    [form] = re.findall(rf'<form[^>]* action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)
    fields: Fields = {}
    [name] = re.findall(r'^<form id="(\w+)"', form) or [""]
    elsewhere = re.findall(rf'<input[^>]* form="{name}"[^>]*>', page.text)
    for tag in [*re.findall(r"<input[^>]*>", form), *elsewhere]:
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        fields[given["name"]] = unescape(given.get("value", ""))
    return fields


def cook(browser: TestClient, recipe: int, query: str = "") -> Fields:
    return form_of(browser.get(f"/app/recipes/{recipe}{query}"), "/app/orders")


def edit(browser: TestClient, recipe: int, **spices: str) -> Response:
    """Edit the recipe by a program of version 0.1, which knows no versions."""
    parts = [{"tempero": spice, "quantidade": float(g)} for spice, g in spices.items()]
    body = {"nome": "Outro nome", "porcoes": 1, "ingredientes": parts}
    return browser.put(f"/receitas/{recipe}", json=body).raise_for_status()


def jobs_in(kitchen: Furnished) -> int:
    """How many jobs there have been."""
    with kitchen.site.database.read() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM jobs").scalar_one()


def test_an_order_pours_what_its_page_showed(kitchen: Furnished, browser: TestClient) -> None:
    recipe = kitchen.recipe(Sal=1.0, Pimenta=2.0)
    stale = cook(browser, recipe)
    edit(browser, recipe, Sal="9", Cominho="3")

    refused = browser.post("/app/orders", data=stale)

    assert refused.status_code == 409
    assert "Sal: a página mostrava 1,0 g, agora são 9,0 g." in read(refused)
    assert "Pimenta: a página mostrava 2,0 g, agora não há." in read(refused)
    assert "Cominho: a página não mostrava, agora são 3,0 g." in read(refused)
    assert jobs_in(kitchen) == 0
    browser.post("/app/orders", data=form_of(refused, "/app/orders"))
    assert [dose.quantity for dose in kitchen.job(1).doses] == [9000, 3000]


def test_another_name_order_of_lines_or_spelling_does_not_block(
    kitchen: Furnished, browser: TestClient
) -> None:
    recipe = kitchen.recipe(Sal=1.0, Pimenta=2.0)
    stale = cook(browser, recipe)
    edit(browser, recipe, Pimenta="2", SAL="1")

    answer = browser.post("/app/orders", data=stale, follow_redirects=False)

    assert answer.headers["location"] == "/app/jobs/1"


def test_a_jar_that_came_or_went_is_a_difference(kitchen: Furnished, browser: TestClient) -> None:
    recipe = kitchen.recipe(Sal=1.0, Louro=2.0)
    stale = cook(browser, recipe, "?hand=yes")
    browser.put("/config/robo", json=[{"frasco": 4, "rotulo": "Louro"}])

    refused = browser.post("/app/orders", data=stale)

    assert "Louro (à mão): a página mostrava 2,0 g, agora não há." in read(refused)
    assert "Louro: a página não mostrava, agora são 2,0 g." in read(refused)


@pytest.mark.parametrize("shown", ["Sal=1e3", "Sal=-1", "x", "Sal=1&Sal=1"])
def test_a_page_that_says_nonsense_orders_nothing(
    kitchen: Furnished, browser: TestClient, shown: str
) -> None:
    stale = cook(browser, kitchen.recipe(Sal=1.0)) | {"shown": shown}

    assert browser.post("/app/orders", data=stale).status_code == 409
    assert jobs_in(kitchen) == 0


def test_a_form_that_is_sent_twice_is_booked_once(kitchen: Furnished, browser: TestClient) -> None:
    dose, refill = (form_of(browser.get(JAR), f"{JAR}/{one}") for one in ("dose", "refill"))
    again = [
        ("/app/orders", cook(browser, kitchen.recipe(Sal=1.0))),
        (f"{JAR}/dose", dose | {"amount": "1"}),
        (f"{JAR}/refill", refill | {"amount": "5"}),
        ("/app/recipes/new", form_of(browser.get("/app/recipes/new"), "/app/recipes/new")),
    ]
    again[-1] = again[-1][0], again[-1][1] | {"name": "Pão", "spice": "Sal", "amount": "2"}
    for address, form in again:
        answers = [browser.post(address, data=form, follow_redirects=False) for _ in range(2)]

        assert [each.status_code for each in answers] == [303, 303], address
        assert answers[0].headers["location"] == answers[1].headers["location"]
        browser.post("/jobs/active/cancel")
    assert jobs_in(kitchen) == 2
    assert kitchen.jar(1).stock == 105_000
    assert len(browser.get("/receitas/").json()) == 2


def test_a_refused_form_may_be_sent_again(kitchen: Furnished, browser: TestClient) -> None:
    form = form_of(browser.get(JAR), f"{JAR}/refill")

    assert browser.post(f"{JAR}/refill", data=form | {"amount": "x"}).status_code == 422
    assert browser.post(f"{JAR}/refill", data=form | {"amount": "5"}).status_code == 200
    assert kitchen.jar(1).stock == 105_000


@pytest.mark.parametrize("key", ["", "x" * 65, "a\x00b", "é", "../x"])
def test_a_key_that_no_page_drew_is_none(kitchen: Furnished, browser: TestClient, key: str) -> None:
    for _ in range(2):
        browser.post(f"{JAR}/refill", data={"amount": "5", "once": key})

    assert kitchen.jar(1).stock == 110_000


@pytest.mark.parametrize("back", ["/app/" + "x" * 500, "/app/\x00"])
def test_an_odd_way_back_does_not_undo_a_booking(
    kitchen: Furnished, browser: TestClient, back: str
) -> None:
    form = form_of(browser.get(JAR), f"{JAR}/refill") | {"amount": "5", "back": back}

    assert browser.post(f"{JAR}/refill", data=form, follow_redirects=False).status_code == 303
    again = browser.post(f"{JAR}/refill", data=form, follow_redirects=False)

    assert again.headers["location"] == "/app/"
    assert kitchen.jar(1).stock == 105_000


def test_the_same_form_much_later_is_asked_about(kitchen: Furnished, browser: TestClient) -> None:
    form = form_of(browser.get(JAR), f"{JAR}/refill") | {"amount": "5"}
    browser.post(f"{JAR}/refill", data=form)
    kitchen.home.clock.passes(hours=1)

    asked = browser.post(f"{JAR}/refill", data=form)

    assert asked.status_code == 409
    assert "Isto já foi enviado" in read(asked)
    assert JAR in links(asked)
    assert kitchen.jar(1).stock == 105_000
    browser.post(f"{JAR}/refill", data=form_of(asked, f"{JAR}/refill"))
    assert kitchen.jar(1).stock == 110_000


def test_a_weighing_does_not_undo_a_refill(kitchen: Furnished, browser: TestClient) -> None:
    stale = form_of(browser.get(JAR), f"{JAR}/weigh")
    browser.post(f"{JAR}/refill", data={"amount": "50"})

    refused = browser.post(f"{JAR}/weigh", data=stale)

    assert refused.status_code == 409
    assert "ela mostrava 100,0 g, agora está com 150,0 g" in read(refused)
    assert kitchen.jar(1).stock == 150_000
    again = form_of(refused, f"{JAR}/weigh")
    assert again["amount"] == stale["amount"]
    browser.post(f"{JAR}/weigh", data=again)
    assert kitchen.jar(1).stock == 100_000


@pytest.mark.parametrize("what", ["dose", "refill", "weigh", "rate", "purge", "spice"])
def test_a_jar_that_holds_another_spice_by_now_is_left_alone(
    kitchen: Furnished, browser: TestClient, what: str
) -> None:
    stale = form_of(browser.get(JAR), f"{JAR}/{what}") | {"spice": "Louro", "sure": "yes"}
    browser.put("/config/robo", json=[{"frasco": 1, "rotulo": "Pimenta"}])
    before = kitchen.jar(1)

    refused = browser.post(f"{JAR}/{what}", data=stale | {"amount": "1"})

    assert refused.status_code == 409
    assert "“Sal”, agora está com “Pimenta”" in read(refused)
    assert (kitchen.jar(1), jobs_in(kitchen)) == (before, 0)


def test_a_rate_does_not_undo_a_calibration(kitchen: Furnished, browser: TestClient) -> None:
    stale = form_of(browser.get(JAR), f"{JAR}/rate")
    browser.put("/config/robo", json=[{"frasco": 1, "g_por_seg": 2.5}])

    refused = browser.post(f"{JAR}/rate", data=stale)

    assert "1,0 g/s, agora está com 2,5 g/s" in read(refused)
    assert kitchen.jar(1).rate == 2_500_000


def test_the_second_of_two_editors_decides(kitchen: Furnished, browser: TestClient) -> None:
    recipe = kitchen.recipe(Sal=1.0)
    address = f"/app/recipes/{recipe}/edit"
    stale = form_of(browser.get(address), address) | {"spice": "Sal", "amount": "7"}
    edit(browser, recipe, Sal="3", Pimenta="4")

    refused = browser.post(address, data=stale)

    assert refused.status_code == 409
    assert "Salvo agora: Outro nome" in read(refused)
    assert "Sal 3,0 g · Pimenta 4,0 g" in read(refused)
    assert 'value="7"' in refused.text
    mine = form_of(refused, address) | {"spice": "Sal", "amount": "7"}
    assert browser.post(address, data=mine).status_code == 200
    [part] = browser.get(f"/receitas/{recipe}").json()["ingredientes"]
    assert part["quantidade"] == 7.0


def test_a_recipe_that_was_deleted_is_not_lost_to_its_editor(
    kitchen: Furnished, browser: TestClient
) -> None:
    recipe = kitchen.recipe(Sal=1.0)
    address = f"/app/recipes/{recipe}/edit"
    stale = form_of(browser.get(address), address) | {"spice": "Sal", "amount": "7"}
    browser.delete(f"/receitas/{recipe}")

    gone = browser.post(address, data=stale)

    assert gone.status_code == 404
    assert "Alguém apagou esta receita" in read(gone)
    assert 'value="7"' in gone.text
    assert form_of(gone, "/app/recipes/new")["name"] == stale["name"]


def test_what_was_typed_after_the_session_ended_waits_for_the_sign_in(home: Household) -> None:
    browser, new = home.person("Bia"), "/app/recipes/new"
    form = form_of(browser.get(new), new) | {"name": "Pão & <sal>", "spice": "Sal", "amount": "2"}
    browser.cookies.clear()

    door = browser.post(new, data=form)

    assert door.status_code == 401
    assert "o que você escreveu está guardado" in read(door)
    who = form_of(door, "/app/sign-in") | {"nome": "Bia", "senha": "wrong"}
    door = browser.post("/app/sign-in", data=who)
    who = form_of(door, "/app/sign-in") | {"nome": "Bia", "senha": PASSWORD}
    kept = browser.post("/app/sign-in", data=who)
    assert "nada foi feito ainda" in read(kept)
    assert browser.get("/receitas/").json() == []
    browser.post(new, data=form_of(kept, new))
    [recipe] = browser.get("/receitas/").json()
    assert recipe["nome"] == "Pão & <sal>"


@pytest.mark.parametrize("path", ["//elsewhere.example/", "/app\\x", "", "/app/../x:y"])
def test_nothing_that_waits_is_sent_elsewhere(home: Household, path: str) -> None:
    browser = home.person("Bia")
    browser.cookies.clear()
    who = {"nome": "Bia", "senha": PASSWORD, "kept_for": path, "kept": "amount=5"}

    answer = browser.post("/app/sign-in", data=who, follow_redirects=False)

    assert "elsewhere" not in answer.text
    assert answer.headers.get("location", "/app/").startswith("/app/")


def test_a_password_never_waits_on_a_page(browser: TestClient) -> None:
    browser.cookies.clear()

    door = browser.post("/app/settings/password", data={"senha_atual": "1234", "senha": "5678"})

    assert "1234" not in door.text
    assert "5678" not in door.text


def test_a_language_is_chosen_on_the_page_of_a_refused_form(browser: TestClient) -> None:
    page = browser.post(
        f"{JAR}/refill", data={"amount": "x"}, headers={"referer": f"http://{HOST}{JAR}"}
    )

    assert form_of(page, "/app/language")["back"] == JAR
