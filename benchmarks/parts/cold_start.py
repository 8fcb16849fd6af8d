"""How soon a server answers that is started on an existing database, and its memory while idle."""

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness.calls import as_dispenser, request
from benchmarks.harness.figures import Figure
from benchmarks.harness.kitchens import furnish, sqlite_in
from benchmarks.harness.server import running
from benchmarks.parts.idle_poll import POLL, connected

ROUNDS = 5
SETTLING_S = 1.0
WANTED_S, WANTED_MB = 1.5, 110.0


def measure(*, small: bool = False) -> list[Figure]:
    """Seconds from the start of the process to the answer to a poll; MB a second later."""
    took_s: list[float] = []
    idle_mb: list[float] = []
    new_s: list[float] = []
    for _ in range(2 if small else ROUNDS):
        with TemporaryDirectory(prefix="yaguts-bench-") as made:
            new_s.append(_once(Path(made), "nobody", 401)[0])
        with TemporaryDirectory(prefix="yaguts-bench-") as made:
            [dispenser] = furnish(sqlite_in(Path(made)), 1)
            seconds, mb = _once(Path(made), dispenser.token, 204)
            took_s.append(seconds)
            idle_mb.append(mb)
    at_once, of_new = statistics.median(took_s), statistics.median(new_s)
    return [
        Figure(
            "cold start to the first answered poll",
            at_once,
            " s",
            f"{of_new:.2f} s where the database has to be made",
            WANTED_S,
        ),
        Figure(
            "memory of an idle server",
            statistics.median(idle_mb),
            " MB",
            "resident, one process",
            WANTED_MB,
            steady=True,
        ),
    ]


def _once(folder: Path, token: str, status: int) -> tuple[float, float]:
    began = time.perf_counter()
    with running(folder) as server, connected(server.port, 1) as [connection]:
        connection.sendall(request("GET", POLL, as_dispenser(token)))
        answer = connection.recv(4096)
        took_s = time.perf_counter() - began
        assert answer.startswith(f"HTTP/1.1 {status}".encode()), answer
        time.sleep(SETTLING_S)
        return took_s, server.memory_kb() / 1024
