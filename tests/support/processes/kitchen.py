"""A kitchen for tests: a server process, dispenser processes, and a person with a cookie."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx

from tests.support.components import clock_wrong_by
from tests.support.databases import empty_tables

YAGUTS = str(Path(sys.executable).parent / "yaguts")
PASSWORD = "colher de pau 7"
JARS = [
    {"frasco": 1, "rotulo": "Sal", "g_por_seg": 2.0, "estoque_g": 100.0},
    {"frasco": 2, "rotulo": "Pimenta", "g_por_seg": 1.0, "estoque_g": 100.0},
    {"frasco": 3, "rotulo": "Orégano", "g_por_seg": 0.5, "estoque_g": 100.0},
    {"frasco": 4, "rotulo": "Cominho", "g_por_seg": 1.0, "estoque_g": 100.0},
]
NO_MOTOR_PAUSES = {
    "vibration_intensity": 75,
    "pre_start_delay_ms": 0,
    "post_stop_delay_ms": 0,
    "max_runtime_sec": 300,
}


def eventually(look: Callable[[], Any], within_s: float = 30) -> Any:
    """What `look()` gives as soon as it is something; fails when that takes too long."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"nothing came of {look} within {within_s} s")


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_ports = cycle(range(20_000 + 1_000 * _WORKER, 21_000 + 1_000 * _WORKER))
"""Each worker has its own, below those that the system gives to outgoing connections."""


def free_port() -> int:
    """A port that nobody listens on, and that no other worker and no connection takes."""
    for port in _ports:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


