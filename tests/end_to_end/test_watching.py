"""`yaguts serve` as its operator watches it: metrics of two workers, a full disk, an outage."""

import json
import os
import re
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.components import missing
from tests.support.databases import POSTGRESQL, SQLITE, Databases
from tests.support.postgresql import PostgreSQL
from tests.support.processes.kitchen import YAGUTS, eventually, free_port

VARIABLE = "PROMETHEUS_MULTIPROC_DIR="
LINE = re.compile(r"\d{4}-\d\d-\d\dT\S+Z (DEBUG|INFO|WARNING|ERROR) (-|[0-9a-f]{16}) \S.*")


class Watched:
    """A running server, with its log."""

    def __init__(self, port: int, log: Path, process: "subprocess.Popen[bytes]") -> None:
        self.port, self.log, self.process = port, log, process

    def get(self, path: str, **headers: str) -> httpx.Response:
        """On a connection of its own, so that any worker may answer."""
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=30)

    def samples(self) -> dict[str, float]:
        return {
            f"{sample.name}{dict(sorted(sample.labels.items())) or ''}": sample.value
            for family in text_string_to_metric_families(self.get("/metrics").text)
            for sample in family.samples
        }

    def lines(self) -> list[str]:
        """What is in the log beside what `serve` prints at its start."""
        known = ("Note:", "Yaguts:", "Data:", "Database:", "On a phone:", "Only this computer")
        return [line for line in self.log.read_text().splitlines() if not line.startswith(known)]


