"""Recipes: write, change, copy, share, delete."""

import json

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import read
from yaguts.web.pages.recipes.large_forms import LARGEST_FORM

BEANS = {
    "name": "Feijão",
    "portions": "4",
    "spice": ["Sal", "", "Alho em pó"],
    "amount": ["6", "", "3,5"],
}


@pytest.fixture
def browser(home: Household) -> TestClient:
    return home.person()


def saved(browser: TestClient, recipe_id: int = 1) -> dict[str, object]:
    return json.loads(browser.get(f"/app/recipes/{recipe_id}/file").text)


def test_a_new_recipe_is_ready_to_cook(browser: TestClient) -> None:
    assert "Nova receita" in read(browser.get("/app/recipes/new"))

    answer = browser.post("/app/recipes/new", data=BEANS, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/app/recipes/1")
    assert saved(browser) == {
        "nome": "Feijão",
        "porcoes": 4,
        "ingredientes": [
            {"tempero": "Sal", "quantidade": 6.0},
            {"tempero": "Alho em pó", "quantidade": 3.5},
        ],
    }


def test_a_problem_is_marked_in_its_row_and_the_form_keeps_its_text(browser: TestClient) -> None:
    wrong = {**BEANS, "name": "", "amount": ["6", "", "0,0004"]}

    answer = browser.post("/app/recipes/new", data=wrong)

    assert answer.status_code == 422
    text = read(answer)
    assert "não pode ficar vazio" in text
    assert "Use passos de 0,001 g." in text
    assert 'aria-describedby="row-1"' in answer.text
    assert 'value="0,0004"' in answer.text


def test_a_recipe_needs_a_spice(browser: TestClient) -> None:
    answer = browser.post("/app/recipes/new", data={"name": "Água", "portions": "1"})

    assert answer.status_code == 422
    assert "Este campo não pode ficar vazio. Mais linhas" in read(answer)


def test_more_rows_keep_what_was_typed(browser: TestClient) -> None:
    answer = browser.post("/app/recipes/new", data={**BEANS, "more": "yes"})

    assert answer.status_code == 200
    assert 'value="Alho em pó" maxlength' in answer.text
    assert answer.text.count('name="spice"') == 5


def test_a_change_replaces_it(browser: TestClient) -> None:
    browser.post("/app/recipes/new", data=BEANS)
    assert 'value="3,5"' in browser.get("/app/recipes/1/edit").text

    browser.post("/app/recipes/1/edit", data={**BEANS, "name": "Feijão preto"})

    assert saved(browser)["nome"] == "Feijão preto"


def test_a_copy_is_kept_when_it_is_saved(browser: TestClient) -> None:
    browser.post("/app/recipes/new", data=BEANS)

    page = browser.post("/app/recipes/1/copy")

    assert 'value="Feijão (cópia)"' in page.text
    assert browser.get("/app/recipes/2").status_code == 404


def test_a_shared_file_is_looked_at_before_it_is_saved(browser: TestClient) -> None:
    browser.post("/app/recipes/new", data=BEANS)
    shared = browser.get("/app/recipes/1/file")
    assert "attachment" in shared.headers["content-disposition"]

    page = browser.post("/app/recipes/import", files={"file": ("r.json", shared.content)})

    assert page.status_code == 200
    assert 'value="Feijão"' in page.text
    assert 'value="3,5"' in page.text


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b'{"nome": 4}', b"\xff\xfe", b"[" * 5000])
def test_a_file_that_holds_no_recipe(browser: TestClient, content: bytes) -> None:
    answer = browser.post("/app/recipes/import", files={"file": ("r.json", content)})

    assert answer.status_code == 422
    assert "Este arquivo não contém uma receita." in read(answer)


def test_deleting_asks_first(browser: TestClient) -> None:
    browser.post("/app/recipes/new", data=BEANS)
    assert "Apagar Feijão?" in read(browser.get("/app/recipes/1/delete"))

    browser.post("/app/recipes/1/delete")

    assert browser.get("/app/recipes/1").status_code == 404


def test_somebody_elses_recipe_is_not_found(home: Household, browser: TestClient) -> None:
    browser.post("/app/recipes/new", data=BEANS)
    bia = Furnished(home, "Bia").browser()

    for path in ("", "/edit", "/file", "/delete"):
        assert bia.get(f"/app/recipes/1{path}").status_code == 404
    for path in ("edit", "copy", "delete"):
        assert bia.post(f"/app/recipes/1/{path}", data=BEANS).status_code == 404


def test_a_file_that_is_too_large_is_refused_with_a_page(browser: TestClient) -> None:
    large = b'{"nome": "' + b"a" * LARGEST_FORM + b'"}'

    answer = browser.post("/app/recipes/import", files={"file": ("r.json", large)})

    assert answer.status_code == 413
    assert "Aqui cabem no máximo 4 MB." in read(answer)
    english = {"Accept-Language": "en"}
    answer = browser.post("/app/recipes/new", data={"name": "a" * 70_000}, headers=english)
    assert "Back to the kitchen" in read(answer)
