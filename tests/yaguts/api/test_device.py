"""A dispenser's calls about jobs, with firmware 0.1 and 0.2."""

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import FULL, Furnished, a_log
from tests.support.kitchen.household import Household
from yaguts.domain.jobs.job import Job, JobState
from yaguts.services.jobs import orders
from yaguts_wire import codec, offers

NEXT = "/devices/me/next_job"
HOLDING_NOTHING = {"Yaguts-Holding": ""}


@pytest.fixture
def board(kitchen: Furnished) -> TestClient:
    return kitchen.board()


def call(board: TestClient, job_id: int, what: str, body: object) -> Any:
    return board.post(f"/devices/me/jobs/{job_id}/{what}", json=body)


def fetched(kitchen: Furnished, board: TestClient, **grams: float) -> dict[str, Any]:
    kitchen.order(**grams)
    return board.get(NEXT).json()


def offered(kitchen: Furnished, board: TestClient, **grams: float) -> dict[str, Any]:
    kitchen.order(**grams)
    return board.get(NEXT, headers=HOLDING_NOTHING).json()


# Fetching a job


def test_nothing_to_do(board: TestClient) -> None:
    answer = board.get(NEXT)

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_job_is_what_the_firmware_reads(kitchen: Furnished, board: TestClient) -> None:
    kitchen.order(Sal=4.5, Orégano=0.7)

    answer = board.get(NEXT)

    assert answer.headers["content-type"] == "application/json"
    job = offers.read_job(codec.decode(answer.content))
    assert [(d["jar"], d["spice"], d["quantity_mg"], d["duration_ms"]) for d in job["doses"]] == [
        (1, "Sal", 4500, 4500),
        (3, "Orégano", 700, 700),
    ]
    assert (job["status"], job["ttl_s"], job["started_at"]) == (
        "running",
        600,
        "2026-01-31T18:00:00Z",
    )


def test_firmware_01_is_given_a_job_once(kitchen: Furnished, board: TestClient) -> None:
    kitchen.order()

    assert [board.get(NEXT).status_code for _ in range(4)] == [200, 204, 204, 204]


def test_whoever_has_hung_up_is_not_given_the_job(kitchen: Furnished) -> None:
    job = kitchen.order()

    async def hung_up() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def into_the_void(_message: object) -> None:
        pass

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": NEXT,
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {kitchen.token}".encode())],
    }
    asyncio.run(kitchen.home.app(scope, hung_up, into_the_void))

    assert kitchen.job(job.id).state == JobState.QUEUED


@pytest.mark.parametrize("query", ["", "?wait=0"])
@pytest.mark.parametrize("headers", [{}, HOLDING_NOTHING])
def test_either_the_header_or_the_wait_tells_firmware_02(
    kitchen: Furnished, board: TestClient, query: str, headers: dict[str, str]
) -> None:
    job = kitchen.order()

    board.get(NEXT + query, headers=headers)

    is_02 = bool(query or headers)
    assert kitchen.job(job.id).state == (JobState.OFFERED if is_02 else JobState.RUNNING)


def test_an_offer_is_repeated_with_the_seconds_that_are_left(
    kitchen: Furnished, board: TestClient
) -> None:
    first = offered(kitchen, board)
    kitchen.clock.passes(seconds=9.5)
    second = board.get(NEXT, headers=HOLDING_NOTHING).json()

    assert (first["status"], first["validade_s"]) == ("queued", 600)
    assert second == {**first, "validade_s": 590}


def test_a_dispenser_that_holds_a_job_gets_no_other(kitchen: Furnished, board: TestClient) -> None:
    kitchen.order()

    assert board.get(NEXT, headers={"Yaguts-Holding": "f" * 32}).status_code == 204


@pytest.mark.parametrize("wait", ["-1", "26", "nan", "x"])
def test_waits_that_cannot_be(board: TestClient, wait: str) -> None:
    assert board.get(f"{NEXT}?wait={wait}").status_code == 422


def test_a_second_dispenser_of_the_same_person_gets_none(
    kitchen: Furnished, board: TestClient
) -> None:
    second = kitchen.board(kitchen.another_board())
    kitchen.order()

    assert second.get(NEXT).status_code == 204
    assert second.get(NEXT, headers=HOLDING_NOTHING).status_code == 204
    assert board.get(NEXT).status_code == 200


# Accepting a job


