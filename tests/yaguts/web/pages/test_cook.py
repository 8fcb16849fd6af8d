"""The page of a recipe: what each jar will give, the obstacles, and the order."""

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links, read


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def test_each_jar_says_how_many_grams_and_seconds(kitchen: Furnished, browser: TestClient) -> None:
    recipe = kitchen.recipe(Sal=1.5, Pimenta=0.5)

    page = read(browser.get(f"/app/recipes/{recipe}?people=3"))

    assert "Sal Frasco 1 · tem 100 g 4,5 g 4,5 s" in page
    assert "Pimenta Frasco 2 · tem 100 g 1,5 g 1,5 s" in page
    assert "Dosar para 3 pessoas 7,6 s" in page  # It includes two starts and stops of the motor.


@pytest.mark.parametrize(
    ("typed", "people"), [("", 1), ("4", 4), ("0", 1), ("999", 100), ("-3", 1), ("x", 1)]
)
def test_a_number_of_people_out_of_bounds_is_corrected(
    kitchen: Furnished, browser: TestClient, typed: str, people: int
) -> None:
    page = browser.get(f"/app/recipes/{kitchen.recipe()}", params={"people": typed})

    assert f'name="people" value="{people}"' in page.text


def test_every_obstacle_has_a_remedy(kitchen: Furnished, browser: TestClient) -> None:
    recipe = kitchen.recipe(Louro=1.0, Sal=150.0, Pimenta=1.0, Cominho=181.0)
    browser.put("/config/robo", json=[{"frasco": 2, "g_por_seg": None}])
    browser.put("/config/robo", json=[{"frasco": 4, "estoque_g": 500}])

    page = browser.get(f"/app/recipes/{recipe}")

    text = read(page)
    assert "Nenhum frasco tem Louro. Escolher frasco" in text
    assert "O frasco 2 (Pimenta) não está calibrado. Calibrar" in text
    assert "tem 100,0 g, e são necessários 150,0 g. Reabastecer" in text
    assert "o limite é 180 s. Rever calibração" in text
    back = f"back=%2Fapp%2Frecipes%2F{recipe}%3Fpeople%3D1"
    assert f"/app/dispensers/1/jars?spice=Louro&{back}" in links(page)
    assert f"/app/dispensers/1/jars/1?open=refill&{back}" in links(page)
    assert "disabled" in page.text


