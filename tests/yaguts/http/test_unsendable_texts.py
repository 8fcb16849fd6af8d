"""Texts that no dispenser could report come in nowhere: by the API, by a form, in a file."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished

UNSENDABLE = ("Sal\x00", "\x1bSal", "S\x7fal", "Sa\x85l", "Sal\ud800", "\udc00")
TYPED = [text for text in UNSENDABLE if text.isascii() or text == "Sa\x85l"]
"""A browser sends no lone surrogate."""


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def recipe(spice: str) -> dict[str, Any]:
    return {
        "nome": "Feijão",
        "porcoes": 1,
        "ingredientes": [{"tempero": spice, "quantidade": 1}],
    }


@pytest.mark.parametrize("spice", UNSENDABLE, ids=ascii)
def test_by_the_api(browser: TestClient, spice: str) -> None:
    jars = [{"frasco": 1, "rotulo": spice}]
    for method, target, message in (
        ("POST", "/receitas/", recipe(spice)),
        ("PUT", "/devices/1/jars", jars),
    ):
        sent = json.dumps(message).encode()
        answer = browser.request(
            method, target, content=sent, headers={"content-type": "application/json"}
        )
        assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("spice", TYPED, ids=ascii)
def test_by_a_form(browser: TestClient, spice: str) -> None:
    form = {"name": "Feijão", "portions": "1", "spice": [spice], "amount": ["6"]}
    old_form = {"nome": "Feijão", "porcoes": "1", "tempero1": spice, "quantidade1": "1"}

    assert browser.post("/app/recipes/new", data=form).status_code == 422
    assert browser.post("/app/dispensers/1/jars/1/spice", data={"spice": spice}).status_code == 422
    assert browser.post("/receitas/form", data=old_form).status_code == 422


@pytest.mark.parametrize("spice", UNSENDABLE, ids=ascii)
def test_in_a_file(browser: TestClient, spice: str) -> None:
    content = json.dumps(recipe(spice)).encode()

    answer = browser.post("/app/recipes/import", files={"file": ("r.json", content)})

    assert answer.status_code == 200
    assert all(sign.isprintable() or sign.isspace() for sign in answer.text)