def test_an_acceptance_is_answered_with_the_key(kitchen: Furnished, board: TestClient) -> None:
    job = offered(kitchen, board)

    for _ in range(2):
        answer = call(board, job["id"], "accept", {"job_key": job["job_key"]})
        assert answer.status_code == 200
        assert answer.json() == {"ok": True, "job_key": job["job_key"]}


def test_an_acceptance_may_have_a_number(kitchen: Furnished, board: TestClient) -> None:
    job = offered(kitchen, board)

    def accepted(number: object) -> int:
        body = {"job_key": job["job_key"], "aceite": number}
        return call(board, job["id"], "accept", body).status_code

    assert [accepted(number) for number in (-1, 2**31, True, "x", 1.5)] == [422] * 5
    assert [accepted(number) for number in (7, 7, 8, None)] == [200, 200, 409, 409]


def test_what_is_no_longer_to_be_had(kitchen: Furnished, board: TestClient) -> None:
    job = offered(kitchen, board)
    orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)

    answer = call(board, job["id"], "accept", {"job_key": job["job_key"]})

    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("Este pedido não está mais disponível")


# Progress


def test_progress_answers_whether_to_stop(kitchen: Furnished, board: TestClient) -> None:
    job = kitchen.started(Sal=4.5)
    body = {"job_key": job.key, "item_ordem": 1, "frasco": 1, "dispensado_g": 0.5}
    body |= {"status": "running"}

    assert call(board, job.id, "progress", body).json() == {"ok": True, "cancelar": False}
    orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)
    assert call(board, job.id, "progress", body).json() == {"ok": True, "cancelar": True}


# Reports


