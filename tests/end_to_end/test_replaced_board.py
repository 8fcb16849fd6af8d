"""Boards with firmware 0.1 on a real server: one dies, another one takes its place, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.components import clock_wrong_by
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import Person, Server, running_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    clock_wrong_by("+0")  # without the means there is nothing to try
    with running_server(tmp_path) as server:
        yield server


@pytest.mark.more
def test_a_new_board_takes_over_after_an_hour_once_and_the_late_report_is_booked(
    person: Person, server: Server
) -> None:
    salt = person.recipe(Sal=4.0)
    first, second = Arduino.paired(person, "a0b1c2d3e4f5"), Arduino.paired(person, "b0b1c2d3e4f5")
    person.order(salt)
    pours = first.poll()
    assert pours is not None
    for clock in ("+0", "+12m"):  # firmware 0.1 is mute while it pours
        server.restart(clock)
        assert second.poll() is None

    server.restart("+2h")
    assert person.finished(pours["id"])["status"] == "failed"
    following = person.order(salt)
    taken = second.poll()
    assert taken is not None
    assert taken["id"] == following["id"]
    assert second.poll() is None

    status, answer = first.complete(pours["id"], first.report_of(pours))
    assert (status, answer["stock_deducted"]) == (200, True)
    assert first.poll() is None
    assert second.complete(taken["id"], second.report_of(taken))[0] == 200

    server.restart("+4h")
    last = person.order(salt)
    assert first.poll() is None
    turned = second.poll()
    assert turned is not None
    assert turned["id"] == last["id"]
    assert person.stock(1) == 92.0


@pytest.mark.more
def test_a_board_that_never_fetched_a_job_is_replaced_after_an_hour(
    person: Person, server: Server
) -> None:
    first = Arduino.paired(person, "a0b1c2d3e4f5")
    assert first.poll() is None
    second = Arduino.paired(person, "b0b1c2d3e4f5")
    server.restart("+30m")
    early = person.order(person.recipe(Sal=1.0))
    assert second.poll() is None
    person.http.post(f"/jobs/{early['id']}/cancel").raise_for_status()

    server.restart("+61m")
    ordered = person.order(person.recipe(Sal=1.0))

    job = second.poll()
    assert job is not None
    assert job["id"] == ordered["id"]
