"""What is wrong with a call is told together, wherever it stands, whoever calls."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.household import Household
from yaguts_wire import words as w

Faults = dict[tuple[str, str], str]
LONG = {w.HOLDING_HEADER: "x" * 65}

OF_DISPENSERS: list[tuple[str, Any, Faults]] = [
    (
        "GET /devices/me/next_job?wait=x",
        None,
        {
            ("query", "wait"): "Informe um número.",
            ("header", w.HOLDING_HEADER): "O texto deve ter no máximo 64 caracteres.",
        },
    ),
    (
        "POST /devices/me/jobs/0/accept",
        {w.ACCEPTANCE: "x"},
        {
            ("path", "job_id"): "O valor deve ser no mínimo 1.",
            ("body", w.JOB_KEY): "Este campo é obrigatório.",
            ("body", w.ACCEPTANCE): "Informe um número inteiro.",
        },
    ),
    (
        "POST /devices/me/jobs/x/progress",
        {w.JOB_KEY: "a", w.ITEM_ORDER: 1, w.JAR: "x", w.STATUS: 7},
        {
            ("path", "job_id"): "Informe um número inteiro.",
            ("body", w.JAR): "Informe um número inteiro.",
            ("body", w.DISPENSED_G): "Este campo é obrigatório.",
            ("body", w.STATUS): "Valor inválido.",
        },
    ),
    (
        "POST /devices/me/heartbeat",
        {w.FIRMWARE: 7, w.STATUS: 7},
        {
            ("body", w.FIRMWARE): "Informe um texto.",
            ("body", w.STATUS): "Informe um objeto com campos.",
        },
    ),
]
OF_PEOPLE: list[tuple[str, Any, Faults]] = [
    (
        "POST /jobs",
        {w.RECIPE_ID: "x", w.PEOPLE: 0, w.QUEUE_UP: 3},
        {
            ("body", w.RECIPE_ID): "Informe um número inteiro.",
            ("body", w.PEOPLE): "O valor deve ser no mínimo 1.",
            ("body", w.QUEUE_UP): "Informe verdadeiro ou falso.",
        },
    ),
    (
        "PUT /jobs/x/weight",
        {},
        {
            ("path", "job_id"): "Informe um número inteiro.",
            ("body", w.QUANTITY_G): "Este campo é obrigatório.",
        },
    ),
]


def told(caller: TestClient, call: str, body: Any) -> Faults:
    method, path = call.split()
    answer = caller.request(method, path, json=body, headers=LONG)
    assert answer.status_code == 422, answer.text
    return {tuple(fault["loc"]): fault["msg"] for fault in answer.json()["detail"]}


@pytest.mark.parametrize(("call", "body", "faults"), OF_DISPENSERS)
def test_a_dispenser_hears_of_all(home: Household, call: str, body: Any, faults: Faults) -> None:
    assert told(home.board(home.person()), call, body) == faults


@pytest.mark.parametrize(("call", "body", "faults"), OF_PEOPLE)
def test_a_person_hears_of_all(home: Household, call: str, body: Any, faults: Faults) -> None:
    assert told(home.person(), call, body) == faults