def test_an_order_leads_to_the_page_of_its_job(kitchen: Furnished, browser: TestClient) -> None:
    order = {"recipe": str(kitchen.recipe()), "people": "2"}

    answer = browser.post("/app/orders", data=order, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/app/jobs/1")
    assert kitchen.job(1).people == 2


def test_a_busy_dispenser_links_to_its_job(kitchen: Furnished, browser: TestClient) -> None:
    job = kitchen.order()

    answer = browser.post("/app/orders", data={"recipe": str(kitchen.recipe()), "people": "1"})

    assert answer.status_code == 409
    assert "Acompanhar o pedido atual" in read(answer)
    assert f"/app/jobs/{job.id}" in links(answer)
    assert "/app/orders" not in answer.text


def test_a_busy_dispenser_with_a_queue_takes_the_order(
    kitchen: Furnished, browser: TestClient
) -> None:
    address = f"/app/dispensers/{kitchen.dispenser_id}"
    refuses = "São recusados: um pedido de cada vez. Deixar pedidos na fila"
    assert refuses in read(browser.get(address))
    assert "Esperam na fila" in read(browser.post(f"{address}/settings/queues", data={"on": "yes"}))
    kitchen.order()
    recipe = kitchen.recipe()

    page = read(browser.get(f"/app/recipes/{recipe}"))
    assert "O dispensador está ocupado com outro pedido." in page
    assert "Entrar na fila para 1 pessoa" in page
    watched = read(browser.post("/app/orders", data={"recipe": str(recipe), "people": "1"}))

    assert "2º na fila. Os pedidos da frente são feitos antes." in watched


def test_an_order_with_obstacles_is_refused_and_holds_nothing(
    kitchen: Furnished, browser: TestClient
) -> None:
    recipe = kitchen.recipe(Louro=1.0)

    answer = browser.post("/app/orders", data={"recipe": str(recipe), "people": "1"})

    assert answer.status_code == 409
    assert read(answer).count("Nenhum frasco tem Louro.") == 1


def test_an_invalid_order_leads_to_the_kitchen(browser: TestClient) -> None:
    answer = browser.post("/app/orders", data={"recipe": "x"}, follow_redirects=False)

    assert answer.headers["location"] == "/app/"


def test_an_offline_dispenser_is_shown_and_is_no_obstacle(
    kitchen: Furnished, browser: TestClient
) -> None:
    kitchen.clock.passes(minutes=5)

    page = browser.get(f"/app/recipes/{kitchen.recipe()}")

    assert "O dispensador está fora do ar. O pedido espera 10 minutos" in read(page)
    assert "disabled" not in page.text


def test_somebody_elses_recipe_is_not_found(home: Household, kitchen: Furnished) -> None:
    recipe = kitchen.recipe()
    bia = home.person("Bia")

    assert bia.get(f"/app/recipes/{recipe}").status_code == 404
    answer = bia.post("/app/orders", data={"recipe": str(recipe), "people": "1"})
    assert answer.status_code == 404
    assert "Receita não encontrada." in read(answer)


def test_a_spice_without_a_jar_may_be_added_by_hand(
    kitchen: Furnished, browser: TestClient
) -> None:
    recipe = kitchen.recipe(Sal=1.0, Louro=2.0)
    offered = browser.get(f"/app/recipes/{recipe}?people=2")
    assert "Ou ponha você mesmo o que não tem frasco. Pôr à mão" in read(offered)
    assert f"/app/recipes/{recipe}?people=2&hand=yes" in links(offered)

    chosen = browser.get(f"/app/recipes/{recipe}?people=2&hand=yes")

    assert "Louro à mão 4,0 g você põe" in read(chosen)
    assert f"/app/recipes/{recipe}?people=3&hand=yes" in links(chosen)
    assert "disabled" not in chosen.text

    order = {"recipe": str(recipe), "people": "2", "hand": "yes"}
    watched = browser.post("/app/orders", data=order)

    assert "À mão Louro 4,0 g" in read(watched)
    assert [dose.spice for dose in kitchen.job(1).doses] == ["Sal"]


def test_a_recipe_without_any_jar_cannot_be_made_by_hand(
    kitchen: Furnished, browser: TestClient
) -> None:
    page = browser.get(f"/app/recipes/{kitchen.recipe(Louro=1.0)}?hand=yes")

    assert "Pôr à mão" not in read(page)
    assert "disabled" in page.text


def test_one_of_several_dispensers_is_chosen(kitchen: Furnished, browser: TestClient) -> None:
    kitchen.another_board()
    recipe = kitchen.recipe(Sal=1.0)

    first = browser.get(f"/app/recipes/{recipe}?people=3")
    second = browser.get(f"/app/recipes/{recipe}?people=3&dispenser=2")

    assert f"/app/recipes/{recipe}?people=3&dispenser=2" in links(first)
    assert f"/app/recipes/{recipe}?people=4&dispenser=2" in links(second)
    assert "Nenhum frasco tem Sal." in read(second)
    assert "/app/?dispenser=2" in links(second)
    order = {"recipe": str(recipe), "people": "1", "dispenser": "2"}
    assert "Nenhum frasco tem Sal." in read(browser.post("/app/orders", data=order))


def test_a_busy_dispenser_does_not_block_the_other(kitchen: Furnished, browser: TestClient) -> None:
    kitchen.another_board()
    kitchen.order()

    page = browser.get(f"/app/recipes/{kitchen.recipe(Sal=1.0)}?dispenser=2")

    assert "Acompanhar o pedido atual" not in read(page)


def test_another_number_than_that_of_the_button_is_shown_first(
    kitchen: Furnished, browser: TestClient
) -> None:
    form = {"recipe": str(kitchen.recipe()), "people": "5", "button": "4"}

    page = browser.post("/app/orders", data=form)

    assert page.status_code == 409
    assert "O número de pessoas mudou." in read(page)
    assert "Dosar para 5 pessoas" in read(page)
    assert "No máximo 100 pessoas." in read(
        browser.post("/app/orders", data=form | {"people": "150"})
    )
    assert "No máximo 100 pessoas." in read(browser.get("/app/recipes/1?people=150"))
    shown = browser.post("/app/orders", data=form | {"show": "yes"}, follow_redirects=False)
    assert shown.headers["location"] == "/app/recipes/1?people=5"
    assert browser.get("/jobs/active").json()["active"] is None
    answer = browser.post("/app/orders", data=form | {"button": "5"}, follow_redirects=False)
    assert answer.headers["location"] == "/app/jobs/1"
