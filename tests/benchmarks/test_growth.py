"""A server that is busy for long grows in nothing: not in memory, files or connections.

`pytest -m long tests/benchmarks/test_growth.py`: ten minutes by the clock against a real server,
and an hour of virtual time against the application.
"""

import asyncio
import gc
import os
import random
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from benchmarks.harness import process
from benchmarks.harness.calls import as_dispenser, as_person
from benchmarks.harness.kitchens import Dispenser, furnish, sqlite_in
from benchmarks.harness.lifecycle import closed, connected, report_of, together
from benchmarks.harness.server import running
from yaguts.app import create_app
from yaguts.settings import Settings
from yaguts.storage.db.database import CONNECTIONS
from yaguts_wire import words as w

BUSY_S = 600
WARMING = 10
"""A tenth of the time: caches fill, threads start."""
GROWN_KB = 8 * 1024
"""The allocator keeps what it once needed; a leak of a hundred bytes a call would be 20 MB."""
FILES_OF_A_CONNECTION, SHARED = 2, 2
"""SQLite's file and its log; the index of the log, and the lock. The more call at once, the more of
its connections the server opens, and it keeps their files."""
DISPENSERS = 16
HOUR_S, STEP_S = 3_600, 25
EVERY_S = 100
"""Each dispenser gets a job so often."""
GROWN_BYTES = 300_000


@pytest.mark.long
@pytest.mark.timeout(BUSY_S * 2)
def test_ten_busy_minutes(tmp_path: Path) -> None:
    dispensers = furnish(sqlite_in(tmp_path), DISPENSERS)
    with running(tmp_path) as server, asyncio.Runner() as runner:
        all_living = runner.run(connected(server.port, dispensers))
        _busy(runner, all_living, BUSY_S / WARMING)
        before = process.used(server.pid)
        lived = _busy(runner, all_living, BUSY_S * (1 - 1 / WARMING))
        after = process.used(server.pid)
        runner.run(closed(all_living))

    assert lived > BUSY_S
    assert after.connections <= before.connections
    assert after.files <= before.files
    assert after.database_files <= FILES_OF_A_CONNECTION * CONNECTIONS + SHARED
    assert after.memory_kb - before.memory_kb <= GROWN_KB


def _busy(runner: asyncio.Runner, all_living: list, seconds: float) -> int:
    """Lifecycles of all, again and again. How many."""
    until, lived = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        lived += len(runner.run(together(all_living, 5)).each_s)
    return lived


@pytest.mark.long
@pytest.mark.timeout(BUSY_S * 3)
def test_a_virtual_hour(tmp_path: Path) -> None:
    dispensers = furnish(sqlite_in(tmp_path), DISPENSERS)
    asyncio.run(_hour(tmp_path, dispensers))


async def _hour(folder: Path, dispensers: list[Dispenser]) -> None:
    began, passed_s = datetime.now(UTC), 0.0
    app = create_app(
        Settings(sqlite_in(folder), data_folder=folder),
        clock=lambda: began + timedelta(seconds=passed_s),
        randomness=random.Random(1).randbytes,
        monotonic=lambda: passed_s,
    )
    transport = httpx.ASGITransport(app)
    tracemalloc.start()
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as caller:
        sizes: list[tuple[int, int]] = []
        for passed_s in range(0, HOUR_S, STEP_S):
            for one in dispensers:
                await _seconds_of(caller, one, ordered=passed_s % EVERY_S == 0)
            gc.collect()
            sizes.append((tracemalloc.get_traced_memory()[0], process.used(os.getpid()).files))
    tracemalloc.stop()

    early, late = sizes[len(sizes) // WARMING], sizes[-1]
    assert late[0] - early[0] <= GROWN_BYTES
    assert late[1] <= early[1]


async def _seconds_of(caller: httpx.AsyncClient, one: Dispenser, *, ordered: bool) -> None:
    """A heartbeat, a poll, and where something was ordered a whole job."""
    board = _header(as_dispenser(one.token))
    me = "/devices/me"
    (await caller.post(f"{me}/heartbeat", json={}, headers=board)).raise_for_status()
    if ordered:
        wanted = {w.RECIPE_ID: one.recipe_id, w.PEOPLE: 1, w.DEVICE_ID: one.id}
        person = _header(as_person(one.session))
        (await caller.post("/jobs", json=wanted, headers=person)).raise_for_status()
    holding = {w.HOLDING_HEADER: ""}
    offer = await caller.get(f"{me}/next_job?wait=0", headers=board | holding)
    assert offer.status_code == (200 if ordered else 204)
    if ordered:
        job = offer.json()
        path, key = f"{me}/jobs/{job['id']}", {w.JOB_KEY: job[w.JOB_KEY]}
        accepted = key | {w.ACCEPTANCE: 1}
        (await caller.post(f"{path}/accept", json=accepted, headers=board)).raise_for_status()
        report = key | report_of(job)
        (await caller.post(f"{path}/complete", json=report, headers=board)).raise_for_status()


def _header(line: str) -> dict[str, str]:
    name, _, value = line.partition(": ")
    return {name: value}
