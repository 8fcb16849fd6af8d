"""Amounts as people write them, on every page that asks for one."""

import html
import re

import httpx
import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.pages import read

JAR = "/app/dispensers/1/jars/1"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def choices(answer: httpx.Response) -> list[str]:
    return [
        html.unescape(value) for value in re.findall(r'name="choice" value="([^"]*)"', answer.text)
    ]


def stock(browser: TestClient) -> float:
    return browser.get("/config/robo").json()[0]["estoque_g"]


def beans(*rows: tuple[str, str], **more: object) -> dict[str, object]:
    spices, amounts = [list(column) for column in zip(*rows, strict=True)]
    return {"name": "Feijão", "portions": "4", "spice": spices, "amount": amounts} | more


def saved(browser: TestClient) -> list[float]:
    file = browser.get("/app/recipes/1/file").json()
    return [part["quantidade"] for part in file["ingredientes"]]


@pytest.mark.parametrize(
    ("typed", "language", "poured"),
    [
        ("12,5", "pt-BR", 12.5),
        ("12.5", "pt-BR", 12.5),
        ("1/2", "en", 0.5),
        ("½", "en", 0.5),
        ("2 g", "pt-BR", 2),
        ("0,1 kg", "pt-BR", 100),
        ("1.250,5", "pt-BR", 1250.5),
        ("1 colher de chá", "pt-BR", 6),
        ("2 tsp", "en", 12),
        ("uma pitada", "pt-BR", 0.375),
        ("a pinch", "en", 0.375),
    ],
)
def test_a_refill_is_read_as_it_was_meant(
    browser: TestClient, typed: str, language: str, poured: float
) -> None:
    before = stock(browser)

    answer = browser.post(
        f"{JAR}/refill", data={"amount": typed}, headers={"Accept-Language": language}
    )

    assert answer.status_code == 200
    assert stock(browser) - before == pytest.approx(poured)


