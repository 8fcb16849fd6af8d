"""Each question about an amount is asked once, and each of its answers leads on."""

import html
import re
from fractions import Fraction

import httpx
import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.pages import read
from yaguts.domain.amounts.measures import Amount, Unit
from yaguts.domain.amounts.reader import read_amount
from yaguts.domain.amounts.words import HEAPED, UNITS
from yaguts.services.pantry import configuration
from yaguts.translations import Language
from yaguts.web.amounts.measures import amount_text
from yaguts.web.amounts.typed import SentAmount, sent_amount, typed_grams, typed_number

JAR = "/app/dispensers/1/jars/1"
NUMBERS = ("1", "1/2", "2,5", "1.000", "1,000", "1 400", "1-2", "1 a 2")
languages = pytest.mark.parametrize("language", ["pt_BR", "en"])


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def dead_ends(sent: SentAmount, language: Language, asked: tuple[str, ...] = ()) -> list[str]:
    """The answers that lead to a question that was asked before, or to no amount."""
    told = typed_grams(sent, language, "Cominho")  # Nobody has verified what a spoon of it weighs.
    if told.problem in asked or (asked and told.number is None and not told.choices):
        return [f"{sent} {told.problem}"]
    return [
        end
        for choice in told.choices
        for end in dead_ends(sent_amount(choice.value), language, (*asked, told.problem))
    ]


@languages
@pytest.mark.parametrize("number", NUMBERS)
def test_every_answer_gives_an_amount(number: str, language: Language) -> None:
    texts = [" ".join(unit) for unit in UNITS] + [f"{each} colher" for each in HEAPED]
    sent = [SentAmount(f"{number} {text}") for text in texts]

    assert any(typed_grams(each, language, "Cominho").choices for each in sent)
    assert [end for each in sent for end in dead_ends(each, language)] == []


@languages
@pytest.mark.parametrize("number", NUMBERS)
def test_every_answer_gives_a_number(number: str, language: Language) -> None:
    for choice in typed_number(number, language).choices:
        assert typed_number(sent_amount(choice.value).text, language).number


@languages
@pytest.mark.parametrize("unit", [unit for unit in Unit if unit != Unit.NONE])
def test_the_name_of_a_unit_is_read_back(unit: Unit, language: Language) -> None:
    for quantity in (Fraction(1, 2), Fraction(1), Fraction(5, 2)):
        amount = Amount(quantity, unit)
        assert read_amount(amount_text(amount, language), language) == amount


def choices(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422
    return [
        html.unescape(value) for value in re.findall(r'name="choice" value="([^"]*)"', answer.text)
    ]


@pytest.mark.parametrize(
    ("form", "amount", "questions"),
    [
        ("refill", "9999", ["unusual", "over_capacity"]),
        ("weigh", "9999", ["unusual_level", "over_capacity"]),
    ],
)
def test_who_confirms_one_thing_is_asked_about_the_other(
    kitchen: Furnished, browser: TestClient, form: str, amount: str, questions: list[str]
) -> None:
    browser.post(f"{JAR}/capacity", data={"amount": "250"})
    before, data = kitchen.jar(1).stock, {"amount": amount}

    for n in range(len(questions)):
        asked = browser.post(f"{JAR}/{form}", data=data)
        assert choices(asked) == ["!amount.".join((amount, *questions[: n + 1]))]
        assert kitchen.jar(1).stock == before
        data["choice"] = choices(asked)[0]

    assert browser.post(f"{JAR}/{form}", data=data).status_code == 200
    assert kitchen.jar(1).stock != before


def test_a_chosen_reading_is_asked_about_once_more_when_its_weight_is_a_guess(
    kitchen: Furnished, browser: TestClient
) -> None:
    changes = [(1, configuration.JarChange(label="Cominho"))]
    configuration.set_jars(kitchen.site, kitchen.person.id, changes, by=kitchen.actor)
    asked = browser.post(f"{JAR}/refill", data={"amount": "1 colher"})
    spoon = choices(asked)[0]

    asked = browser.post(f"{JAR}/refill", data={"amount": "1 colher", "choice": spoon})

    assert "é uma estimativa" in read(asked)
    assert choices(asked) == ["1 colher de sopa!amount.unverified"]


def test_one_spice_is_confirmed_and_another_with_the_same_amount_is_asked(
    browser: TestClient,
) -> None:
    recipe = {"name": "Molho", "portions": "1", "spice": ["Sal", "Alho"], "amount": ["60"] * 2}
    asked = browser.post("/app/recipes/new", data=recipe)
    assert choices(asked) == ["0|60!amount.unusual", "1|60!amount.unusual"]

    asked = browser.post("/app/recipes/new", data=recipe | {"choice": choices(asked)[0]})

    assert choices(asked) == ["1|60!amount.unusual"]
    sure = re.findall(r'name="sure" value="([^"]*)"', asked.text)
    answer = recipe | {"sure": sure, "choice": choices(asked)[0]}
    assert browser.post("/app/recipes/new", data=answer).status_code == 200


def test_a_spice_of_a_recipe_is_asked_about_its_spoon_and_then_about_so_much(
    browser: TestClient,
) -> None:
    recipe = {"name": "Molho", "portions": "1", "spice": "Cominho", "amount": "1 xícara"}
    asked = browser.post("/app/recipes/new", data=recipe)
    assert choices(asked) == ["0|1 xícara!amount.unverified"]

    asked = browser.post("/app/recipes/new", data=recipe | {"choice": choices(asked)[0]})

    both = "1 xícara!amount.unverified!amount.unusual"
    assert choices(asked) == [f"0|{both}"]
    answer = recipe | {"choice": f"0|{both}"}
    assert browser.post("/app/recipes/new", data=answer).status_code == 200


def test_a_line_of_an_import_is_asked_about_its_spoon_after_its_reading(
    browser: TestClient,
) -> None:
    row = {"recipe": "0", "r0-name": "A", "r0-portions": "1", "r0-line": "1 colher de cominho"}
    row |= {"r0-adds": "asked", "r0-why": "unsure", "r0-spice": "Cominho", "r0-amount": ""}
    address = "/app/recipes/import/save"

    page = browser.post(address, data=row | {"choice": "0|0|amount|1 colher de chá"}).text

    assert "é uma estimativa" in page
    assert 'value="0|0|amount|1 colher de chá!amount.unverified"' in page
    row |= {"r0-amount": "1 colher de chá", "r0-adds": "machine", "r0-why": ""}
    row |= {"r0-sure-0": "1 colher de chá!amount.unverified"}
    assert browser.post(address, data=row).status_code == 200
    assert browser.get("/app/recipes/1").status_code == 200
