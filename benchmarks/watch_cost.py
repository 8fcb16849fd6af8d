"""Measure what metrics and logs add to the processor time of a dispenser's call for a job.

The servers differ in one thing each, and are in one process: two processes with the same code
differ by more than what is measured. They are called in turn, each round in another order, so that
whatever else this machine does, or has in its caches, meets all of them.
"""

import multiprocessing
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice, permutations
from pathlib import Path

import click
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

CALLS = 25
"""Of one server before it is the next one's turn."""
WARMING = 8
SETTLING_S = 0.003
"""The system counts the time of a process when it rests, and a log is written after the answer."""
READY_WITHIN_S = 60
TOKEN = "a token of a dispenser"
SERVERS: Mapping[str, Mapping[str, str]] = {
    "nothing": {"YAGUTS_METRICS": "off"},
    "log": {"YAGUTS_METRICS": "off"},
    "log and metrics": {"YAGUTS_METRICS": "local"},
    "log with access log": {"YAGUTS_METRICS": "off", "YAGUTS_ACCESS_LOG": "on"},
}
COMPARED = (
    ("metrics", "log and metrics", "log"),
    ("metrics and log", "log and metrics", "nothing"),
    ("log", "log", "nothing"),
    ("access log, if asked for", "log with access log", "log"),
)


def poll_of(name: str) -> bytes:
    """A call of the dispenser to the server of this name."""
    return (
        f"GET /devices/me/next_job?wait=0 HTTP/1.1\r\nHost: {name.replace(' ', '-')}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nYaguts-Holding: \r\n\r\n"
    ).encode()


@dataclass(frozen=True, slots=True)
class Servers:
    """The connection to all servers, and their process."""

    connection: socket.socket
    pid: int

    def cost_us(self, name: str) -> float:
        """The processor time of a call, in microseconds."""
        poll, before = poll_of(name), _processor_ns(self.pid)
        for _ in range(CALLS):
            self.connection.sendall(poll)
            answer = self.connection.recv(4096)
            assert answer.startswith(b"HTTP/1.1 204"), answer
        time.sleep(SETTLING_S)
        return (_processor_ns(self.pid) - before) / CALLS / 1000


@click.command()
@click.option("--rounds", default=120, show_default=True, help=f"Of {CALLS} calls to each server.")
@click.option("--together", is_flag=True, help="Count as one of several processes does.")
def main(rounds: int, together: bool) -> None:
    """Call each server in turn."""
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder), rounds, together=together)
    for name, costs in measured.items():
        click.echo(f"{name:>24}: median {statistics.median(costs):7.1f} us")
    for what, one, other in COMPARED:
        share = share_of(measured[one], measured[other])
        click.echo(f"{what:>24}: {share:+.1%} of a call's processor time")


def measure(folder: Path, rounds: int, *, together: bool = False) -> dict[str, list[float]]:
    """The microseconds of a call, a figure a round, by server."""
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, together))
    process.start()
    assert process.pid is not None
    try:
        with _connected(folder / "port") as connection:
            return _measured(Servers(connection, process.pid), rounds)
    finally:
        process.kill()
        process.join()
        process.close()


def _measured(servers: Servers, rounds: int) -> dict[str, list[float]]:
    names = list(SERVERS)
    for name in names * WARMING:  # the first calls prepare routes and statements
        servers.cost_us(name)
    measured: dict[str, list[float]] = {name: [] for name in SERVERS}
    for order in islice(cycle(permutations(names)), rounds):
        for name in order:
            measured[name].append(servers.cost_us(name))
    return measured


def share_of(one: Sequence[float], other: Sequence[float]) -> float:
    """How much more one costs than the other, round by round."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True)) - 1


def serve(folder: Path, together: bool) -> None:
    """Run the servers. A call's host says which one it is for."""
    os.environ["YAGUTS_DATA"] = str(folder)
    if together:
        (folder / "counts").mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder / "counts")
    # What counts is loaded after the variable is set.
    from yaguts.cli.connections import guarded  # noqa: PLC0415
    from yaguts.cli.serve import listening  # noqa: PLC0415
    from yaguts.http.watching.log_lines import log_configuration  # noqa: PLC0415
    from yaguts.services.ops.garbage import searched_for_seldom  # noqa: PLC0415
    from yaguts.settings import Settings  # noqa: PLC0415

    _furnish(folder)
    apps = {name.replace(" ", "-").encode(): _server(name) for name in SERVERS}

    async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[dict(scope["headers"])[b"host"]](scope, receive, send)

    with (folder / "log").open("w") as log:
        os.dup2(log.fileno(), 2)
    config = uvicorn.Config(
        chosen,
        port=0,
        lifespan="off",
        http=guarded(bool),
        log_config=log_configuration(Settings()),
        log_level="warning",
        access_log=False,
    )
    listener = listening(config)
    (folder / "port").write_text(str(listener.getsockname()[1]))
    with searched_for_seldom():  # As in a real server.
        uvicorn.Server(config).run(sockets=[listener])


def _server(name: str) -> ASGIApp:
    from yaguts.app import create_app  # noqa: PLC0415
    from yaguts.http.head import HeadAsGet  # noqa: PLC0415
    from yaguts.http.lean.idle_polls import IdlePolls  # noqa: PLC0415
    from yaguts.services.runtime.files.data_folder import with_data_folder  # noqa: PLC0415
    from yaguts.settings import Settings  # noqa: PLC0415

    for variable in ("YAGUTS_METRICS", "YAGUTS_ACCESS_LOG"):
        os.environ[variable] = SERVERS[name].get(variable, "")
    app = create_app(with_data_folder(Settings.from_environment(os.environ), os.environ))
    if name == "nothing":
        app.first = HeadAsGet(IdlePolls(app.fastapi))  # As it is, without who observes.
    return app


def _furnish(folder: Path) -> None:
    from yaguts.services.runtime.tokens import token_hash  # noqa: PLC0415
    from yaguts.storage import dispensers, people  # noqa: PLC0415
    from yaguts.storage.db.database import Database  # noqa: PLC0415
    from yaguts.storage.db.migrate import upgrade  # noqa: PLC0415

    url, now = f"sqlite:///{folder / 'yaguts.db'}", datetime.now(UTC)
    upgrade(url)
    database = Database(url)
    with database.write() as connection:
        person = people.add(connection, "Ana", "a hash", now)
        dispenser = dispensers.add(connection, person.id, default=True)
        dispensers.pair(connection, dispenser.id, "board-1", token_hash(TOKEN), now)
    database.close()


def _connected(port: Path) -> socket.socket:
    deadline = time.monotonic() + READY_WITHIN_S
    while not (port.exists() and port.read_text()):
        if time.monotonic() > deadline:
            raise click.ClickException("The servers did not start.")
        time.sleep(0.05)
    return socket.create_connection(("127.0.0.1", int(port.read_text())))


def _processor_ns(pid: int) -> int:
    """The processor time of another process, of all its threads. Linux names its clock so."""
    return time.clock_gettime_ns((~pid << 3) | 2)


if __name__ == "__main__":
    main()