@contextmanager
def served(folder: Path, *arguments: str, before: tuple[str, ...] = (), **settings: str
) -> Generator[Watched]:  # fmt: skip
    port, log = free_port(), folder / "server.log"
    ours = {name: value for name, value in os.environ.items() if not name.startswith("YAGUTS_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*before, YAGUTS, "serve", "--port", str(port), *arguments],
            env={**ours, "YAGUTS_DATA": str(folder), "YAGUTS_SECRET_KEY": "a secret", **settings},
            stdout=output,
            stderr=output,
        )
    server = Watched(port, log, process)

    def answers() -> bool:
        try:
            return server.get("/healthz").status_code == 200
        except httpx.TransportError:
            assert process.poll() is None, log.read_text()
            return False

    try:
        eventually(answers)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a process's children are looked up there")
@pytest.mark.more
@pytest.mark.parametrize("kind", [SQLITE, POSTGRESQL])
def test_two_workers_count_together(databases: Databases, tmp_path: Path, kind: str) -> None:
    url = databases.bare(kind, tmp_path) if kind == POSTGRESQL else ""
    asked = "yaguts_request_seconds_count{'method': 'GET', 'outcome': '2xx', 'route': '/time'}"
    with served(tmp_path, "--workers", "2", YAGUTS_DATABASE_URL=url) as server:
        workers = eventually(lambda: len(begun := pids(server)) == 2 and begun)
        folder = counts_of(workers[0])
        for _ in range(40):
            assert server.get("/time").status_code == 200

        # Whichever worker is asked answers for both.
        assert {server.samples()[asked] for _ in range(12)} == {40}
        assert server.samples()["yaguts_ready"] == 1

        os.kill(workers[0], signal.SIGKILL)
        eventually(lambda: len(now := pids(server)) == 2 and workers[0] not in now)
        assert server.samples()[asked] == 40  # what the dead one counted stays
        assert not (folder / f"gauge_livesum_{workers[0]}.db").exists()
        assert server.samples()["yaguts_held_polls"] == 0
    assert not folder.exists()


@pytest.mark.more
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a process's children are looked up there")
def test_one_worker_does_the_chores_and_none_outlives_their_parent(tmp_path: Path) -> None:
    with served(tmp_path, "--workers", "3", YAGUTS_SWEEP_EVERY_S="0.1") as server:
        first = eventually(lambda: one_with_the_chores(server))
        os.kill(first, signal.SIGKILL)
        eventually(lambda: one_with_the_chores(server) not in (None, first))

        workers = eventually(lambda: len(now := pids(server)) == 3 and now)
        server.process.kill()
        eventually(lambda: not any(Path(f"/proc/{worker}/exe").exists() for worker in workers))


def one_with_the_chores(server: Watched) -> int | None:
    """The worker that has their lock open; None also while another one asks for it."""
    has = [pid for pid in pids(server) if any("chores.lock" in file for file in open_files(pid))]
    return has[0] if len(has) == 1 else None


def open_files(pid: int) -> list[str]:
    """What a process has open; nothing if it has just ended."""
    try:
        return [str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return []


def counts_of(worker: int) -> Path:
    """The folder in which a worker counts."""
    environment = Path(f"/proc/{worker}/environ").read_text().split("\0")
    return Path(next(each for each in environment if each.startswith(VARIABLE))[len(VARIABLE) :])


def pids(server: Watched) -> list[int]:
    """The workers: the children that Python's own helper process is not."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [
        int(pid)
        for pid in children.read_text().split()
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def test_a_folder_of_somebody_elses_is_not_used(tmp_path: Path) -> None:
    with served(tmp_path, PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "none")) as server:
        assert server.samples()["yaguts_ready"] == 1


@pytest.mark.more
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """The disk is one of memory, in a world of the server's own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    alone = ("unshare", "--user", "--map-root-user", "--mount")
    mount = f'mount -t tmpfs -o size=16m none "{folder}" && exec "$@"'
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        missing("a namespace of one's own", "allow user namespaces (there are some for Linux)")
    started = (*alone, "sh", "-c", mount, "sh")
    with served(tmp_path, before=started, YAGUTS_DATA=str(folder)) as server:
        inside = Path(f"/proc/{server.process.pid}/root{folder}")
        assert (inside / "yaguts.db").exists()
        assert server.get("/readyz").status_code == 200

        filler = inside / "filler"
        with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(bytes(4096))
        eventually(lambda: server.get("/readyz").status_code == 503)
        assert server.get("/healthz").status_code == 200
        assert server.samples()["yaguts_ready"] == 0
        assert server.samples()["yaguts_disk_free_bytes"] == 0

        filler.unlink()
        eventually(lambda: server.get("/readyz").status_code == 200)


@pytest.mark.more
def test_an_outage_of_the_database_is_two_lines(tmp_path: Path) -> None:
    postgresql = PostgreSQL()
    try:
        url = postgresql.create("kitchen")
        with served(tmp_path, YAGUTS_DATABASE_URL=url) as server:
            assert server.get("/health").status_code == 200
            postgresql.pause()
            refused = [server.get("/health").status_code for _ in range(300)]
            assert server.get("/readyz").status_code == 503
            assert server.get("/healthz").status_code == 200
            postgresql.go_on()
            eventually(lambda: server.get("/readyz").is_success)
            eventually(lambda: "answers again" in server.log.read_text())
            lines = server.lines()
    finally:
        postgresql.stop()

    assert refused == [503] * 300
    assert all(map(LINE.fullmatch, lines)), lines
    told = Counter(line.split(" ", 3)[3].partition(" cause=")[0] for line in lines)
    again = next(text for text in told if text.startswith("The database answers again"))
    assert set(told) == {"The server begins version=0.2.0", "The database refuses", again}
    assert set(told.values()) == {1}
    assert int(again.rpartition("refused=")[2]) >= 301


@pytest.mark.parametrize("kind", ["text", "json"])
def test_every_line_of_a_server_is_one_of_ours(tmp_path: Path, kind: str) -> None:
    """uvicorn's too: strangers can have it say something."""
    settings = {"YAGUTS_LOG_FORMAT": kind, "YAGUTS_ACCESS_LOG": "on", "YAGUTS_LOG_LEVEL": "debug"}
    with served(tmp_path, **settings) as server:
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as stranger:
                stranger.sendall(b"noz-moscada\r\n\r\n")
                assert b"400" in stranger.recv(100)
        server.get("/app/sign-in?convite=noz-moscada", **{"X-Forwarded-For": "\x1b1.2.3.4 a"})
        wrong = {"nome": "Ana", "senha": "noz-moscada"}
        httpx.post(f"http://127.0.0.1:{server.port}/auth/login", json=wrong)
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=20)
        lines = server.lines()

    text = "\n".join(lines)
    assert "noz-moscada" not in text
    assert text.isascii()
    assert "The server begins" in lines[0]
    assert "The server ends" in lines[-1]
    if kind == "json":
        assert all({"time", "level", "request", "text"} <= set(json.loads(line)) for line in lines)
    else:
        assert all(map(LINE.fullmatch, lines)), lines
    assert text.count("Invalid HTTP request received.") == 1