class Process:
    """A child of the test that may be killed as a pulled plug would do it."""

    def __init__(self, arguments: list[str], log: Path, environment: dict[str, str]) -> None:
        self._arguments, self._log, self._environment = arguments, log, environment
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._child = subprocess.Popen(
                self._arguments,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """kill -9: nothing is flushed, nobody says goodbye."""
        if self._child is not None:
            self._child.send_signal(signal.SIGKILL)
            self._child.wait()
            self._child = None


class Server(Process):
    """`yaguts serve` on SQLite in a folder of its own."""

    def __init__(self, folder: Path, program: Path | str = YAGUTS, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        database = folder / "yaguts.db"
        if not database.exists():
            database.write_bytes(empty_tables())
        self.database_url = f"sqlite:///{database}"
        environment = {
            "YAGUTS_DATA": str(folder),
            "YAGUTS_DATABASE_URL": self.database_url,
            "YAGUTS_REGISTRATION": "open",
            **settings,
        }
        arguments = [str(program), "serve", "--port", str(self.port)]
        super().__init__(arguments, folder / "server.log", environment)

    def start(self) -> None:
        super().start()
        eventually(self.answers)

    def restart(self, clock: str = "+0") -> None:
        """Kill it and start it again, with its clock wrong by so much, for example `+1d`."""
        self.kill()
        self._environment = {**self._environment, **clock_wrong_by(clock)}
        self.start()
        # The first call builds the routes while the sweep begins. With a faked clock the two
        # threads can hold each other up for longer than a caller waits.
        httpx.get(f"{self.address}/devices/me/next_job", timeout=60)

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/time").status_code == 200
        except httpx.TransportError:
            return False


@dataclass(frozen=True)
class Edge:
    """A relay that went on or off, as the virtual board wrote it down."""

    t_ms: int
    jar: int
    on: bool


class Dispenser(Process):
    """`yaguts device run`: the firmware in a process, its flash in a folder."""

    def __init__(self, server: Server, folder: Path, code: str, vm: str, uid: str) -> None:
        self.flash, self.relay_log = folder / f"{uid}-flash", folder / f"{uid}-relays.jsonl"
        self.flash.mkdir()
        place = ["--server", server.address, "--uid", uid, "--flash", str(self.flash)]
        log = ["--relay-log", str(self.relay_log), "--vm", vm]
        arguments = [YAGUTS, "device", "run", *place, "--claim", code, *log]
        super().__init__(arguments, folder / f"{uid}.log", {})

    def plant(self, faults: dict[str, str]) -> None:
        """Break jars of the virtual board: `plant({"jar2": "no_flow"})`."""
        broken = {jar.removeprefix("jar"): fault for jar, fault in faults.items()}
        (self.flash / "faults.json").write_text(json.dumps(broken))

    def edges(self) -> list[Edge]:
        """What the relays did so far."""
        if not self.relay_log.exists():
            return []
        lines = [json.loads(line) for line in self.relay_log.read_text().splitlines()]
        return [Edge(line["t_ms"], line["frasco"], line["on"]) for line in lines]

    def pouring(self, jar: int) -> bool:
        return any(edge.jar == jar and edge.on for edge in self.edges())

    def on_time_ms(self, jar: int, killed_at_ms: int | None = None) -> int:
        """How long the jar's relay was on in all. A kill ends a pulse that was running."""
        total, since = 0, None
        for edge in self.edges():
            if edge.jar != jar:
                continue
            if since is not None and killed_at_ms is not None and since <= killed_at_ms < edge.t_ms:
                total, since = total + min(killed_at_ms, edge.t_ms) - since, None
            if edge.on:
                assert since is None, "a relay that is on went on"
                since = edge.t_ms
            elif since is not None:
                total, since = total + edge.t_ms - since, None
        return total


@dataclass
class Person:
    """Somebody with an account, signed in."""

    server: Server
    name: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.server.address, timeout=10)
        account = {"nome": self.name, "senha": PASSWORD}
        assert self.http.post("/auth/register", json=account).status_code == 201
        assert self.http.post("/auth/login", json=account).status_code == 200

    def furnish(self) -> None:
        """Fill and calibrate the four jars, and let no motor take time."""
        self.http.put("/config/robo", json=JARS).raise_for_status()
        self.http.put("/config/motor", json=NO_MOTOR_PAUSES).raise_for_status()

    def recipe(self, **grams: float) -> int:
        """The id of a new recipe for one portion: `recipe(Sal=4.5)`."""
        ingredients = [{"tempero": spice, "quantidade": g} for spice, g in grams.items()]
        body = {"nome": "Teste", "porcoes": 1, "ingredientes": ingredients}
        return self.http.post("/receitas/", json=body).raise_for_status().json()["id"]

    def order(self, recipe: int, people: int = 1) -> dict[str, Any]:
        body = {"receita_id": recipe, "pessoas_solicitadas": people}
        answer = self.http.post("/jobs", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def job(self, job_id: int) -> dict[str, Any]:
        return self.http.get(f"/jobs/{job_id}").raise_for_status().json()

    def finished(self, job_id: int, within_s: float = 60) -> dict[str, Any]:
        """The job once it has ended, as it ended."""
        over = ("done", "done_partial", "failed", "canceled")

        def ended() -> dict[str, Any] | None:
            job = self.job(job_id)
            return job if job["status"] in over else None

        return eventually(ended, within_s)

    def stock(self, jar: int) -> float:
        jars = self.http.get("/config/robo").raise_for_status().json()
        return next(entry["estoque_g"] for entry in jars if entry["frasco"] == jar)

    def jar_page(self, jar: int) -> str:
        """The path of the page of one of the person's jars."""
        found = re.search(rf"/app/dispensers/\d+/jars/{jar}\b", self.http.get("/app/jars").text)
        assert found is not None
        return found[0]

    def code(self, long: bool = True) -> str:
        body = {"formato": "longo"} if long else None
        return self.http.post("/devices/claims", json=body).raise_for_status().json()["code"]

    def online(self) -> bool:
        return self.http.get("/me/devices").json()["online_any"]


@contextmanager
def running_server(folder: Path) -> Generator[Server]:
    """A server in a folder of its own. A test that kills it starts it again."""
    server = Server(folder)
    server.start()
    yield server
    server.kill()


@contextmanager
def furnished_person(server: Server, name: str) -> Generator[Person]:
    """A new person with four full and calibrated jars."""
    person = Person(server, name)
    person.furnish()
    with closing(person.http):
        yield person
