"""Dispensers with firmware 0.1 still work, and the bugs of version 0.1 stay fixed.

Each test of the second half fails against a server that behaves as version 0.1 did.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import (
    PASSWORD,
    Person,
    Server,
    furnished_person,
    running_server,
)

_numbers = count(1)


@pytest.fixture
def arduino(person: Person) -> Arduino:
    return Arduino.paired(person, f"arduino-{next(_numbers)}")


@pytest.mark.parametrize("firmware", ["0.1.0", "0.1.4", "0.1.6"])
def test_a_whole_job(person: Person, firmware: str) -> None:
    board = Arduino.paired(person, f"old-{firmware}", firmware)
    assert board.call("POST", "/devices/me/heartbeat", {"fw_version": firmware}) == (
        200,
        {"ok": True},
    )
    assert board.poll() is None
    ordered = person.order(person.recipe(Sal=4.5, Pimenta=1.5), people=2)

    job = board.poll()
    assert job is not None
    assert job["id"] == ordered["id"]
    assert [(i["frasco"], i["quantidade_g"], i["segundos"]) for i in job["itens"]] == [
        (1, 9.0, 4.5),
        (2, 3.0, 3.0),
    ]
    report = board.report_of(job)
    if firmware < "0.1.4":
        for entry in report["execution_logs"]:
            del entry["item_ordem"]
    status, answer = board.complete(job["id"], report)

    assert (status, answer["ok"], answer["stock_deducted"]) == (200, True, True)
    assert person.job(job["id"])["status"] == "done"
    assert (person.stock(1), person.stock(2)) == (91.0, 97.0)
    assert board.poll() is None


def test_firmware_before_0_1_4_says_only_done(person: Person, arduino: Arduino) -> None:
    job_id = person.order(person.recipe(Sal=4.5))["id"]
    arduino.poll()

    for status in ("running", "done", "done"):
        path = f"/devices/me/jobs/{job_id}/status"
        assert arduino.call("POST", path, {"status": status}) == (200, {"ok": True})

    assert person.job(job_id)["status"] == "done"
    assert person.stock(1) == 95.5


def test_firmware_before_0_1_4_says_error(person: Person, arduino: Arduino) -> None:
    job_id = person.order(person.recipe(Sal=4.5))["id"]
    arduino.poll()

    body = {"status": "error", "error": "motor travado"}
    assert arduino.call("POST", f"/devices/me/jobs/{job_id}/status", body) == (200, {"ok": True})

    job = person.job(job_id)
    assert (job["status"], job["erro_msg"]) == ("failed", "motor travado")
    assert person.stock(1) == 100.0


@pytest.mark.parametrize("logs", [[], None])
def test_after_a_reboot_its_report_without_doses_is_booked(
    person: Person, arduino: Arduino, logs: list[object] | None
) -> None:
    job_id = person.order(person.recipe(Sal=4.5, Pimenta=1.5, Cominho=1.0))["id"]
    arduino.poll()

    report = {"itens_completados": 1, "itens_falhados": 7, "execution_logs": logs}
    status, answer = arduino.complete(job_id, report)

    assert (status, answer["ok"]) == (200, True)
    job = person.job(job_id)
    assert job["status"] == "done_partial"
    assert [dose["status"] for dose in job["itens"]] == ["done", "failed", "failed"]
    assert job["itens"][1]["error"] == "sem relatório"
    assert (person.stock(1), person.stock(2)) == (95.5, 100.0)


def test_a_failed_jar_costs_nothing(person: Person, arduino: Arduino) -> None:
    person.order(person.recipe(Sal=4.5, Pimenta=1.5))
    job = arduino.poll()
    assert job is not None

    arduino.complete(job["id"], arduino.report_of(job, jar2="motor travado"))

    ended = person.job(job["id"])
    assert ended["status"] == "done_partial"
    assert ended["itens"][1]["error"] == "motor travado"
    assert (person.stock(1), person.stock(2)) == (95.5, 100.0)


# The bugs of version 0.1


def test_a_job_under_way_is_not_served_again(person: Person, arduino: Arduino) -> None:
    job_id = person.order(person.recipe(Sal=4.5))["id"]
    job = arduino.poll()
    assert job is not None

    assert [arduino.poll() for _ in range(5)] == [None] * 5
    arduino.complete(job_id, arduino.report_of(job))
    assert arduino.poll() is None


def test_two_dispensers_of_one_account_are_not_served_the_same_job(
    person: Person, arduino: Arduino
) -> None:
    other = Arduino.paired(person, f"second-{next(_numbers)}")
    person.order(person.recipe(Sal=4.5))

    with ThreadPoolExecutor(8) as pool:
        polls = list(pool.map(lambda board: board.poll(), [arduino, other] * 4))

    assert sum(job is not None for job in polls) == 1


def test_cancelled_while_dispensing_what_fell_is_deducted(person: Person, arduino: Arduino) -> None:
    person.order(person.recipe(Sal=4.5, Pimenta=1.5))
    job = arduino.poll()
    assert job is not None
    assert person.http.post("/jobs/active/cancel").json() == {"ok": True, "cancelled": 1}
    assert person.http.get("/jobs/active").json() == {"active": None}

    status, answer = arduino.complete(job["id"], arduino.report_of(job, jar2="cancelado"))

    assert (status, answer["stock_deducted"]) == (200, True)
    assert person.job(job["id"])["status"] == "canceled"
    assert (person.stock(1), person.stock(2)) == (95.5, 100.0)


@pytest.mark.parametrize("quantity", [-50, -0.001, 1e12, 4.6])
def test_amounts_that_cannot_be_charge_the_plan_at_most(
    person: Person, arduino: Arduino, quantity: float
) -> None:
    person.order(person.recipe(Sal=4.5))
    job = arduino.poll()
    assert job is not None
    report = arduino.report_of(job)
    report["execution_logs"][0]["quantidade_g"] = quantity

    status, answer = arduino.complete(job["id"], report)

    assert (status, answer["ok"]) == (200, True)
    assert_for_review(person, job["id"])


@pytest.mark.parametrize(
    "change",
    [
        {"itens_completados": 2},
        {"itens_falhados": 1},
        {"execution_logs": [{"frasco": 3}]},
        {"execution_logs": [{"item_ordem": 9}]},
        {"execution_logs": [{}, {}], "itens_completados": 2},
    ],
)
def test_reports_that_contradict_themselves_or_the_job_charge_the_plan_at_most(
    person: Person, arduino: Arduino, change: dict[str, object]
) -> None:
    person.order(person.recipe(Sal=4.5))
    job = arduino.poll()
    assert job is not None
    report = arduino.report_of(job)
    entry = report["execution_logs"][0]
    logs = change.get("execution_logs", [{}])
    assert isinstance(logs, list)
    report |= {**change, "execution_logs": [{**entry, **part} for part in logs]}

    status, answer = arduino.complete(job["id"], report)

    assert (status, answer["ok"]) == (200, True)
    assert_for_review(person, job["id"])


def assert_for_review(person: Person, job_id: int) -> None:
    """The job has ended, 4.5 g are charged, and its report is kept."""
    ended = person.job(job_id)
    assert (ended["status"], ended["revisar"]) == ("done_partial", True)
    assert [person.stock(jar) for jar in (1, 2, 3, 4)] == [95.5, 100.0, 100.0, 100.0]
    kept = person.http.get("/relatorios").json()["relatorios"]
    assert [one["job_id"] for one in kept] == [job_id]


def test_a_report_sent_five_times_is_booked_once(person: Person, arduino: Arduino) -> None:
    person.order(person.recipe(Sal=4.5))
    job = arduino.poll()
    assert job is not None

    answers = [arduino.complete(job["id"], arduino.report_of(job)) for _ in range(5)]

    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 200
    assert person.stock(1) == 95.5


@pytest.mark.parametrize("grams", [4.5, 0.1, 0.7, 499.9])
def test_tenths_of_a_gram_stay_what_they_are(person: Person, grams: float) -> None:
    recipe = person.http.get(f"/receitas/{person.recipe(Sal=grams)}").json()

    assert recipe["ingredientes"][0]["quantidade"] == grams


def test_suggestions_and_the_active_job_are_not_shadowed(person: Person) -> None:
    recipe = person.recipe(Sal=4.5)

    suggestions = person.http.get("/receitas/sugestoes", params={"q": "tes"})
    assert suggestions.json() == [{"id": recipe, "nome": "Teste"}]
    assert person.http.get("/jobs/active").json() == {"active": None}
    job = person.order(recipe)
    assert person.http.get("/jobs/active").json()["active"]["id"] == job["id"]


def test_nobody_listens_to_a_job_without_a_session(
    server: Server, person: Person, stranger: Person
) -> None:
    job = person.order(person.recipe(Sal=4.5))
    address = server.address.replace("http", "ws") + "/ws/jobs/{}"

    def closing_code(job_id: int, headers: dict[str, str]) -> int | None:
        with connect(address.format(job_id), additional_headers=headers) as live:
            with pytest.raises(ConnectionClosed) as closed:
                live.recv(timeout=5)
            assert closed.value.rcvd is not None
            return closed.value.rcvd.code

    assert closing_code(job["id"], {}) == 4003
    assert closing_code(job["id"], _cookie(stranger)) == 4003
    assert closing_code(10**6, _cookie(person)) == 4004


def test_the_live_page_hears_each_jar_once_and_then_the_end(
    server: Server, person: Person, arduino: Arduino
) -> None:
    person.order(person.recipe(Sal=4.5, Pimenta=1.5))
    job = arduino.poll()
    assert job is not None
    address = server.address.replace("http", "ws") + f"/ws/jobs/{job['id']}"

    with connect(address, additional_headers=_cookie(person)) as live:
        live.send("ping")
        assert '"pong"' in str(live.recv(timeout=5))
        arduino.complete(job["id"], arduino.report_of(job, jar2="sem fluxo"))
        heard = [httpx.Response(200, text=str(live.recv(timeout=5))).json() for _ in range(3)]

    types = ["execution_log_entry", "execution_log_entry", "execution_complete"]
    assert [event["type"] for event in heard] == types
    assert [event["data"]["frasco"] for event in heard[:2]] == [1, 2]
    assert heard[1]["data"]["status"] == "failed"
    assert heard[2]["data"] == {
        "ok": True,
        "stock_deducted": True,
        "itens_completados": 1,
        "itens_falhados": 1,
        "job_status": "done_partial",
    }
    assert all(event["timestamp"] for event in heard)


def test_claim_codes_cannot_be_guessed(tmp_path: Path) -> None:
    """On a server of its own: who guesses is kept waiting, with everybody at the same address."""
    with running_server(tmp_path) as server, furnished_person(server, "Ana") as person:
        code = person.code(long=False)
        guesser = Arduino(server)
        wrong = [f"{(int(code) + step) % 1_000_000:06d}" for step in range(1, 7)]

        answers = [
            guesser.call("POST", "/devices/claim", {"uid": "guesser", "claim_code": guess})[0]
            for guess in [*wrong, code]
        ]

    assert set(answers[:5]) <= {400, 429}
    assert answers[-1] in (400, 429)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/usuarios/"), ("GET", "/test"), ("POST", "/test")]
)
def test_nothing_of_the_test_and_legacy_calls_is_left(
    server: Server, method: str, path: str
) -> None:
    answer = httpx.request(method, server.address + path, json={"nome": "x", "senha": "y"})

    assert answer.status_code == 404


def test_a_fresh_install_registers_its_first_account(server: Server) -> None:
    account = {"nome": f"primeira {next(_numbers)}", "senha": PASSWORD}

    assert httpx.post(f"{server.address}/auth/register", json=account).status_code == 201


def _cookie(person: Person) -> dict[str, str]:
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.http.cookies.jar)
    return {"Cookie": cookies}
