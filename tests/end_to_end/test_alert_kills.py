"""Alerts under kill -9, with a receiver that is down for an hour: each arrives at least once."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import httpx
import pytest

from tests.support.kitchen.furnished import a_log
from tests.support.processes.kitchen import Person, Server, eventually, furnished_person
from tests.support.receivers import LOCAL, Hooks, hooks

KILLS_WHILE_DOWN, KILLS_WHILE_UP = 6, 4
MINUTES_EACH = 10
"""The clock of each server is so many minutes ahead of that of the one before."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, YAGUTS_ALERT_PRIVATE_TARGETS=LOCAL[0])
    server.start()
    yield server
    server.kill()


class Board:
    """A dispenser with firmware 0.1, each of whose jobs fails. It repeats what was not answered."""

    def __init__(self, person: Person) -> None:
        self._person = person
        told = {"uid": "board", "claim_code": person.code(long=False)}
        answer = person.http.post("/devices/claim", json=told)
        self._http = httpx.Client(
            base_url=person.server.address,
            headers={"Authorization": f"Bearer {answer.json()['device_token']}"},
            timeout=30,
        )
        self._recipe = person.recipe(Sal=0.1)

    def fail(self, jobs: int) -> None:
        """Order, fetch and report so many jobs."""
        for _ in range(jobs):
            self._person.order(self._recipe)
            job = self._http.get("/devices/me/next_job").raise_for_status().json()
            log = a_log(job, failed=(1,))
            url = f"/devices/me/jobs/{job['id']}/complete"
            self._http.post(url, json=log).raise_for_status()

    def close(self) -> None:
        self._http.close()


def waiting(person: Person) -> int:
    return person.http.get("/avisos").raise_for_status().json()["destinos"][0]["na_espera"]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "happenings",
    [pytest.param(40, marks=pytest.mark.more), pytest.param(1000, marks=pytest.mark.long)],
)
def test_nothing_is_lost_when_the_server_is_killed_and_the_receiver_is_down(
    server: Server, happenings: int
) -> None:
    random = Random(happenings)
    with hooks() as hook, furnished_person(server, "Ana") as person:
        board = ready(person, hook)
        hook.status = 503
        for kill in range(1, KILLS_WHILE_DOWN + 1):
            board.fail(happenings // KILLS_WHILE_DOWN)
            time.sleep(random.uniform(0, 0.3))
            server.restart(f"+{kill * MINUTES_EACH}m")
        board.fail(happenings - happenings // KILLS_WHILE_DOWN * KILLS_WHILE_DOWN)
        refused = len(hook.received)
        hook.received.clear()
        hook.status = 204
        for kill in range(KILLS_WHILE_DOWN + 1, KILLS_WHILE_DOWN + KILLS_WHILE_UP + 1):
            before = len(hook.received)
            server.restart(f"+{kill * MINUTES_EACH}m")
            with suppress(AssertionError):  # Everything may have arrived already.
                eventually(lambda seen=before: len(hook.received) > seen, 20)
            time.sleep(random.uniform(0, 0.5))
        server.restart(f"+{(KILLS_WHILE_DOWN + KILLS_WHILE_UP + 1) * MINUTES_EACH}m")
        eventually(lambda: waiting(person) == 0, 300)
        board.close()

        times = Counter(one.headers["Yaguts-Id"] for one in hook.received)
        arrived = {one.told["sobre"] for one in hook.received}
        assert len(arrived) == len(times) == happenings
        doubles = sum(times.values()) - len(times)
        assert doubles <= KILLS_WHILE_UP
        print(
            f"{happenings} happenings, {KILLS_WHILE_DOWN + KILLS_WHILE_UP} kills,"
            f" {refused} attempts while the receiver was down: {len(arrived)} delivered,"
            f" {doubles} twice"
        )


def ready(person: Person, hook: Hooks) -> Board:
    """A board, and alerts of its failed jobs alone."""
    chosen = {"tipos": ["job_failed"], "mudo_min": 15, "fuso": "UTC"}
    person.http.put("/avisos", json=chosen).raise_for_status()
    target = {"endereco": hook.address}
    person.http.post("/avisos/destinos", json=target).raise_for_status()
    return Board(person)
