"""Recipes and the catalogue over the API."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.household import Household


@pytest.fixture
def ana(home: Household) -> TestClient:
    return home.person("Ana")


def a_recipe(name: str = "Vinagrete", **spices: float) -> dict[str, Any]:
    rows = [{"tempero": spice, "quantidade": grams} for spice, grams in spices.items()]
    return {
        "nome": name,
        "porcoes": 2,
        "ingredientes": rows or [{"tempero": "Sal", "quantidade": 2}],
    }


def test_a_recipe_comes_back_as_it_was_written(ana: TestClient) -> None:
    answer = ana.post("/receitas/", json=a_recipe("Frango", Páprica=4.5, Sal=0.1))

    assert answer.status_code == 201
    assert answer.json() == {
        "id": 1,
        "nome": "Frango",
        "porcoes": 2,
        "ingredientes": [
            {"id": 1, "tempero": "Páprica", "quantidade": 4.5},
            {"id": 2, "tempero": "Sal", "quantidade": 0.1},
        ],
        "a_mao": [],
        "versao": answer.json()["versao"],
    }
    assert ana.get("/receitas/1").json() == answer.json()


@pytest.mark.parametrize("grams", [0.1, 4.5, 0.3, 0.1 + 0.2, 499.9, 500])
def test_tenths_of_grams_are_exact(ana: TestClient, grams: float) -> None:
    kept = ana.post("/receitas/", json=a_recipe(Sal=grams)).json()

    assert kept["ingredientes"][0]["quantidade"] == round(grams, 1)


@pytest.mark.parametrize(
    "grams", [0, -1, 5e-324, 0.0005, 0.1234, 500.1, 1e300, True, "muito", None, []]
)
def test_other_amounts_are_refused(ana: TestClient, grams: object) -> None:
    answer = ana.post("/receitas/", json=a_recipe(Sal=grams))  # type: ignore[arg-type]

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "ingredientes", 0, "quantidade"]
    assert ana.get("/receitas/").json() == []


def test_portions_are_one_unless_said(ana: TestClient) -> None:
    recipe = a_recipe()
    del recipe["porcoes"]

    assert ana.post("/receitas/", json=recipe).json()["porcoes"] == 1


def test_a_recipe_is_replaced_and_forgotten(ana: TestClient) -> None:
    ana.post("/receitas/", json=a_recipe("Frango", Sal=1, Alho=2))

    changed = ana.put("/receitas/1", json=a_recipe("Peixe", Limão=3)).json()
    assert changed["nome"] == "Peixe"
    assert [part["tempero"] for part in changed["ingredientes"]] == ["Limão"]
    assert ana.get("/receitas/1").json() == changed

    assert ana.delete("/receitas/1").status_code == 204
    assert ana.get("/receitas/1").status_code == 404
    assert ana.delete("/receitas/1").status_code == 404


@pytest.mark.parametrize("text", ["oregano", "ORÉGANO", "regan", " Orégano "])
def test_search_minds_neither_case_nor_accents(ana: TestClient, text: str) -> None:
    ana.post("/receitas/", json=a_recipe("Orégano no forno"))
    ana.post("/receitas/", json=a_recipe("Pizza", Orégano=1))
    ana.post("/receitas/", json=a_recipe("Bolo"))

    found = ana.get("/receitas/", params={"q": text}).json()

    assert [recipe["nome"] for recipe in found] == ["Orégano no forno", "Pizza"]


def test_a_list_in_pages(ana: TestClient) -> None:
    for name in "ABCDE":
        ana.post("/receitas/", json=a_recipe(name))

    page = ana.get("/receitas/", params={"limit": 2, "offset": 2}).json()

    assert [recipe["nome"] for recipe in page] == ["C", "D"]


def test_suggestions_are_not_taken_for_an_id(ana: TestClient) -> None:
    for name in ("Pão de alho", "Alho assado", "Bolo"):
        ana.post("/receitas/", json=a_recipe(name))

    suggested = ana.get("/receitas/sugestoes", params={"q": "alho", "limit": 5})

    assert suggested.json() == [{"id": 2, "nome": "Alho assado"}, {"id": 1, "nome": "Pão de alho"}]
    assert len(ana.get("/receitas/sugestoes", params={"limit": 1}).json()) == 1


def test_a_recipe_from_a_form(ana: TestClient) -> None:
    form = {"nome": "Farofa", "tempero1": "Sal", "quantidade1": "2,5", "tempero2": ""}
    form |= {"tempero4": "Alho em pó", "quantidade4": "0.1"}

    answer = ana.post("/receitas/form", data=form)

    assert answer.status_code == 201
    kept = [(part["tempero"], part["quantidade"]) for part in answer.json()["ingredientes"]]
    assert kept == [("Sal", 2.5), ("Alho em pó", 0.1)]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"nome": "Farofa"},
        {"nome": "Farofa", "tempero1": "Sal", "quantidade1": "nan"},
        {"nome": "Farofa", "tempero1": "Sal"},
        {"nome": "Farofa", "tempero1": "x" * 61, "quantidade1": "1"},
    ],
)
def test_a_form_is_checked_like_the_rest(ana: TestClient, form: dict[str, str]) -> None:
    answer = ana.post("/receitas/form", data=form)

    assert answer.status_code == 422
    assert ana.get("/receitas/").json() == []


def test_what_the_hand_adds_is_written_kept_and_taken_away(ana: TestClient) -> None:
    lines = ["500 g de feijão", "2 folhas de louro"]
    ana.post("/receitas/", json=a_recipe() | {"a_mao": [f" {lines[0]} ", lines[1]]})
    assert ana.get("/receitas/1").json()["a_mao"] == lines

    renamed = ana.put("/receitas/1", json=a_recipe("Feijão"))  # As version 0.1 sends it.
    assert renamed.json()["a_mao"] == lines
    fewer = ana.put("/receitas/1", json=a_recipe() | {"a_mao": lines[1:]})
    assert fewer.json()["a_mao"] == lines[1:]
    assert ana.put("/receitas/1", json=a_recipe() | {"a_mao": []}).json()["a_mao"] == []


def test_a_change_of_another_version_is_refused(ana: TestClient) -> None:
    first = ana.post("/receitas/", json=a_recipe()).json()["versao"]
    changed = ana.put("/receitas/1", json=a_recipe(Sal=3) | {"versao": first}).json()

    stale = ana.put("/receitas/1", json=a_recipe(Sal=4) | {"versao": first})
    assert (stale.status_code, stale.json()["title"]) == (409, "not as shown")
    assert ana.get("/receitas/1").json() == changed

    again = ana.put("/receitas/1", json=a_recipe(Sal=3) | {"versao": first})
    assert again.status_code == 200  # Its answer was lost, and it is there already.
    assert ana.put("/receitas/1", json=a_recipe(Sal=5)).status_code == 200


@pytest.mark.parametrize("lines", ["sal", ["x" * 201], [""], ["a\nb"], ["sal"] * 101, [1]])
def test_lines_that_no_recipe_has(ana: TestClient, lines: object) -> None:
    assert ana.post("/receitas/", json=a_recipe() | {"a_mao": lines}).status_code == 422


def test_a_volume_stays_as_it_was_written_while_its_grams_do(ana: TestClient) -> None:
    typed = {"name": "Arroz", "portions": "2", "spice": ["Sal"], "amount": ["1 colher de chá"]}
    ana.post("/app/recipes/new", data=typed)

    ana.put("/receitas/1", json=a_recipe("Pão", Sal=6))
    assert 'value="1 colher de chá"' in ana.get("/app/recipes/1/edit").text
    ana.put("/receitas/1", json=a_recipe("Pão", Sal=7))
    assert 'colher de chá"' not in ana.get("/app/recipes/1/edit").text


@pytest.mark.parametrize("amount", ["1.000", "2 a 3", "1 colher", "1 copo"])
def test_an_amount_of_a_form_that_is_not_certain_is_refused(ana: TestClient, amount: str) -> None:
    form = {
        "nome": "Arroz",
        "porcoes": "21",
        "tempero1": "Sal",
        "quantidade1": "2",
        "tempero2": "Sal",
    }

    answer = ana.post("/receitas/form", data=form | {"quantidade2": amount})

    assert answer.status_code == 422
    told = {tuple(wrong["loc"]): wrong["msg"] for wrong in answer.json()["detail"]}
    assert told[("ingredientes", 1, "quantidade")].startswith("Escreva a quantidade em gramas")
    assert told[("porcoes",)] == "O valor deve ser no máximo 20."
    assert ana.get("/receitas/").json() == []


def test_somebody_elses_recipe_is_not_there(home: Household, ana: TestClient) -> None:
    ana.post("/receitas/", json=a_recipe("Segredo"))
    bia = home.person("Bia")

    assert bia.get("/receitas/1").status_code == 404
    assert bia.put("/receitas/1", json=a_recipe()).status_code == 404
    assert bia.delete("/receitas/1").status_code == 404
    assert bia.get("/receitas/").json() == []
    assert bia.get("/receitas/sugestoes").json() == []
    assert ana.get("/receitas/1").json()["nome"] == "Segredo"


def test_spaces_and_decomposed_accents_are_put_right(ana: TestClient) -> None:
    recipe = a_recipe("  Pa\u0303o ", **{" Ore\u0301gano ": 1})

    kept = ana.post("/receitas/", json=recipe).json()

    assert kept["nome"] == "Pão"
    assert kept["ingredientes"][0]["tempero"] == "Orégano"


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\x00b", "a\nb", 7, None])
def test_names_that_are_none(ana: TestClient, name: object) -> None:
    answer = ana.post("/receitas/", json=a_recipe() | {"nome": name})

    assert answer.status_code == 422


def test_the_catalogue(home: Household, ana: TestClient) -> None:
    base = ["Alho em pó", "Cominho", "Orégano", "Pimenta", "Sal"]
    assert home.browser().get("/catalogo/temperos").json() == base

    ana.post("/receitas/", json=a_recipe("Frango", Páprica=1, sal=1))

    mine = ["Alho em pó", "Cominho", "Orégano", "Páprica", "Pimenta", "Sal"]
    assert ana.get("/catalogo/temperos").json() == mine
    assert home.person("Bia").get("/catalogo/temperos").json() == base


def test_english_keys_are_nobodys(ana: TestClient) -> None:
    """The pages build their commands in English, from the same schemas; the wire stays as it is."""
    english = {"name": "Arroz", "portions": 1, "ingredients": [{"spice": "Sal", "quantity": 1}]}

    answer = ana.post("/receitas/", json=english)

    assert answer.status_code == 422
    missing = {wrong["loc"][-1] for wrong in answer.json()["detail"]}
    assert missing >= {"nome", "ingredientes"}
