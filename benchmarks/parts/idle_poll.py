"""How many polls a second find nothing to fetch, against a bare answer of the same web server.

Both servers are called over the same number of kept connections, in turn. The bare one is
Starlette with one route that answers 204. It runs in uvicorn as `yaguts serve` configures it, with
its loop and its parser.
"""

import multiprocessing
import socket
import statistics
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.harness.calls import HERE, as_dispenser, request
from benchmarks.harness.figures import Figure
from benchmarks.harness.kitchens import furnish, sqlite_in
from benchmarks.harness.process import processor_s
from benchmarks.harness.server import running
from yaguts.cli.connections import guarded
from yaguts.cli.serve import listening

CONNECTIONS = 16
ROUNDS = 5
WARMING = 20
READY_WITHIN_S = 60
WANTED = 0.6
POLL = "/devices/me/next_job"


@dataclass(frozen=True)
class Round:
    """Calls a second, and the server's processor time of one, in microseconds."""

    a_second: float
    cpu_us: float


@dataclass(frozen=True)
class Called:
    """A server, the connections to it, and what is sent."""

    pid: int
    connections: Sequence[socket.socket]
    poll: bytes

    def round(self, calls: int) -> Round:
        """Call on all connections at once, again and again."""
        cpu_s, began = processor_s(self.pid), time.perf_counter()
        for _ in range(calls // len(self.connections)):
            for connection in self.connections:
                connection.sendall(self.poll)
            for connection in self.connections:
                answer = connection.recv(4096)
                assert answer.startswith(b"HTTP/1.1 204"), answer
        made = calls // len(self.connections) * len(self.connections)
        took_s = time.perf_counter() - began
        return Round(made / took_s, (processor_s(self.pid) - cpu_s) / made * 1e6)


def measure(*, small: bool = False) -> list[Figure]:
    """The ratio of the two, by the clock and by the processor time of a call."""
    calls = 800 if small else 8_000
    with ExitStack() as stack:
        ours, bare = stack.enter_context(_ours()), stack.enter_context(_bare())
        for each in (ours, bare):
            each.round(CONNECTIONS * WARMING)
        rounds = [(ours.round(calls), bare.round(calls)) for _ in range(ROUNDS)]
    our_rate = statistics.median(ours.a_second for ours, _ in rounds)
    bare_rate = statistics.median(bare.a_second for _, bare in rounds)
    our_us = statistics.median(ours.cpu_us for ours, _ in rounds)
    bare_us = statistics.median(bare.cpu_us for _, bare in rounds)
    by_clock = f"{our_rate:,.0f} and {bare_rate:,.0f} a second on {CONNECTIONS} connections"
    by_cpu = f"{our_us:.0f} and {bare_us:.0f} µs a call"
    return [
        Figure(
            "idle v0.1 poll ÷ bare Starlette 204, calls a second",
            statistics.median(ours.a_second / bare.a_second for ours, bare in rounds),
            " ×",
            by_clock,
            WANTED,
            at_most=False,
        ),
        Figure(
            "idle v0.1 poll ÷ bare Starlette 204, processor time",
            statistics.median(ours.cpu_us / bare.cpu_us for ours, bare in rounds),
            " ×",
            by_cpu,
            steady=True,
        ),
    ]


@contextmanager
def _ours() -> Generator[Called]:
    with TemporaryDirectory(prefix="yaguts-bench-") as made:
        [dispenser] = furnish(sqlite_in(Path(made)), 1)
        poll = request("GET", POLL, as_dispenser(dispenser.token))
        with running(Path(made)) as server, connected(server.port) as connections:
            yield Called(server.pid, connections, poll)


@contextmanager
def _bare() -> Generator[Called]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve_bare, args=(there,), daemon=True)
    process.start()
    assert process.pid is not None
    try:
        if not here.poll(READY_WITHIN_S):
            raise TimeoutError("The bare server did not start.")
        with connected(here.recv()) as connections:
            yield Called(process.pid, connections, request("GET", POLL, as_dispenser("nobody")))
    finally:
        process.kill()
        process.join()
        process.close()


def serve_bare(told: Connection) -> None:
    """Answer 204 to everybody who asks for a job, until killed. Tells its port first."""

    async def nothing(_request: Request) -> Response:
        return Response(status_code=204)

    config = uvicorn.Config(
        Starlette(routes=[Route(POLL, nothing)]),
        port=0,
        http=guarded(bool),  # pyright: ignore[reportArgumentType]
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    listener = listening(config)
    told.send(listener.getsockname()[1])
    uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def connected(port: int, count: int = CONNECTIONS) -> Generator[Sequence[socket.socket]]:
    """So many connections to a server on this computer."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_connection((HERE, port), READY_WITHIN_S))
            for _ in range(count)
        ]
