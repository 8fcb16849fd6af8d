"""Measure how long a dispenser waits for its poll and its heartbeat while a server is besieged."""

import json
import multiprocessing
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from math import ceil
from multiprocessing.pool import Pool
from typing import Any

import click

from benchmarks.siege.besiegers import HERE, KINDS, Target, besiege
from benchmarks.siege.kitchen import BesiegedServer, besieged_server
from yaguts_wire import words as w

BESIEGERS = {
    "nobody": 0,
    "silent": 5000,
    "half a head": 2000,
    "slow body": 500,
    "sign-ins": 100,
    "live pages": 400,
}
SLOWEST_MS = 500
MOST_LINES = 100
MOST_MB = 400
_DISPENSERS = "127.0.0.9"
"""The dispenser's own address: that of a stranger, until its token is seen."""
_BEAT_S = 0.05
_WAITS_S = 10
"""A dispenser gives a call up after so long."""


@dataclass
class Felt:
    """What a dispenser felt, call by call in milliseconds, and what the siege cost the server."""

    kind: str
    besiegers: int
    poll_ms: list[float] = field(default_factory=list[float])
    beat_ms: list[float] = field(default_factory=list[float])
    lost: int = 0
    held: int = 0
    memory_mb: float = 0
    cpu_s: float = 0
    log_lines: int = 0

    @property
    def is_borne(self) -> bool:
        """Whether the server bore it."""
        slowest = max(percentile(self.poll_ms, 99), percentile(self.beat_ms, 99))
        return (
            not self.lost
            and slowest <= SLOWEST_MS
            and self.log_lines <= MOST_LINES
            and self.memory_mb <= MOST_MB
        )


def percentile(measured: Iterable[float], percent: int) -> float:
    """The least value that so many percent do not exceed. 0 when nothing was measured."""
    ordered = sorted(measured)
    return ordered[ceil(len(ordered) * percent / 100) - 1] if ordered else 0


def measured(kind: str, besiegers: int, seconds: float) -> Felt:
    """Lay siege to a new server, and measure meanwhile."""
    felt = Felt(kind, besiegers)
    with besieged_server() as server, multiprocessing.get_context("spawn").Pool(1) as elsewhere:
        job = _begun(server)
        target = Target(server.port, server.member_tokens, job["id"])
        before_s = server.cpu_s()
        _feel(felt, server, job, elsewhere, target, seconds)
        felt.cpu_s = server.cpu_s() - before_s
        felt.memory_mb, felt.log_lines = server.memory_mb(), server.log_lines()
    return felt


def _begun(server: BesiegedServer) -> dict[str, Any]:
    """The job that the dispenser has fetched, as firmware 0.1 does."""
    _, body = _call(server, "GET", "/devices/me/next_job")
    return json.loads(body)


def _feel(
    felt: Felt,
    server: BesiegedServer,
    job: dict[str, Any],
    elsewhere: Pool,
    target: Target,
    seconds: float,
) -> None:
    siege = elsewhere.apply_async(besiege, (felt.kind, target, felt.besiegers, seconds))
    while not siege.ready():
        _timed(felt, felt.poll_ms, server, "GET", "/devices/me/next_job")
        _timed(felt, felt.beat_ms, server, "POST", "/devices/me/heartbeat", {})
        _tell_progress(server, job, len(felt.poll_ms))
        siege.wait(_BEAT_S)
    felt.held = siege.get()


def _timed(
    felt: Felt,
    calls_ms: list[float],
    server: BesiegedServer,
    method: str,
    path: str,
    body: object = None,
) -> None:
    began = time.perf_counter()
    try:
        status, _ = _call(server, method, path, body)
    except (OSError, HTTPException):
        status = 0
    if status in (200, 204):
        calls_ms.append((time.perf_counter() - began) * 1000)
    else:
        felt.lost += 1


def _tell_progress(server: BesiegedServer, job: dict[str, Any], step: int) -> None:
    """As a board does for each slice. Pages that follow the job show it."""
    [dose, *_] = job[w.ITEMS]
    told = {
        "job_key": job["job_key"],
        w.ITEM_ORDER: dose[w.ORDER],
        w.JAR: dose[w.JAR],
        w.DISPENSED_G: dose[w.QUANTITY_G] * (step % 100) / 100,
        "status": "running",
    }
    with suppress(OSError, HTTPException):
        _call(server, "POST", f"/devices/me/jobs/{job['id']}/progress", told)


def _call(server: BesiegedServer, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    """A call on a connection of its own, as firmware makes it."""
    caller = HTTPConnection(HERE, server.port, _WAITS_S, (_DISPENSERS, 0))
    headers = {"Authorization": f"Bearer {server.dispenser_token}"}
    text = None if body is None else json.dumps(body)
    if text is not None:
        headers["Content-Type"] = "application/json"
    try:
        caller.request(method, path, text, headers)
        answer = caller.getresponse()
        return answer.status, answer.read()
    finally:
        caller.close()


def table(all_felt: Iterable[Felt]) -> str:
    """The figures as a table of Markdown."""
    rows = [
        "| siege | held | poll p50, p99, max ms | heartbeat | lost | MB | CPU s | log lines |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for felt in all_felt:
        calls = (
            ", ".join(f"{percentile(calls, each):.0f}" for each in (50, 99, 100))
            for calls in (felt.poll_ms, felt.beat_ms)
        )
        rows.append(
            f"| {felt.besiegers} {felt.kind} | {felt.held} | {' | '.join(calls)} | {felt.lost} |"
            f" {felt.memory_mb:.0f} | {felt.cpu_s:.1f} | {felt.log_lines} |"
        )
    return "\n".join(rows)


@click.command()
@click.option("--only", type=click.Choice(list(KINDS)), multiple=True, help="These sieges only.")
@click.option("--seconds", default=20.0, show_default=True, help="How long each of them is.")
@click.option("--part", default=1.0, show_default=True, help="This part of the besiegers.")
def main(only: tuple[str, ...], seconds: float, part: float) -> None:
    """Print a table. Ends with status 1 when a siege is not borne."""
    sieges = [measured(kind, ceil(BESIEGERS[kind] * part), seconds) for kind in only or BESIEGERS]
    click.echo(table(sieges))
    if not all(felt.is_borne for felt in sieges):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
