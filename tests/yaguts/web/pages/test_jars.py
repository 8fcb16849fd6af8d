"""The pages of jars: assign, refill, weigh, calibrate, and the movements of a jar."""

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links, read
from yaguts.services.pantry import stock
from yaguts.web.views.jar_drawing import qr

JAR = "/app/dispensers/1/jars/1"


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def test_all_jars_at_once(kitchen: Furnished, browser: TestClient) -> None:
    page = browser.get("/app/jars")

    assert "Sal Frasco 1 · 1,0 g/s 100 g" in read(page)
    assert JAR in links(page)
    kitchen.another_board()
    assert "Dispensador 2" in read(browser.get("/app/jars"))


def test_every_jar_has_a_label_that_leads_to_its_page(
    kitchen: Furnished, browser: TestClient
) -> None:
    kitchen.another_board()

    page = browser.get("/app/jars/labels", headers={"host": "192.168.1.20:8000"})

    paths = [f"/app/dispensers/{one}/jars/{jar}" for one in (1, 2) for jar in (1, 2, 3, 4)]
    assert all(qr(f"http://192.168.1.20:8000{path}") in page.text for path in paths)
    assert page.text.count('role="img"') == len(paths)
    assert browser.get(paths[-1]).status_code == 200
    assert "Sal Frasco 1 Dispensador 1" in read(page)
    assert "apontam para http://192.168.1.20:8000, o endereço" in read(page)
    assert "/app/jars/labels" in links(browser.get("/app/jars"))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_labels_that_no_telephone_can_follow_are_warned_of(
    kitchen: Furnished, browser: TestClient, host: str
) -> None:
    assert kitchen.dispenser_id == 1

    page = browser.get("/app/jars/labels", headers={"host": host, "accept-language": "en"})

    assert f"http://{host}, which only this computer can reach" in read(page)


def test_a_jar_that_the_board_does_not_have_says_so(
    kitchen: Furnished, browser: TestClient
) -> None:
    browser.put("/devices/1/jars/count", json={"frascos": 5})
    assert "fora do alcance" not in read(browser.get("/app/jars"))

    kitchen.board().post("/devices/me/heartbeat", json={"fw_version": "0.1.6"})

    for page in ("/app/jars", "/app/dispensers/1/jars/5"):
        assert "fora do alcance da placa" in read(browser.get(page))
    assert "fora do alcance" not in read(browser.get(JAR))


def test_a_refill_is_a_movement(kitchen: Furnished, browser: TestClient) -> None:
    answer = browser.post(f"{JAR}/refill", data={"amount": "12,5"})

    assert answer.history[0].status_code == 303
    assert kitchen.jar(1).stock == 112_500
    assert "Reabastecido Ana +12,5 g 112,5 g" in read(answer)
    assert "Corrigido +100,0 g 100,0 g" in read(answer)


def test_movements_link_to_their_orders(kitchen: Furnished, browser: TestClient) -> None:
    kitchen.report(kitchen.fetched(Sal=4.0))

    page = browser.get(JAR)

    assert "pedido 1 o dispensador -4,0 g 96,0 g" in read(page)
    assert "/app/jobs/1" in links(page)


def test_older_movements_are_on_the_next_page(browser: TestClient) -> None:
    for grams in range(stock.PAGE):
        browser.post(f"{JAR}/weigh", data={"amount": str(grams)})

    first = browser.get(JAR)
    assert "+100,0 g 100,0 g" not in read(first)
    (older,) = [link for link in links(first) if "before=" in link]
    second = browser.get(older)
    assert "Corrigido +100,0 g 100,0 g" in read(second)
    assert "Mais antigos" not in read(second)


def test_weighing_books_a_correction(kitchen: Furnished, browser: TestClient) -> None:
    page = browser.post(f"{JAR}/weigh", data={"amount": "80"})

    assert kitchen.jar(1).stock == 80_000
    assert "Corrigido Ana -20,0 g 80,0 g" in read(page)


def test_a_rate_keeps_its_digits(kitchen: Furnished, browser: TestClient) -> None:
    page = browser.post(f"{JAR}/rate", data={"amount": "0,8333"})

    assert kitchen.jar(1).rate == 833_300
    assert "0,8333 g/s" in read(page)


@pytest.mark.parametrize(
    ("form", "typed"),
    [("refill", "muito"), ("refill", "-1"), ("refill", ""), ("weigh", "-1"), ("rate", "101")],
)
def test_an_invalid_amount_is_explained_and_changes_nothing(
    kitchen: Furnished, browser: TestClient, form: str, typed: str
) -> None:
    before = kitchen.jar(1)

    answer = browser.post(f"{JAR}/{form}", data={"amount": typed})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert f'id="{form}"' in answer.text
    assert kitchen.jar(1) == before


