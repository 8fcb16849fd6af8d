"""Jars and motor over the API."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.household import Household
from yaguts.domain.stock.ledger import MovementKind, balance
from yaguts.storage import ledger

DEFAULTS = {
    "vibration_intensity": 75,
    "pre_start_delay_ms": 500,
    "post_stop_delay_ms": 300,
    "max_runtime_sec": 300,
}


@pytest.fixture
def ana(home: Household) -> TestClient:
    return home.person("Ana")


def a_jar(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"frasco": number, "rotulo": "Sal", "g_por_seg": 0.8333, "estoque_g": 100, **fields}


def movements(home: Household) -> list[tuple[MovementKind, int]]:
    with home.site.database.read() as connection:
        return [(line.kind, line.amount) for line in ledger.history(connection, 1)]


def test_listed_jars_change_and_the_others_stay(ana: TestClient) -> None:
    ana.put("/config/robo", json=[a_jar(1), a_jar(2, rotulo="Cominho")])

    jars = ana.put("/config/robo", json=[a_jar(2, rotulo="Orégano", estoque_g=80.5)]).json()

    assert jars == ana.get("/config/robo").json()
    assert [jar["rotulo"] for jar in jars] == ["Sal", "Orégano", None, None]
    changed = {"g_por_seg": 0.8333, "estoque_g": 80.5, "updated_at": "2026-01-31T18:00:00Z"}
    assert jars[1].items() >= changed.items()


def test_what_is_left_out_of_a_jar_stays(ana: TestClient) -> None:
    ana.put("/config/robo", json=[a_jar(1)])

    jar = ana.put("/config/robo", json=[{"frasco": 1, "g_por_seg": 0.5}]).json()[0]

    assert (jar["rotulo"], jar["g_por_seg"], jar["estoque_g"]) == ("Sal", 0.5, 100)


def test_how_much_fits_in_is_set_kept_and_forgotten(ana: TestClient) -> None:
    jar = ana.put("/config/robo", json=[a_jar(1, capacidade_g=250.5)]).json()[0]
    assert jar["capacidade_g"] == 250.5

    assert ana.put("/config/robo", json=[a_jar(1)]).json()[0]["capacidade_g"] == 250.5
    jars = ana.put("/devices/1/jars", json=[{"frasco": 1, "capacidade_g": None}]).json()
    assert jars[0]["capacidade_g"] is None


@pytest.mark.parametrize("grams", [0, -1, 0.0004, 100_001, "muito", True])
def test_what_no_jar_holds(ana: TestClient, grams: object) -> None:
    answer = ana.put("/config/robo", json=[a_jar(1, capacidade_g=grams)])

    assert answer.status_code == 422


@pytest.mark.parametrize("key", ["estoque_g", "capacidade_g"])
def test_a_bound_of_a_weight_is_told_in_grams(ana: TestClient, key: str) -> None:
    answer = ana.put("/config/robo", json=[a_jar(1, **{key: 100_001})])

    assert "100000 g" in answer.json()["detail"][0]["msg"]


def test_null_means_unknown(ana: TestClient) -> None:
    ana.put("/config/robo", json=[a_jar(1)])

    nothing = {"rotulo": None, "g_por_seg": None, "estoque_g": None}
    jar = ana.put("/config/robo", json=[{"frasco": 1, **nothing}]).json()[0]

    assert jar.items() >= nothing.items()


def test_another_stock_is_a_correction_and_the_same_one_nothing(
    home: Household, ana: TestClient
) -> None:
    for grams in (100, 100.0, 62.5):
        ana.put("/config/robo", json=[a_jar(1, estoque_g=grams)])

    assert movements(home) == [
        (MovementKind.CORRECTION, 100_000),
        (MovementKind.CORRECTION, -37_500),
    ]


def test_stock_unknown_for_a_while(home: Household, ana: TestClient) -> None:
    for grams in (100, None, 30):
        ana.put("/config/robo", json=[a_jar(1, estoque_g=grams)])

    with home.site.database.read() as connection:
        assert balance(ledger.history(connection, 1)) == 30_000


@pytest.mark.parametrize(
    ("jars", "sentence"),
    [
        ([a_jar(1), a_jar(5)], "não tem o frasco 5"),
        ([a_jar(1), a_jar(2), a_jar(1)], "frasco 1 aparece"),
        ([a_jar(1), a_jar(2, rotulo="Açafrão")], "Açafrão"),
    ],
)
def test_one_wrong_jar_and_none_is_changed(
    home: Household, ana: TestClient, jars: list[dict[str, Any]], sentence: str
) -> None:
    answer = ana.put("/config/robo", json=jars)

    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]
    assert all(jar["rotulo"] is None for jar in ana.get("/config/robo").json())
    assert movements(home) == []


def test_a_label_is_written_as_in_the_catalogue(ana: TestClient) -> None:
    jars = ana.put("/config/robo", json=[a_jar(1, rotulo=" alho EM pó "), a_jar(2, rotulo="")])

    assert [jar["rotulo"] for jar in jars.json()][:2] == ["Alho em pó", None]


def test_a_spice_of_ones_own_can_be_a_label(ana: TestClient) -> None:
    row = {"tempero": "Páprica", "quantidade": 1}
    ana.post("/receitas/", json={"nome": "Frango", "ingredientes": [row]})

    assert ana.put("/config/robo", json=[a_jar(1, rotulo="páprica")]).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"frasco": 0},
        {"frasco": 17},
        {"frasco": "um"},
        {"g_por_seg": 0},
        {"g_por_seg": -1},
        {"g_por_seg": 101},
        {"estoque_g": -0.1},
        {"estoque_g": 1e9},
        {"rotulo": 5},
    ],
)
def test_values_no_jar_can_have(home: Household, ana: TestClient, wrong: dict[str, Any]) -> None:
    assert ana.put("/config/robo", json=[a_jar(1, **wrong)]).status_code == 422
    assert movements(home) == []


def test_the_motor(ana: TestClient) -> None:
    assert ana.get("/config/motor").json() == DEFAULTS

    changed = ana.put("/config/motor", json={"vibration_intensity": 0, "max_runtime_sec": 600})

    assert changed.json() == DEFAULTS | {"vibration_intensity": 0, "max_runtime_sec": 600}
    assert ana.get("/config/motor").json() == changed.json()


@pytest.mark.parametrize(
    "wrong",
    [
        {"vibration_intensity": 101},
        {"pre_start_delay_ms": -1},
        {"post_stop_delay_ms": 5001},
        {"max_runtime_sec": 29},
        {"max_runtime_sec": None},
    ],
)
def test_settings_no_motor_can_have(ana: TestClient, wrong: dict[str, Any]) -> None:
    assert ana.put("/config/motor", json=wrong).status_code == 422
    assert ana.get("/config/motor").json() == DEFAULTS


def test_each_dispenser_has_jars_and_motor_of_its_own(home: Household, ana: TestClient) -> None:
    home.board(ana, "board-1")
    home.board(ana, "board-2")

    ana.put("/devices/2/jars", json=[a_jar(1)])
    ana.put("/devices/2/motor", json={"vibration_intensity": 10})

    assert ana.get("/devices/2/jars").json()[0]["rotulo"] == "Sal"
    assert ana.get("/devices/2/motor").json()["vibration_intensity"] == 10
    assert ana.get("/config/robo").json()[0]["rotulo"] is None
    assert ana.get("/config/motor").json() == DEFAULTS


def test_the_v01_calls_are_about_the_default_dispenser(home: Household, ana: TestClient) -> None:
    home.board(ana, "board-1")
    home.board(ana, "board-2")
    ana.put("/devices/2/jars", json=[a_jar(3)])

    assert ana.put("/devices/2/default").json()["padrao"] is True

    assert ana.get("/config/robo").json()[2]["rotulo"] == "Sal"
    listed = ana.get("/devices").json()["devices"]
    assert [dispenser["padrao"] for dispenser in listed] == [False, True]


def test_one_to_sixteen_jars(ana: TestClient) -> None:
    assert ana.put("/devices/1/jars/count", json={"frascos": 16}).json() == {"frascos": 16}
    assert ana.put("/config/robo", json=[a_jar(16)]).status_code == 200

    answer = ana.put("/devices/1/jars/count", json={"frascos": 15})
    assert answer.status_code == 400
    assert "frasco 16" in answer.json()["detail"]

    for count in (0, 17):
        assert ana.put("/devices/1/jars/count", json={"frascos": count}).status_code == 422
    assert len(ana.get("/config/robo").json()) == 16


def test_an_unused_jar_can_be_taken_away(ana: TestClient) -> None:
    ana.put("/devices/1/jars/count", json={"frascos": 6})

    assert ana.put("/devices/1/jars/count", json={"frascos": 2}).json() == {"frascos": 2}
    assert len(ana.get("/config/robo").json()) == 2


@pytest.mark.parametrize("call", ["jars", "motor"])
def test_somebody_elses_dispenser_is_not_there(home: Household, ana: TestClient, call: str) -> None:
    bia = home.person("Bia")
    body = [a_jar(1)] if call == "jars" else {"vibration_intensity": 1}

    assert ana.get(f"/devices/1/{call}").status_code == 200
    assert bia.get(f"/devices/1/{call}").status_code == 404
    assert bia.put(f"/devices/1/{call}", json=body).status_code == 404
    assert bia.put("/devices/1/jars/count", json={"frascos": 16}).status_code == 404
    assert bia.put("/devices/1/default").status_code == 404