@pytest.mark.parametrize(
    ("typed", "language", "readings"),
    [
        ("1.000", "pt-BR", ["1000 g", "1 g"]),
        ("1,250", "en", ["1250 g", "1.25 g"]),
        ("2-3", "en", ["2 g", "3 g"]),
        ("1 colher", "pt-BR", ["1 colher de sopa", "1 colher de chá"]),
        ("1 spoon", "en", ["1 tablespoon", "1 teaspoon"]),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_back_at_its_field(
    browser: TestClient, typed: str, language: str, readings: list[str]
) -> None:
    before, headers = stock(browser), {"Accept-Language": language}

    asked = browser.post(f"{JAR}/refill", data={"amount": typed, "back": "/app/"}, headers=headers)

    assert asked.status_code == 422
    assert choices(asked) == readings
    assert 'id="about-refill"' in asked.text
    assert stock(browser) == before
    chosen = {"amount": typed, "choice": readings[-1]}
    assert browser.post(f"{JAR}/refill", data=chosen, headers=headers).status_code == 200
    assert stock(browser) > before


def test_a_refill_far_from_those_before_is_asked_back_and_never_refused(
    browser: TestClient,
) -> None:
    before = stock(browser)

    asked = browser.post(f"{JAR}/refill", data={"amount": "99999"})

    assert asked.status_code == 422
    assert "99999,0 g é muito mais do que já houve. Está certo?" in read(asked)
    assert choices(asked) == ["99999!amount.unusual"]
    browser.post(f"{JAR}/refill", data={"amount": "99999", "choice": "99999!amount.unusual"})
    assert stock(browser) == before + 99999


@pytest.mark.parametrize(
    ("form", "typed"), [("weigh", "sal"), ("rate", "2 colheres"), ("purge", "2 kg")]
)
def test_what_says_no_amount_is_explained(browser: TestClient, form: str, typed: str) -> None:
    answer = browser.post(f"{JAR}/{form}", data={"amount": typed})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_bound_says_that_it_is_in_grams(browser: TestClient) -> None:
    """Kilograms may be typed, and "at most 500" alone is no answer to 1 kg."""
    refill = browser.post(f"{JAR}/refill", data={"amount": "101 kg"})
    recipe = browser.post("/app/recipes/new", data=beans(("Sal", "1 kg")), headers=ENGLISH)
    people = browser.post("/app/recipes/new", data=beans(("Sal", "1 g"), portions="21"))

    assert "O valor deve ser no máximo 100000 g." in read(refill)
    assert "The value must be at most 500 g." in read(recipe)
    assert "O valor deve ser no máximo 20." in read(people)


def test_seconds_and_rates_take_their_unit(browser: TestClient) -> None:
    browser.post(f"{JAR}/rate", data={"amount": "0,8333 g/s"})

    assert browser.get("/config/robo").json()[0]["g_por_seg"] == 0.8333
    assert "de 2,5 g" in read(browser.post(f"{JAR}/purge", data={"amount": "3 segundos"}))


def test_a_recipe_keeps_the_volume_and_shows_both(browser: TestClient) -> None:
    recipe = beans(("Canela em pó", "2 colheres de chá"), ("Sal", "0,05"))

    answer = browser.post("/app/recipes/new", data={**recipe, "sure": "Sal|0,05!amount.small"})

    assert "2 colheres de chá · 5,2 g" in read(answer)
    assert saved(browser) == [5.2, 0.05]
    assert 'value="2 colheres de chá"' in browser.get("/app/recipes/1/edit").text
    assert "1 colher de chá · 2,6 g" in read(browser.get("/app/recipes/1?people=2"))
    english = browser.get("/app/recipes/1?people=3", headers=ENGLISH)
    assert "1 1/2 teaspoons · 3.9 g" in read(english)


def test_a_spoon_that_nobody_has_verified_is_asked_back_and_the_rest_is_kept(
    browser: TestClient,
) -> None:
    recipe = beans(("Cominho", "1 colher de chá"), ("Sal", "1.000 g"))

    asked = browser.post("/app/recipes/new", data=recipe)

    assert asked.status_code == 422
    assert "1 colher de chá · 2,1 g" in read(asked)
    assert choices(asked) == ["0|1 colher de chá!amount.unverified", "1|1000 g", "1|1 g"]
    assert 'value="Feijão"' in asked.text
    again = browser.post(
        "/app/recipes/new", data={**recipe, "choice": "0|1 colher de chá!amount.unverified"}
    )
    assert choices(again) == ["1|1000 g", "1|1 g"]
    sure = "Cominho|1 colher de chá!amount.unverified"
    assert f'name="sure" value="{sure}"' in again.text
    answer = {**recipe, "sure": sure, "choice": "1|1 g"}
    assert browser.post("/app/recipes/new", data=answer).status_code == 200
    assert saved(browser) == [2.1, 1]


def test_a_spice_of_unknown_weight_is_explained(browser: TestClient) -> None:
    answer = browser.post("/app/recipes/new", data=beans(("Pó de pirlimpimpim", "1 pitada")))

    assert answer.status_code == 422
    assert "Não se sabe quanto pesa uma colher deste tempero." in read(answer)


def test_ten_times_the_usual_salt_is_asked_back(browser: TestClient) -> None:
    browser.post("/app/recipes/new", data=beans(("Sal", "6")))

    asked = browser.post("/app/recipes/new", data=beans(("Sal", "60,1")))

    assert asked.status_code == 422
    assert "60,1 g é muito mais do que já houve." in read(asked)
    assert choices(asked) == ["0|60,1!amount.unusual"]
    sure = beans(("Sal", "60,1"), choice="0|60,1!amount.unusual")
    assert browser.post("/app/recipes/new", data=sure).status_code == 200


def test_the_old_form_reads_amounts_too(browser: TestClient) -> None:
    form = {"nome": "Arroz", "porcoes": "2", "tempero1": "Sal", "quantidade1": "1 colher de chá"}

    answer = browser.post("/receitas/form", data=form)

    assert answer.json()["ingredientes"][0]["quantidade"] == 6


def asked_of(answer: httpx.Response) -> str:
    assert answer.status_code == 422
    return read(answer)


def test_a_jar_has_a_capacity_and_is_never_refused_more(
    kitchen: Furnished, browser: TestClient
) -> None:
    page = browser.post(f"{JAR}/capacity", data={"amount": "250"})

    assert kitchen.jar(1).capacity == 250_000
    assert "40% cheio: cabem 250 g" in read(page)
    assert "100 g 40% cheio" in read(browser.get("/app/jars"))
    asked = browser.post(f"{JAR}/refill", data={"amount": "150,1"})
    assert "o frasco teria 250,1 g, e nele cabem 250,0 g. Está certo?" in asked_of(asked)
    browser.post(f"{JAR}/refill", data={"amount": "150,1", "choice": "150,1!amount.over_capacity"})
    assert kitchen.jar(1).stock == 250_100
    assert "100% cheio" in read(browser.get(JAR, headers={"Accept-Language": "pt-BR"}))
    asked = browser.post(f"{JAR}/weigh", data={"amount": "251"})
    assert "nele cabem 250,0 g" in asked_of(asked)
    asked = browser.post(f"{JAR}/capacity", data={"amount": "25"})
    assert "O frasco tem 250,1 g, e você escreveu que cabem 25,0 g." in asked_of(asked)
    browser.post(f"{JAR}/capacity", data={"amount": ""})
    assert kitchen.jar(1).capacity is None


def test_a_reading_that_was_chosen_is_asked_about_like_any_amount(
    kitchen: Furnished, browser: TestClient
) -> None:
    browser.post(f"{JAR}/capacity", data={"amount": "250 ml"})
    assert kitchen.jar(1).capacity == 300_000

    assert choices(browser.post(f"{JAR}/refill", data={"amount": "1.000"})) == ["1000 g", "1 g"]
    asked = browser.post(f"{JAR}/refill", data={"amount": "1.000", "choice": "1000 g"})

    assert "nele cabem 300,0 g" in asked_of(asked)
    assert choices(asked) == ["1000 g!amount.over_capacity"]
    browser.post(f"{JAR}/refill", data={"amount": "1.000", "choice": "1000 g!amount.over_capacity"})
    assert kitchen.jar(1).stock == 1_100_000


def test_a_weighing_far_from_the_ledger_is_asked_back(
    kitchen: Furnished, browser: TestClient
) -> None:
    asked = browser.post(f"{JAR}/weigh", data={"amount": "1000,1"})

    assert "Pelo estoque há 100,0 g, e 1000,1 g é muito mais." in asked_of(asked)
    browser.post(f"{JAR}/weigh", data={"amount": "1000,1", "choice": "1000,1!amount.unusual_level"})
    assert kitchen.jar(1).stock == 1_000_100


def test_a_rate_far_from_the_one_before_is_asked_back(
    kitchen: Furnished, browser: TestClient
) -> None:
    asked = browser.post(f"{JAR}/rate", data={"amount": "0,09"})

    assert "A vazão de antes era 1,0 g/s, e 0,09 g/s é muito diferente." in asked_of(asked)
    browser.post(f"{JAR}/rate", data={"amount": "0,09", "choice": "0,09!amount.unusual_rate"})
    assert kitchen.jar(1).rate == 90_000


def test_a_dose_far_from_others_or_too_small_is_asked_back(browser: TestClient) -> None:
    assert "A menor dose que sai certa: 0,5 g" in read(browser.get(JAR))

    asked = browser.post(f"{JAR}/dose", data={"amount": "60"})
    assert "60,0 g é muito mais do que já houve." in asked_of(asked)
    asked = browser.post(f"{JAR}/dose", data={"amount": "0,3"})
    assert "a menor dose que sai certa é 0,5 g. Usar mesmo assim?" in asked_of(asked)

    ordered = browser.post(f"{JAR}/dose", data={"amount": "0,3", "choice": "0,3!amount.small"})
    assert ordered.url.path == "/app/jobs/1"


def test_a_recipe_below_the_smallest_dose_is_asked_and_says_so(browser: TestClient) -> None:
    recipe = beans(("Sal", "0,8"))
    browser.post("/app/recipes/new", data=recipe)
    small = "É pouco para o frasco 1: a menor dose que sai certa é 0,5 g."

    assert small not in read(browser.get("/app/recipes/1"))
    assert small in read(browser.get("/app/recipes/1?people=2"))
    english = read(browser.get("/app/recipes/1?people=2", headers=ENGLISH))
    assert "That is little for jar 1: the smallest dose that comes out right is 0.5 g." in english

    asked = browser.post("/app/recipes/new", data=beans(("Sal", "0,4")))
    assert "0,4 g é menos do que o frasco 1 consegue dosar bem" in asked_of(asked)
    assert choices(asked) == ["0|0,4!amount.small"]
    sure = beans(("Sal", "0,4"), choice="0|0,4!amount.small")
    assert browser.post("/app/recipes/new", data=sure).status_code == 200


def test_an_import_is_asked_back_too_and_answered_by_a_button(browser: TestClient) -> None:
    page = browser.post("/app/recipes/import", data={"text": "Arroz\nRende 1 porção\n0,3 g de sal"})

    assert "0,3 g é menos do que o frasco 1 consegue dosar bem" in read(page)
    assert choices(page)[0] == "0|0|amount|0,3!amount.small"
    row = {"recipe": "0", "r0-name": "Arroz", "r0-portions": "1", "r0-line": "0,3 g de sal",
           "r0-adds": "machine", "r0-why": "", "r0-spice": "Sal", "r0-amount": "0,3"}  # fmt: skip
    asked = browser.post("/app/recipes/import/save", data=row)
    assert asked.status_code == 422
    assert choices(asked)[0] == "0|0|amount|0,3!amount.small"
    sure = browser.post(
        "/app/recipes/import/save", data={**row, "choice": "0|0|amount|0,3!amount.small"}
    )
    assert sure.status_code == 200
    assert 'name="r0-sure-0" value="0,3!amount.small"' in sure.text
    assert "frasco 1 consegue" not in read(sure)
    browser.post("/app/recipes/import/save", data={**row, "r0-sure-0": "0,3!amount.small"})
    assert saved(browser) == [0.3]


def test_a_typed_amount_of_an_import_is_asked_back_until_nothing_is_unclear(
    browser: TestClient,
) -> None:
    """Which reading, then whether so much is meant: of this row alone."""
    row = {"recipe": "0", "r0-name": "Arroz", "r0-portions": "1", "r0-line": ["a", "b"],
           "r0-adds": ["machine"] * 2, "r0-why": [""] * 2, "r0-spice": ["Sal", "Alho em pó"],
           "r0-amount": ["1 colher", "60"]}  # fmt: skip
    address = "/app/recipes/import/save"

    asked = browser.post(address, data=row)
    assert choices(asked) == [
        *("0|0|amount|1 colher de sopa", "0|0|amount|1 colher de chá", "0|0|hand|"),
        *("0|1|amount|60!amount.unusual", "0|1|hand|"),
    ]
    row["r0-amount"] = ["100", "100"]
    sure = browser.post(address, data={**row, "choice": "0|0|amount|100!amount.unusual"})
    assert choices(sure) == ["0|0|hand|", "0|1|amount|100!amount.unusual", "0|1|hand|"]
    row |= {"r0-sure-0": "100!amount.unusual"}
    assert browser.post(address, data=row).status_code == 422
    assert browser.post(address, data=row | {"r0-sure-1": "100!amount.unusual"}).status_code == 200
    assert saved(browser) == [100, 100]
