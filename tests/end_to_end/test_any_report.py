"""Raw bytes in place of a report, over a socket to a real server, on both databases."""

import socket
from collections.abc import Generator
from itertools import count
from pathlib import Path

import pytest

from tests.support.databases import BOTH_IN_TIME, Databases
from tests.support.kitchen.any_report import FIELDS, TOKEN, WHOLE, Whole, bodies
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import Person, Server, furnished_person

JOB = {"Sal": 1.0, "Pimenta": 0.5}
_numbers = count(1)


@pytest.fixture(params=BOTH_IN_TIME)
def person(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Generator[Person]:
    url = databases.migrated(request.param, tmp_path)
    server = Server(tmp_path, YAGUTS_DATABASE_URL=url)
    server.start()
    with furnished_person(server, "Ana") as person:
        yield person
    server.kill()
    assert TOKEN not in (tmp_path / "server.log").read_text("utf-8", "replace")


@pytest.fixture
def arduino(person: Person) -> Arduino:
    return Arduino.paired(person, f"arduino-{next(_numbers)}")


def some_fields() -> list[Whole]:
    """The bytes that are no text, in every field: other values are tried without a socket."""
    return [
        Whole(f"{name}: {kind}", list(bodies(name, kind))[-1])
        for name in FIELDS
        for kind in ("garbage", "not UTF-8")
    ]


def test_every_report_is_answered_200_and_charges_the_plan_at_most(
    person: Person, arduino: Arduino
) -> None:
    recipe = person.recipe(**JOB)
    for whole in (*WHOLE, *some_fields()):
        before = person.stock(1), person.stock(2), person.stock(3)
        job = person.order(recipe)["id"]
        polled = arduino.poll()
        assert polled is not None

        assert raw(arduino, whole, job) == 200, whole.what
        if person.job(job)["status"] == "running":
            assert arduino.complete(job, arduino.report_of(polled))[0] == 200

        after = person.stock(1), person.stock(2), person.stock(3)
        fallen = [round(was - now, 3) for was, now in zip(before, after, strict=True)]
        assert 0 <= fallen[0] <= JOB["Sal"], whole.what
        assert 0 <= fallen[1] <= JOB["Pimenta"], whole.what
        assert fallen[2] == 0, whole.what
        assert person.job(job)["status"] in ("done", "done_partial", "failed"), whole.what
        if after[0] < 10:
            person.furnish()


def test_what_is_refused_still_is(person: Person, arduino: Arduino) -> None:
    job = person.order(person.recipe(**JOB))["id"]
    arduino.poll()
    whole = WHOLE[0]

    assert raw(Arduino(arduino.server, "nobody"), whole, job) == 401
    assert raw(arduino, Whole("too long", b" " * (64 * 1024 + 1)), job) == 413
    assert raw(arduino, Whole("broken off", b"{}"), job, promised=500) is None
    assert person.job(job)["status"] == "running"
    assert person.stock(1) == 100.0


def raw(arduino: Arduino, whole: Whole, job: int, promised: int | None = None) -> int | None:
    """The status that a server answers to these bytes, or None if it answers nothing."""
    length = len(whole.body) if promised is None else promised
    lines = [
        f"POST {whole.path.format(job=job)} HTTP/1.1",
        "Host: yaguts",
        f"Authorization: Bearer {arduino.token}",
        f"Content-Length: {length}",
        "Connection: close",
        *([f"Content-Type: {whole.content_type}"] if whole.content_type else []),
    ]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    with socket.create_connection(("127.0.0.1", arduino.server.port), timeout=20) as line:
        line.sendall(head + whole.body)
        if promised is not None:
            line.shutdown(socket.SHUT_WR)
        answer = b""
        while received := line.recv(65536):
            answer += received
    return int(answer.split(b" ", 2)[1]) if answer else None
