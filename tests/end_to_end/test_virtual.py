"""The virtual dispenser that a server runs for a person without a board."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.processes.command_lines import command_lines
from tests.support.processes.kitchen import YAGUTS, Person, Server, eventually


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, YAGUTS_SWEEP_EVERY_S="0.3")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def ana(server: Server) -> Iterator[Person]:
    person = Person(server, "Ana")
    yield person
    person.http.close()


class TwoWorkers(Server):
    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder, **settings)
        self._arguments = [*self._arguments, "--workers", "2"]


def start(person: Person) -> int:
    return person.http.post("/app/dispensers/virtual").status_code


def boards(folder: Path) -> dict[int, str]:
    """The processes whose flash is in the folder, and their command lines."""
    return command_lines(f"{folder}/yaguts.db.virtual/")


def test_the_first_dose_needs_no_board(ana: Person, tmp_path: Path) -> None:
    assert start(ana) == 303

    eventually(ana.online)
    recipes = ana.http.get("/receitas/").json()
    assert len(recipes) == 3
    ana.http.put("/config/motor", json={"pre_start_delay_ms": 0, "post_stop_delay_ms": 0})
    job = ana.finished(ana.order(recipes[2]["id"], 1)["id"])
    assert (job["status"], [dose["tempero"] for dose in job["itens"]]) == (
        "done",
        ["Sal", "Alho em pó"],
    )
    assert ana.stock(1) == 250 - 1.25

    assert start(ana) == 303  # it runs already
    assert len(boards(tmp_path)) == 1
    assert not any("--claim" in line for line in boards(tmp_path).values())


def test_it_ends_with_its_server_and_is_the_same_board_afterwards(
    server: Server, ana: Person, tmp_path: Path
) -> None:
    start(ana)
    eventually(ana.online)
    before = ana.http.get("/me/devices").json()["devices"]

    server.kill()
    eventually(lambda: not boards(tmp_path))
    server.start()  # and with it the board, which nobody has to ask for
    eventually(lambda: boards(tmp_path))
    job = ana.order(ana.http.get("/receitas/").json()[2]["id"], 1)

    assert ana.finished(job["id"])["status"] == "done"
    after = ana.http.get("/me/devices").json()["devices"]
    assert [one["uid"] for one in after] == [one["uid"] for one in before]


def processes(folder: Path) -> list[int]:
    """The same, without their command lines."""
    return list(boards(folder))


@pytest.mark.parametrize("is_paired", [True, pytest.param(False, marks=pytest.mark.more)])
def test_it_comes_back_when_it_was_killed(ana: Person, tmp_path: Path, is_paired: bool) -> None:
    start(ana)
    if is_paired:
        eventually(ana.online)
    [board] = eventually(lambda: processes(tmp_path))
    os.kill(board, signal.SIGKILL)

    eventually(lambda: processes(tmp_path) not in ([], [board]))
    if not is_paired:  # It may have come back without a code.
        start(ana)
    eventually(ana.online)


@pytest.fixture
def bia(tmp_path: Path) -> Iterator[Person]:
    """Somebody on a server with two workers."""
    server = TwoWorkers(tmp_path, YAGUTS_SWEEP_EVERY_S="0.3")
    server.start()
    bia = Person(server, "Bia")
    yield bia
    bia.http.close()
    server.kill()


@pytest.mark.more
def test_it_comes_back_when_the_worker_that_ran_it_was_killed(bia: Person, tmp_path: Path) -> None:
    for _ in range(2):  # The first may be the one that sweeps.
        start(bia)
        [board] = eventually(lambda: processes(tmp_path))
        os.kill(parent_of(board), signal.SIGKILL)
        eventually(lambda gone=[board]: processes(tmp_path) not in ([], gone))


@pytest.mark.more
def test_it_starts_again_through_whichever_worker_it_was_let_go(
    bia: Person, tmp_path: Path
) -> None:
    start(bia)
    eventually(bia.online)
    first = parents(tmp_path)
    while parents(tmp_path) == first:  # Until it was let go through the other worker.
        with newly_connected(bia) as http:
            one = http.get("/me/devices").json()["devices"][0]["id"]
            http.delete(f"/devices/{one}").raise_for_status()
            assert http.post("/app/dispensers/virtual").status_code == 303
            eventually(bia.online)


def newly_connected(person: Person) -> httpx.Client:
    """The person on a connection of its own, which either worker may accept."""
    cookies, headers = dict(person.http.cookies), {"Origin": person.server.address}
    return httpx.Client(base_url=person.server.address, cookies=cookies, headers=headers)


def parents(folder: Path) -> set[int]:
    """The workers that run boards."""
    return {parent_of(process) for process in processes(folder)}


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def test_there_is_one_and_its_owner_can_let_it_go(
    server: Server, ana: Person, tmp_path: Path
) -> None:
    bia = Person(server, "Bia")
    start(ana)
    eventually(ana.online)

    refused = bia.http.post("/app/dispensers/virtual", headers={"Accept-Language": "en"})
    assert refused.status_code == 409
    assert "This server already runs all the virtual dispensers that it can." in refused.text
    assert bia.http.get("/receitas/").json() == []

    one = ana.http.get("/me/devices").json()["devices"][0]["id"]
    ana.http.delete(f"/devices/{one}").raise_for_status()
    assert processes(tmp_path) == []
    server.kill()
    server.start()
    assert processes(tmp_path) == []
    assert start(bia) == 303
    bia.http.close()


def test_the_place_of_a_deleted_account_is_free(
    server: Server, ana: Person, tmp_path: Path
) -> None:
    bia = Person(server, "Bia")
    start(ana)
    eventually(ana.online)
    [board] = processes(tmp_path)

    subprocess.run(
        [YAGUTS, "user", "delete", "Ana", "--yes"],
        env={**os.environ, "YAGUTS_DATA": str(tmp_path)},
        check=True,
        timeout=60,
    )

    assert start(bia) == 303
    eventually(bia.online)
    assert board not in processes(tmp_path)
    bia.http.close()
