"""A job from the order to the stock, with the firmware in MicroPython; each process is killed."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.processes.kitchen import Dispenser, Person, Server, eventually

Start = Callable[..., Dispenser]
SLICE_AND_LEAD_MS = 700


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def statuses(job: dict[str, Any]) -> list[str]:
    return [dose["status"] for dose in job["itens"]]


@pytest.mark.parametrize("vm", ["micropython", pytest.param("cpython", marks=pytest.mark.more)])
def test_a_cook_orders_and_the_bowl_and_the_books_agree(
    vm: str, person: Person, dispenser: Start
) -> None:
    board = dispenser(vm)
    ordered = person.order(person.recipe(Sal=1.0, Pimenta=0.7, Orégano=0.4, Cominho=0.3), people=2)

    job = person.finished(ordered["id"])

    assert job["status"] == "done"
    assert statuses(job) == ["done"] * 4
    planned = [1000, 1400, 1600, 600]
    assert [board.on_time_ms(jar) for jar in (1, 2, 3, 4)] == planned
    assert [person.stock(jar) for jar in (1, 2, 3, 4)] == [98.0, 98.6, 99.2, 99.4]


def test_a_jar_that_fails_stops_nobody_else_and_only_what_fell_is_booked(
    person: Person, dispenser: Start
) -> None:
    board = dispenser(jar2="no_flow")
    ordered = person.order(person.recipe(Sal=1.0, Pimenta=3.0, Orégano=0.3))

    job = person.finished(ordered["id"])

    assert job["status"] == "done_partial"
    assert statuses(job) == ["done", "failed", "done"]
    assert "fluxo" in job["itens"][1]["error"]
    assert board.on_time_ms(2) < 3000
    assert (person.stock(1), person.stock(3)) == (99.0, 99.7)
    fell = job["itens"][1]
    assert person.stock(2) == pytest.approx(100.0 - fell["dispensado_g"])
    assert fell["quantidade_min_g"] == 0


def test_the_server_dies_in_mid_job_and_the_dispenser_goes_on(
    server: Server, person: Person, dispenser: Start
) -> None:
    board = dispenser()
    ordered = person.order(person.recipe(Sal=2.0, Pimenta=4.0))
    eventually(lambda: board.pouring(1))

    server.kill()
    eventually(lambda: board.pouring(2))  # while the server is down
    server.start()
    job = person.finished(ordered["id"])

    assert job["status"] == "done"
    assert (board.on_time_ms(1), board.on_time_ms(2)) == (1000, 4000)
    assert (person.stock(1), person.stock(2)) == (98.0, 96.0)


def test_the_plug_is_pulled_in_mid_jar_and_the_dispenser_resumes_where_it_stood(
    person: Person, dispenser: Start
) -> None:
    board = dispenser()
    ordered = person.order(person.recipe(Sal=6.0, Pimenta=0.5))
    eventually(lambda: board.pouring(1))
    eventually(lambda: now_ms() > board.edges()[0].t_ms + 1200)

    board.kill()
    killed = now_ms()
    board.start()
    job = person.finished(ordered["id"])

    assert job["status"] == "done"
    fell_ms = board.on_time_ms(1, killed)
    assert 3000 - SLICE_AND_LEAD_MS <= fell_ms <= 3000
    assert board.on_time_ms(2) == 500
    first = job["itens"][0]
    assert first["retomadas"] == 1
    assert first["quantidade_min_g"] <= fell_ms * 2 / 1000 <= first["dispensado_g"] == 6.0
    assert person.stock(1) == 94.0


@pytest.mark.more
def test_asked_to_it_waits_for_somebody_after_the_plug_was_pulled(
    person: Person, dispenser: Start
) -> None:
    board = dispenser()
    one = person.http.get("/me/devices").json()["devices"][0]["id"]
    person.http.put(f"/devices/{one}", json={"pergunta_ao_retomar": True}).raise_for_status()
    job = person.order(person.recipe(Sal=6.0))["id"]
    eventually(lambda: board.pouring(1))

    board.kill()
    killed, edges = now_ms(), board.edges()
    board.start()
    eventually(lambda: person.job(job)["aguarda_resposta"])
    assert board.edges() == edges
    person.http.post(f"/jobs/{job}/resume").raise_for_status()

    assert person.finished(job)["status"] == "done"
    assert 3000 - SLICE_AND_LEAD_MS <= board.on_time_ms(1, killed) <= 3000


def test_killed_three_times_in_one_jar_it_stops_and_says_so(
    person: Person, dispenser: Start
) -> None:
    board = dispenser()
    ordered = person.order(person.recipe(Sal=10.0, Pimenta=0.5))
    for kills in range(1, 4):
        eventually(lambda kills=kills: sum(e.on for e in board.edges() if e.jar == 1) == kills)
        board.kill()
        board.start()

    job = person.finished(ordered["id"])

    assert job["status"] == "done_partial"
    assert statuses(job) == ["failed", "done"]
    assert job["itens"][0]["error"] == "interrompido"
    assert person.stock(1) == pytest.approx(100.0 - job["itens"][0]["dispensado_g"])


def test_a_cancel_in_mid_pour_stops_at_the_next_slice_and_what_fell_is_charged(
    person: Person, dispenser: Start
) -> None:
    board = dispenser()
    ordered = person.order(person.recipe(Sal=30.0, Pimenta=1.0))
    eventually(lambda: board.pouring(1))

    assert person.http.post("/jobs/active/cancel").json() == {"ok": True, "cancelled": 1}
    eventually(lambda: person.stock(1) < 100.0)

    job = person.job(ordered["id"])
    assert job["status"] == "canceled"
    assert board.on_time_ms(1) < 5000
    assert board.on_time_ms(2) == 0
    assert person.stock(1) == pytest.approx(100.0 - board.on_time_ms(1) * 2 / 1000, abs=0.002)
    assert person.stock(2) == 100.0


def test_nobody_asks_a_job_that_was_cancelled_before_it_was_fetched(
    person: Person, dispenser: Start
) -> None:
    ordered = person.order(person.recipe(Sal=1.0))
    person.http.post("/jobs/active/cancel")

    board = dispenser()
    again = person.order(person.recipe(Pimenta=0.5))
    person.finished(again["id"])

    assert person.job(ordered["id"])["status"] == "canceled"
    assert board.on_time_ms(1) == 0
    assert person.stock(1) == 100.0
