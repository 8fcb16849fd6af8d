"""Alerts over the API."""

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.household import Household

CHOSEN = {
    "tipos": ["jar_low"],
    "mudo_min": 30,
    "silencio_inicio": "22:00",
    "silencio_fim": "07:30",
    "fuso": "America/Sao_Paulo",
}


@pytest.fixture
def ana(home: Household) -> TestClient:
    return home.person()


def test_targets_come_and_go(ana: TestClient) -> None:
    made = ana.post("/avisos/destinos", json={"endereco": "https://h.example/x", "idioma": "en"})
    assert made.status_code == 201
    assert len(made.json()["chave"]) == 43
    (target,) = ana.get("/avisos").json()["destinos"]
    assert (target["endereco"], target["idioma"], target["assinado"]) == (
        "https://h.example/…",
        "en",
        True,
    )
    assert "chave" not in target

    assert ana.post(f"/avisos/destinos/{target['id']}/teste").json() == {"ok": True}
    assert ana.get("/avisos").json()["destinos"][0]["na_espera"] == 1
    assert ana.delete(f"/avisos/destinos/{target['id']}").status_code == 204
    assert ana.get("/avisos").json()["destinos"] == []


def test_choices(ana: TestClient) -> None:
    before = ana.get("/avisos").json()
    assert {one["desejado"] for one in before["tipos"]} == {True}

    told = ana.put("/avisos", json=CHOSEN).json()
    assert {key: told[key] for key in CHOSEN if key != "tipos"} == {
        key: CHOSEN[key] for key in CHOSEN if key != "tipos"
    }
    assert [one["tipo"] for one in told["tipos"] if one["desejado"]] == ["jar_low"]
    assert ana.get("/avisos").json() == told


@pytest.mark.parametrize(
    "changed",
    [
        {"silencio_fim": None}, {"silencio_inicio": "7:00"}, {"fuso": "Etc/No"}, {"mudo_min": 4},
        {"mudo_min": True}, {"tipos": ["x"]}, {"tipos": ["jar_low"] * 9}, {"tipos": None},
    ],
)  # fmt: skip
def test_choices_that_are_refused(ana: TestClient, changed: dict[str, object]) -> None:
    assert ana.put("/avisos", json={**CHOSEN, **changed}).status_code == 422


@pytest.mark.parametrize("address", ["file:///x", "slack://a?template=/etc/passwd"])
def test_an_address_that_is_refused(ana: TestClient, address: str) -> None:
    answer = ana.post("/avisos/destinos", json={"endereco": address})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:yaguts:problem:bad_target"
