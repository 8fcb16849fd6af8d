"""Weigh one spoon, beside the calibration of a jar: the kitchen's own density from then on."""

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links, read
from yaguts.domain.amounts.measures import Unit
from yaguts.domain.amounts.spoons import WeighedSpoon
from yaguts.domain.units import Milligrams
from yaguts.services.pantry import configuration, spoons, stock
from yaguts.storage import weighed_spoons

JAR = "/app/dispensers/1/jars/1"
SPOON = f"{JAR}/spoon"


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def labelled(kitchen: Furnished, spice: str) -> None:
    stock.assign(kitchen.site, kitchen.person.id, 1, 1, spice, by=kitchen.actor)
    change: configuration.JarChange = {"stock": Milligrams(0)}
    configuration.set_jars(kitchen.site, kitchen.person.id, [(1, change)], by=kitchen.actor)


def test_a_weighed_spoon_holds_for_refills_recipes_and_imports(
    kitchen: Furnished, browser: TestClient
) -> None:
    labelled(kitchen, "Cominho")
    assert SPOON in links(browser.get(JAR))
    assert "É uma estimativa" in read(browser.get(SPOON))

    page = browser.post(SPOON, data={"unit": "tablespoon", "amount": "7,2"})

    assert "1 colher de chá · 2,4 g 1 colher de sopa · 7,2 g" in read(page)
    assert "Pesado nesta cozinha agora" in read(page)
    assert browser.post(f"{JAR}/refill", data={"amount": "2 colheres de sopa"}).status_code == 200
    assert kitchen.jar(1).stock == 14_400
    rows = {"name": "Feijão", "portions": "4", "spice": ["Cominho"], "amount": ["1 colher de chá"]}
    assert "1 colher de chá · 2,4 g" in read(browser.post("/app/recipes/new", data=rows))
    text = "Arroz\n1 colher de chá de cominho"
    assert 'value="2,4"' in browser.post("/app/recipes/import", data={"text": text}).text
    form = {"nome": "Pão", "porcoes": "2", "tempero1": "Cominho", "quantidade1": "1 colher de chá"}
    assert browser.post("/receitas/form", data=form).json()["ingredientes"][0]["quantidade"] == 2.4


def test_it_is_corrected_and_forgotten(kitchen: Furnished, browser: TestClient) -> None:
    assert "Segundo uma tabela; a sua colher vale mais. Fonte: USDA" in read(browser.get(SPOON))

    browser.post(SPOON, data={"unit": "teaspoon", "amount": "5"})
    page = browser.post(SPOON, data={"unit": "teaspoon", "amount": "5,5"})

    assert "1 colher de chá · 5,5 g" in read(page)
    assert len(spoons.weighed(kitchen.site, kitchen.person.id)) == 1
    english = browser.get(SPOON, headers={"Accept-Language": "en"})
    assert "1 teaspoon · 5.5 g" in read(english)
    assert "1 colher de chá · 6,0 g" in read(browser.post(f"{SPOON}/forget"))
    assert spoons.weighed(kitchen.site, kitchen.person.id) == ()


@pytest.mark.parametrize("typed", ["60", "0,6"])
def test_a_weight_that_no_spoon_has_is_asked_back(
    kitchen: Furnished, browser: TestClient, typed: str
) -> None:
    sent = {"unit": "teaspoon", "amount": typed}

    asked = browser.post(SPOON, data=sent)

    assert asked.status_code == 422
    assert "Uma destas costuma pesar de 2,0 g a 18,0 g" in read(asked)
    assert f'name="choice" value="{typed}!amount.unusual_spoon"' in asked.text
    assert spoons.weighed(kitchen.site, kitchen.person.id) == ()
    browser.post(SPOON, data={**sent, "choice": f"{typed}!amount.unusual_spoon"})
    assert len(spoons.weighed(kitchen.site, kitchen.person.id)) == 1


@pytest.mark.parametrize("typed", ["", "0", "sal", "1 colher", "1001"])
def test_what_is_no_weight_is_explained(browser: TestClient, typed: str) -> None:
    answer = browser.post(SPOON, data={"unit": "teaspoon", "amount": typed})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_jar_without_a_spice_has_no_spoon(kitchen: Furnished, browser: TestClient) -> None:
    stock.assign(kitchen.site, kitchen.person.id, 1, 1, None, by=kitchen.actor)

    assert browser.get(SPOON).status_code == 400
    assert SPOON not in links(browser.get(JAR))


def test_a_page_of_another_spice_weighs_nothing(kitchen: Furnished, browser: TestClient) -> None:
    sent = {"amount": "2", "was": "label=Cominho"}

    answer = browser.post(SPOON, data=sent)

    assert answer.status_code == 409
    assert "ela mostrava “Cominho”, agora está com “Sal”" in read(answer)
    assert spoons.weighed(kitchen.site, kitchen.person.id) == ()


def test_a_kitchen_sees_its_own_spoons_alone(kitchen: Furnished, home: Household) -> None:
    kitchen.browser().post(SPOON, data={"unit": "teaspoon", "amount": "5"})
    other = Furnished(home, "Bia")

    assert spoons.weighed(kitchen.site, other.person.id) == ()


def test_a_kitchen_remembers_so_many_spoons(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighed_spoons, "MOST", 3)
    for number in range(5):
        spoon = WeighedSpoon(f"Tempero {number}", Unit.TEASPOON, Milligrams(1))
        spoons.weigh(kitchen.site, kitchen.person.id, spoon)
        kitchen.clock.passes(seconds=1)

    kept = spoons.weighed(kitchen.site, kitchen.person.id)
    assert [spoon.spice for spoon in kept] == ["Tempero 4", "Tempero 3", "Tempero 2"]
