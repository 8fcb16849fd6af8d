"""Fixtures that start real processes and kill them after the test."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.support.components import micropython
from tests.support.processes.kitchen import (
    Dispenser,
    Person,
    Server,
    eventually,
    furnished_person,
    running_server,
)

_numbers = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a file. A test that kills it starts it again."""
    with running_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def person(server: Server) -> Iterator[Person]:
    """A new person with four full and calibrated jars."""
    with furnished_person(server, f"pessoa {next(_numbers)}") as person:
        yield person


@pytest.fixture
def stranger(server: Server) -> Iterator[Person]:
    """Another person, with a kitchen of their own."""
    stranger = Person(server, f"estranha {next(_numbers)}")
    yield stranger
    stranger.http.close()


@pytest.fixture
def dispenser(person: Person, tmp_path: Path) -> Iterator[Callable[..., Dispenser]]:
    """A function that pairs and starts a dispenser of the person, `dispenser(vm="micropython")`."""
    started: list[Dispenser] = []

    def start(vm: str = "micropython", **faults: str) -> Dispenser:
        if vm == "micropython":
            micropython()
        uid = f"virtual-{next(_numbers)}"
        dispenser = Dispenser(person.server, tmp_path, person.code(), vm, uid)
        dispenser.plant(faults)
        dispenser.start()
        started.append(dispenser)
        eventually(person.online)
        return dispenser

    yield start
    for board in started:
        board.kill()