def test_a_form_leads_back_to_the_page_before(browser: TestClient) -> None:
    back = "/app/recipes/1?people=4"
    opened = browser.get(JAR, params={"open": "refill", "back": back})
    assert 'value="/app/recipes/1?people=4"' in opened.text

    answer = browser.post(
        f"{JAR}/refill", data={"amount": "5", "back": back}, follow_redirects=False
    )

    assert answer.headers["location"] == back
    assert "evil" not in browser.get(JAR, params={"back": "//evil.test"}).text.partition("<main")[2]


def test_a_spice_without_a_jar_is_given_one(kitchen: Furnished, browser: TestClient) -> None:
    kitchen.recipe(Louro=1.0)
    page = browser.get("/app/dispensers/1/jars?spice=Louro&back=/app/recipes/1")
    assert "Em que frasco está Louro?" in read(page)
    assert "no lugar de Sal" in read(page)

    form = {"spice": "Louro", "back": "/app/recipes/1"}
    asked = browser.post(f"{JAR}/spice", data=form)
    assert "Trocar Sal por Louro?" in read(asked)
    assert kitchen.jar(1).label == "Sal"
    answer = browser.post(f"{JAR}/spice", data=form | {"sure": "yes"}, follow_redirects=False)

    assert answer.headers["location"] == f"{JAR}/calibration?back=%2Fapp%2Frecipes%2F1"
    jar = kitchen.jar(1)
    assert (jar.label, jar.stock, jar.rate) == ("Louro", None, None)


def test_a_replacement_is_undone_on_the_page_of_the_jar(
    kitchen: Furnished, browser: TestClient
) -> None:
    browser.post(f"{JAR}/spice", data={"spice": "Flor de sal", "sure": "yes"})
    assert kitchen.jar(1).label == "Flor de sal"
    assert "Antes: Sal · 100 g · 1,0 g/s Desfazer a troca" in read(browser.get(JAR))

    page = browser.post(f"{JAR}/spice/undo")

    assert "Antes: Flor de sal" in read(page)
    assert (kitchen.jar(1).label, kitchen.jar(1).stock) == ("Sal", 100_000)
    again = {"spice": "flor  de sal", "sure": "yes", "back": "/app/recipes/1"}
    answer = browser.post(f"{JAR}/spice", data=again, follow_redirects=False)
    assert answer.headers["location"].startswith(f"{JAR}/calibration"), "it never had a rate"


def test_an_empty_jar_takes_a_spice_without_a_question(
    kitchen: Furnished, browser: TestClient
) -> None:
    browser.post(f"{JAR}/spice", data={"spice": "", "sure": "yes"})
    assert kitchen.jar(1).label is None

    browser.post(f"{JAR}/spice", data={"spice": "Zaatar"})

    assert kitchen.jar(1).label == "Zaatar"


@pytest.mark.parametrize("spice", ["x" * 61, "a\x00b"])
def test_a_spice_that_cannot_be_one_stays_in_its_field(
    kitchen: Furnished, browser: TestClient, spice: str
) -> None:
    refused = browser.post(f"{JAR}/spice", data={"spice": spice})

    assert refused.status_code == 422
    assert 'aria-invalid="true" aria-describedby="about-spice"' in refused.text
    assert kitchen.jar(1).label == "Sal"


@pytest.mark.parametrize(
    ("language", "names"), [("pt-BR", "Noz-moscada Sal"), ("en", "Nutmeg Salt")]
)
def test_both_languages_name_the_common_spices(
    browser: TestClient, language: str, names: str
) -> None:
    for path in (JAR, "/app/recipes/new"):
        page = browser.get(path, headers={"accept-language": language}).text
        for name in names.split():
            assert page.count(f'<option value="{name}">') == 1


def test_somebody_elses_jar_is_not_found(home: Household, kitchen: Furnished) -> None:
    bia = home.person("Bia")
    assert kitchen.dispenser_id == 1

    assert bia.get(JAR).status_code == 404
    assert bia.get("/app/dispensers/1/jars").status_code == 404
    for form in ("refill", "weigh", "rate"):
        assert bia.post(f"{JAR}/{form}", data={"amount": "1"}).status_code == 404
    assert bia.post(f"{JAR}/spice", data={"spice": "Sal"}).status_code == 404
    assert kitchen.jar(1).stock == 100_000