def test_a_report_and_its_repeats(kitchen: Furnished, board: TestClient) -> None:
    job = fetched(kitchen, board, Sal=4.5, Pimenta=1)

    answers = [call(board, job["id"], "complete", a_log(job, failed=(2,))) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json() == {
        "ok": True,
        "stock_deducted": True,
        "message": "Relatório registrado e estoque atualizado.",
    }
    assert kitchen.stocks()[:2] == [(FULL - 4500, 0), (FULL, 0)]


def test_when_nothing_fell_nothing_is_said_to_be_deducted(
    kitchen: Furnished, board: TestClient
) -> None:
    job = fetched(kitchen, board)

    answer = call(board, job["id"], "complete", a_log(job, failed=(1,))).json()

    assert (answer["ok"], answer["stock_deducted"]) == (True, False)
    assert kitchen.job(job["id"]).state == JobState.FAILED


@pytest.mark.parametrize("logs", [[], None, "absent"])
def test_after_a_reboot_firmware_01_reports_no_doses(
    kitchen: Furnished, board: TestClient, logs: object
) -> None:
    job = fetched(kitchen, board, Sal=4.5, Pimenta=1)
    body = {"itens_completados": 1, "itens_falhados": 5, "execution_logs": logs}
    if logs == "absent":
        del body["execution_logs"]

    assert call(board, job["id"], "complete", body).status_code == 200
    result = kitchen.browser().get(f"/jobs/{job['id']}").json()
    assert (result["status"], result["revisar"]) == ("done_partial", True)
    assert [dose["error"] for dose in result["itens"]] == [None, "sem relatório"]


def test_before_0_1_4_the_report_names_no_doses(kitchen: Furnished, board: TestClient) -> None:
    job = fetched(kitchen, board, Sal=4.5, Pimenta=1)
    body = a_log(job)
    for entry in body["execution_logs"]:
        del entry["item_ordem"]

    assert call(board, job["id"], "complete", body).status_code == 200
    assert kitchen.stocks()[:2] == [(FULL - 4500, 0), (FULL - 1000, 0)]


NONSENSE: list[dict[str, Any]] = [
    {"quantidade_g": -50},
    {"quantidade_g": -0.001},
    {"quantidade_g": 4.6},
    {"quantidade_g": 1e9},
    {"quantidade_g": True},
    {"frasco": 3},
    {"frasco": 0},
    {"item_ordem": 9},
    {"item_ordem": -1},
    {"status": "gone"},
    {"quantidade_min_g": 4.501},
    {"quantidade_min_g": -1},
]


@pytest.mark.parametrize("change", NONSENSE)
def test_nonsense_charges_the_plan_at_most_and_is_kept(
    kitchen: Furnished, board: TestClient, change: dict[str, Any]
) -> None:
    job = fetched(kitchen, board, Sal=4.5)
    body = a_log(job)
    body["execution_logs"][0] |= change

    answer = call(board, job["id"], "complete", body)

    assert (answer.status_code, answer.json()["stock_deducted"]) == (200, True)
    ended = kitchen.job(job["id"])
    assert (ended.state, ended.review) == (JobState.DONE_PARTIAL, True)
    assert [stock for stock, _ in kitchen.stocks()] == [FULL - 4500, FULL, FULL, FULL]
    (kept,) = kitchen.browser().get("/relatorios").json()["relatorios"]
    assert kept["motivo"]


def test_an_overlong_error_is_clipped_rather_than_refused_for_ever(
    kitchen: Furnished, board: TestClient
) -> None:
    job = fetched(kitchen, board)
    body = a_log(job, failed=(1,))
    body["execution_logs"][0]["error"] = "travou\u0000\n" + "!" * 500

    assert call(board, job["id"], "complete", body).status_code == 200
    error = kitchen.job(job["id"]).doses[0].error
    assert error is not None
    assert error.startswith("travou!")
    assert len(error) == 200


def test_a_report_of_a_job_from_before_the_backup_is_kept(
    kitchen: Furnished, board: TestClient
) -> None:
    job = fetched(kitchen, board, Sal=4.5)
    body = a_log(job) | {"job_key": "f" * 32}

    for job_id in (job["id"], 99):
        answer = call(board, job_id, "complete", body)
        assert answer.status_code == 200
        assert (answer.json()["ok"], answer.json()["stock_deducted"]) == (True, False)
    assert kitchen.job(job["id"]).state == JobState.RUNNING
    assert kitchen.stocks()[0] == (FULL, 4500)


# Firmware up to 0.1.3


def test_done_deducts_every_dose(kitchen: Furnished, board: TestClient) -> None:
    job = fetched(kitchen, board, Sal=4.5, Pimenta=1)

    for status in ("running", "done", "done"):
        answer = call(board, job["id"], "status", {"status": status})
        assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert kitchen.stocks()[:2] == [(FULL - 4500, 0), (FULL - 1000, 0)]


def test_error_deducts_nothing(kitchen: Furnished, board: TestClient) -> None:
    job = fetched(kitchen, board)

    assert call(board, job["id"], "status", {"status": "error", "error": "travou"}).is_success
    result = kitchen.browser().get(f"/jobs/{job['id']}").json()
    assert (result["status"], result["erro_msg"]) == ("failed", "travou")
    assert kitchen.stocks()[0] == (FULL, 0)


def test_error_without_a_word(kitchen: Furnished, board: TestClient) -> None:
    job = fetched(kitchen, board)

    assert call(board, job["id"], "status", {"status": "error"}).is_success
    assert kitchen.job(job["id"]).state == JobState.FAILED


# Jobs of others


def bodies(job: Job) -> dict[str, object]:
    progress = {"job_key": job.key, "item_ordem": 1, "frasco": 1, "dispensado_g": 1}
    return {
        "accept": {"job_key": job.key},
        "progress": {**progress, "status": "running"},
        "status": {"status": "done"},
        "complete": {"itens_completados": 1, "itens_falhados": 0, "execution_logs": []},
    }


@pytest.mark.parametrize("what", ["status", "complete"])
def test_a_report_of_anothers_job_tells_and_changes_nothing(
    home: Household, kitchen: Furnished, what: str
) -> None:
    job = kitchen.started(Sal=4.5)
    bia = Furnished(home, "Bia")
    body = bodies(job)[what]

    answers = [call(bia.board(), job_id, what, body) for job_id in (job.id, 99)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].text == answers[1].text
    assert call(home.browser(), job.id, what, body).status_code == 401
    assert kitchen.job(job.id) == job
    kept = bia.browser().get("/relatorios").json()["relatorios"]
    assert [(one["job_id"], one["motivo"]) for one in kept] == [(job.id, "not_its_job"), (99, None)]
    assert kept[0]["itens"] == kept[0]["relatado"] == []
    assert kitchen.browser().get("/relatorios").json()["relatorios"] == []


@pytest.mark.parametrize("what", ["accept", "progress"])
def test_whose_job_it_is(home: Household, kitchen: Furnished, what: str) -> None:
    job = kitchen.started(Sal=4.5)
    body = bodies(job)[what]
    bia = Furnished(home, "Bia").board()
    stranger = home.browser()

    assert call(bia, job.id, what, body).status_code == 403
    assert call(bia, 99, what, body).status_code == 404
    assert call(stranger, job.id, what, body).status_code == 401
    assert kitchen.job(job.id) == job
