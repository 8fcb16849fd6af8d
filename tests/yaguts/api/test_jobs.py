"""A person's jobs over HTTP: keys, statuses and texts of the wire."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.builders import a_report
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.jobs.job import DoseStatus
from yaguts.domain.units import MicrogramsPerSecond, Milligrams
from yaguts.services.delivery import expiry, handover
from yaguts.services.pantry import configuration
from yaguts.services.pantry.configuration import JarChange
from yaguts.services.runtime.progress import DoseProgress


@pytest.fixture
def ana(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def order(ana: TestClient, recipe: int, **fields: Any) -> Any:
    return ana.post("/jobs", json={"receita_id": recipe, "pessoas_solicitadas": 1, **fields})


def test_a_new_job_in_the_words_of_the_wire(kitchen: Furnished, ana: TestClient) -> None:
    answer = order(ana, kitchen.recipe(Sal=4.5), pessoas_solicitadas=2)

    assert answer.status_code == 201
    assert answer.json() == {
        "id": 1,
        "status": "queued",
        "receita_id": 1,
        "tipo": "receita",
        "pessoas_solicitadas": 2,
        "multiplicador": 1,
        "created_at": "2026-01-31T18:00:00Z",
        "started_at": None,
        "finished_at": None,
        "erro_msg": None,
        "revisar": False,
        "aguarda_resposta": False,
        "itens": [
            {
                "id": 1,
                "ordem": 1,
                "frasco": 1,
                "tempero": "Sal",
                "quantidade_g": 9.0,
                "segundos": 9.0,
                "status": "pending",
                "dispensado_g": None,
                "quantidade_min_g": None,
                "retomadas": 0,
                "error": None,
            }
        ],
        "a_mao": [],
        "motor_config": {
            "vibration_intensity": 75,
            "pre_start_delay_ms": 500,
            "post_stop_delay_ms": 300,
            "max_runtime_sec": 300,
        },
    }
    assert ana.get("/jobs/1").json() == answer.json()


def test_what_no_jar_serves_is_refused_unless_the_cook_adds_it(
    kitchen: Furnished, ana: TestClient
) -> None:
    recipe = kitchen.recipe(Louro=1.5, Sal=4.0)
    assert order(ana, recipe).status_code == 409

    answer = order(ana, recipe, permitir_a_mao=True, pessoas_solicitadas=2)

    assert answer.status_code == 201
    assert [(dose["ordem"], dose["tempero"]) for dose in answer.json()["itens"]] == [(1, "Sal")]
    assert answer.json()["a_mao"] == [{"tempero": "Louro", "quantidade_g": 3.0}]
    assert ana.get("/jobs/1").json() == answer.json()


def test_an_order_may_name_its_dispenser(kitchen: Furnished, ana: TestClient) -> None:
    kitchen.another_board()
    second = ana.get("/me/devices").json()["devices"][1]["id"]
    salt: JarChange = {"label": "Sal", "rate": MicrogramsPerSecond(2_000_000)}
    configuration.set_jars(kitchen.site, kitchen.person.id, [(3, salt)], kitchen.actor, second)

    answer = order(ana, kitchen.recipe(Sal=4.0), device_id=second)

    assert answer.json()["itens"][0]["frasco"] == 3
    assert kitchen.job(1).dispenser_id == second
    assert order(ana, kitchen.recipe(Sal=4.0), device_id=99).status_code == 404


@pytest.mark.parametrize(
    ("fields", "people", "multiplier"),
    [
        ({"pessoas_solicitadas": 3}, 3, 1),
        ({"pessoas_solicitadas": 3, "multiplicador": 1}, 3, 1),
        ({"multiplicador": 4}, 4, 4),
        ({"pessoas_solicitadas": 3, "multiplicador": 4}, 4, 4),
        ({}, 1, 1),
    ],
)
def test_the_older_word_for_people(
    kitchen: Furnished, ana: TestClient, fields: dict[str, int], people: int, multiplier: int
) -> None:
    job = ana.post("/jobs", json={"receita_id": kitchen.recipe(Sal=1), **fields}).json()

    assert (job["pessoas_solicitadas"], job["multiplicador"]) == (people, multiplier)
    assert job["itens"][0]["quantidade_g"] == people


@pytest.mark.parametrize(
    "fields",
    [
        {"pessoas_solicitadas": 0},
        {"pessoas_solicitadas": 101},
        {"multiplicador": 0},
        {"receita_id": "x"},
        {"receita_id": None},
    ],
)
def test_an_order_that_cannot_be_understood(ana: TestClient, fields: dict[str, object]) -> None:
    assert order(ana, 1, **fields).status_code == 422


def test_the_sentence_names_everything_that_is_missing(kitchen: Furnished, ana: TestClient) -> None:
    answer = order(ana, kitchen.recipe(Sal=100.5, Canela=1))

    assert answer.status_code == 409
    assert answer.json() == {
        "detail": "Nenhum frasco tem Canela. "
        "O frasco 1 (Sal) tem 100,0 g, e são necessários 100,5 g.",
        "type": "urn:yaguts:problem:not_plannable",
        "title": "not plannable",
        "status": 409,
        "reasons": [
            {"code": "no_jar", "spice": "Canela"},
            {
                "code": "too_little",
                "jar": 1,
                "spice": "Sal",
                "needed_mg": 100_500,
                "present_mg": 100_000,
            },
        ],
    }


def test_a_busy_dispenser(kitchen: Furnished, ana: TestClient) -> None:
    recipe = kitchen.recipe()
    first = order(ana, recipe).json()

    answer = order(ana, recipe)

    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("Robô ocupado")
    assert answer.json()["job_id"] == first["id"]


def test_too_many_doses(kitchen: Furnished, ana: TestClient) -> None:
    recipe = kitchen.recipe(**{"Sal" + " " * n: 0.1 for n in range(17)})

    assert order(ana, recipe).status_code == 409


def test_recipes_and_jobs_that_are_not_there(ana: TestClient) -> None:
    assert order(ana, 99).status_code == 404
    assert ana.get("/jobs/99").status_code == 404
    assert ana.get("/jobs/99").json() == {
        "detail": "Pedido não encontrado.",
        "type": "urn:yaguts:problem:not_found.job",
        "title": "not found: job",
        "status": 404,
    }


def test_somebody_elses_job_is_as_unknown_as_none(home: Household, kitchen: Furnished) -> None:
    job = kitchen.order()
    bia = Furnished(home, "Bia").browser()

    assert bia.get(f"/jobs/{job.id}").json() == bia.get("/jobs/99").json()
    assert bia.get("/jobs/active").json() == {"active": None}
    assert bia.post("/jobs/active/cancel").json() == {"ok": True, "cancelled": 0}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/jobs"),
        ("GET", "/jobs/1"),
        ("GET", "/jobs/active"),
        ("POST", "/jobs/active/cancel"),
    ],
)
def test_strangers_get_nothing(home: Household, method: str, path: str) -> None:
    assert home.browser().request(method, path, json={"receita_id": 1}).status_code == 401


def test_the_active_job_until_it_ends(kitchen: Furnished, ana: TestClient) -> None:
    assert ana.get("/jobs/active").json() == {"active": None}
    job = kitchen.order()
    queued = {"id": job.id, "status": "queued", "started_at": None}
    assert ana.get("/jobs/active").json() == {"active": queued}
    handover.offer(kitchen.site, kitchen.dispenser)
    assert ana.get("/jobs/active").json() == {"active": queued}
    handover.accept(kitchen.site, kitchen.dispenser, job.id, job.key)
    running = {"id": job.id, "status": "running", "started_at": "2026-01-31T18:00:00Z"}
    assert ana.get("/jobs/active").json() == {"active": running}

    kitchen.report(job)
    assert ana.get("/jobs/active").json() == {"active": None}


def test_cancelled_is_cancelled_at_once_in_the_eyes_of_the_person(
    kitchen: Furnished, ana: TestClient
) -> None:
    job = kitchen.started()

    assert ana.post("/jobs/active/cancel").json() == {"ok": True, "cancelled": 1}
    assert ana.get("/jobs/active").json() == {"active": None}
    assert ana.get(f"/jobs/{job.id}").json()["status"] == "canceled"


def test_progress_shows_in_the_job(kitchen: Furnished, ana: TestClient) -> None:
    job = kitchen.started(Sal=4.5, Pimenta=1)
    said = {"job_key": job.key, "item_ordem": 1, "frasco": 1, "dispensado_g": 1.5}
    path = f"/devices/me/jobs/{job.id}/progress"
    kitchen.board().post(path, json={**said, "status": "running"})

    first, second = ana.get(f"/jobs/{job.id}").json()["itens"]
    assert (first["status"], first["dispensado_g"]) == ("running", 1.5)
    assert (second["status"], second["dispensado_g"]) == ("pending", None)


def test_progress_that_came_too_late_hides_no_result(kitchen: Furnished, ana: TestClient) -> None:
    job = kitchen.started(Sal=4.5)
    kitchen.report(job)
    kitchen.site.progress.note(job.id, DoseProgress(1, 1, Milligrams(1500), DoseStatus.RUNNING))

    (dose,) = ana.get(f"/jobs/{job.id}").json()["itens"]
    assert (dose["status"], dose["dispensado_g"]) == ("done", 4.5)


def test_the_result_says_what_fell_and_why_not_more(kitchen: Furnished, ana: TestClient) -> None:
    job = kitchen.started(Sal=4.5, Pimenta=1)
    kitchen.report(job, a_report(job, failed=(2,)))

    result = ana.get(f"/jobs/{job.id}").json()

    assert (result["status"], result["erro_msg"]) == ("done_partial", "Pimenta: motor travado")
    assert [(i["status"], i["dispensado_g"], i["error"]) for i in result["itens"]] == [
        ("done", 4.5, None),
        ("failed", 0.0, "motor travado"),
    ]


@pytest.mark.parametrize(
    ("started", "word"), [(False, "expirado"), (True, "entrega não confirmada")]
)
def test_a_job_that_was_given_up_says_why(
    kitchen: Furnished, ana: TestClient, started: bool, word: str
) -> None:
    job = kitchen.started() if started else kitchen.order()
    kitchen.clock.passes(hours=1)
    expiry.sweep(kitchen.site)

    result = ana.get(f"/jobs/{job.id}").json()

    assert (result["status"], result["erro_msg"]) == ("failed", word)
    assert [dose["error"] for dose in result["itens"]] == [word]


def test_an_order_may_wait_in_the_queue_and_be_cancelled(
    kitchen: Furnished, ana: TestClient
) -> None:
    recipe = kitchen.recipe()
    assert order(ana, recipe).status_code == 201
    assert order(ana, recipe).status_code == 409
    assert order(ana, recipe, entrar_na_fila=True).status_code == 201

    listed = ana.get("/jobs/queue").json()["fila"]
    assert [(one["id"], one["posicao"], one["status"]) for one in listed] == [
        (1, 1, "queued"),
        (2, 2, "queued"),
    ]
    assert ana.get("/jobs/active").json()["active"]["id"] == 1
    assert ana.post("/jobs/2/cancel").json()["status"] == "canceled"
    assert [one["id"] for one in ana.get("/jobs/queue").json()["fila"]] == [1]


def test_the_dispensers_owner_lets_orders_wait(kitchen: Furnished, ana: TestClient) -> None:
    address = f"/devices/{kitchen.dispenser_id}"
    assert ana.get(address).json()["aceita_fila"] is False
    assert ana.put(address, json={"aceita_fila": True}).json()["aceita_fila"] is True

    recipe = kitchen.recipe()
    statuses = [order(ana, recipe).status_code, order(ana, recipe).status_code]
    refused = order(ana, recipe, entrar_na_fila=False)

    assert statuses == [201, 201]
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:yaguts:problem:busy")


def test_a_full_queue_is_refused(kitchen: Furnished, ana: TestClient) -> None:
    recipe = kitchen.recipe(Sal=0.1)
    for _ in range(20):
        assert order(ana, recipe, entrar_na_fila=True).status_code == 201

    refused = order(ana, recipe, entrar_na_fila=True)

    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("A fila já tem 20 pedidos.")


def test_a_dispenser_asks_and_somebody_says_yes(kitchen: Furnished, ana: TestClient) -> None:
    address = f"/devices/{kitchen.dispenser_id}"
    assert ana.put(address, json={"pergunta_ao_retomar": True}).json()["aceita_fila"] is False
    assert order(ana, kitchen.recipe()).status_code == 201
    board = kitchen.board()
    offer = board.get("/devices/me/next_job", params={"wait": 0}).json()
    assert offer["pergunta_ao_retomar"] is True
    board.post("/devices/me/jobs/1/accept", json={"job_key": offer["job_key"]})
    progress = {
        "job_key": offer["job_key"],
        "item_ordem": 1,
        "frasco": 1,
        "dispensado_g": 1.0,
        "status": "running",
    }

    def asked() -> dict[str, Any]:
        told = {**progress, "pergunta": 77}
        return board.post("/devices/me/jobs/1/progress", json=told).json()

    assert ana.post("/jobs/1/resume").json()["type"].endswith("not_possible_now.resume")
    assert asked() == {"ok": True, "cancelar": False}
    assert ana.get("/jobs/1").json()["aguarda_resposta"] is True
    assert ana.post("/jobs/1/resume").json()["aguarda_resposta"] is False
    assert asked() == {"ok": True, "cancelar": False, "retomar": 77}
    plain = board.post("/devices/me/jobs/1/progress", json=progress)
    assert plain.json() == {"ok": True, "cancelar": False}


# A board with firmware 0.1 has the jars 1 to 4

FAR = "O frasco 5 está fora de alcance: a placa deste dispensador só move os frascos 1 a 4."


@pytest.fixture
def far(kitchen: Furnished, ana: TestClient) -> Furnished:
    """A kitchen in which jar 5 holds Louro and the board has firmware 0.1."""
    ana.put("/devices/1/jars/count", json={"frascos": 5})
    kitchen.recipe(Louro=1)  # in the catalogue from now on
    jar = {"frasco": 5, "rotulo": "Louro", "g_por_seg": 1, "estoque_g": 100}
    assert ana.put("/devices/1/jars", json=[jar]).status_code == 200
    kitchen.board().post("/devices/me/heartbeat", json={"fw_version": "0.1.6"})
    return kitchen


def test_a_jar_that_the_board_does_not_have_is_an_obstacle(far: Furnished, ana: TestClient) -> None:
    answer = order(ana, far.recipe(Louro=1, Sal=1))

    assert (answer.status_code, answer.json()["detail"]) == (409, FAR)
    assert answer.json()["reasons"] == [{"code": "out_of_reach", "jar": 5, "spice": "Louro"}]
    assert all(held == 0 for _, held in far.stocks())
    assert far.board().get("/devices/me/next_job").status_code == 204


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("dose", {"frasco": 5, "quantidade_g": 1}),
        ("purge", {"frasco": 5, "segundos": 2}),
        ("cleaning", {"frascos": [5]}),
        ("calibration", {"frasco": 5, "segundos": 2}),
    ],
)
@pytest.mark.usefixtures("far")
def test_nor_does_it_move_without_a_recipe(
    ana: TestClient, call: str, body: dict[str, Any]
) -> None:
    ana.put("/devices/1/jars", json=[{"frasco": 5, "estoque_g": 0 if call == "cleaning" else 9}])

    answer = ana.post(f"/devices/1/{call}", json=body)

    assert (answer.status_code, answer.json()["detail"]) == (409, FAR), answer.text


def test_firmware_02_moves_every_jar(far: Furnished, ana: TestClient) -> None:
    far.board().post("/devices/me/heartbeat", json={"fw_version": "0.2.0"})

    assert order(ana, far.recipe(Louro=1)).status_code == 201
