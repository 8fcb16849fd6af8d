"""What ten thousand held polls cost one server process: memory, processor time, and their waking.

The dispensers are in two other processes. While nothing happens each poll is held for 25 s and
made again, and each board sends a heartbeat between two polls as soon as it is due, which is every
50 s. So the share of a core is measured over 25 s: it holds every poll once, and a heartbeat of
every other board. Then jobs are ordered, at a fixed rate whatever the server does, each of a
dispenser that has none.
"""

import asyncio
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness.calls import Caller, as_person, request
from benchmarks.harness.figures import Figure
from benchmarks.harness.kitchens import Dispenser, furnish, sqlite_in
from benchmarks.harness.scale import BEAT_S
from benchmarks.harness.server import Server, running
from benchmarks.parts.pollers import AT_ONCE, Seen, heartbeat, hold
from benchmarks.siege.__main__ import percentile
from yaguts_wire import words as w
from yaguts_wire.limits import MAX_POLL_S

POLLS, FEW = 10_000, 400
PROCESSES = 2
ORDERS_A_SECOND = 100
ORDERING_S = 20
ORDERERS = 16
SETTLING_S = 2.0
LATE_S = 5.0
"""A poll that was not woken by then is an error."""
ANSWERED_S = 30.0
"""The last orders are given up after so long."""
BEGIN_WITHIN_S = 180
WANTED_KB, WANTED_SHARE, WANTED_MS = 20.0, 10.0, 250.0


@dataclass(frozen=True)
class Held:
    """What the server used for the polls while nothing happened."""

    polls: int
    kb_each: float
    cpu_s: float
    idle_s: float

    @property
    def share_of_ten_thousand(self) -> float:
        """The part of a core, in percent, that ten thousand would take."""
        return self.cpu_s / self.idle_s / self.polls * POLLS * 100


def measure(*, small: bool = False) -> list[Figure]:
    """Memory of a poll, the share of a core, the slowest waking but one in a hundred, errors."""
    count = FEW if small else POLLS
    with TemporaryDirectory(prefix="yaguts-bench-") as made:
        folder = Path(made)
        dispensers = furnish(sqlite_in(folder), count, ["Sal"])
        with running(folder) as server:
            return _measured(server, dispensers, small=small)


def _measured(server: Server, dispensers: Sequence[Dispenser], *, small: bool) -> list[Figure]:
    ordering_s = 2 if small else ORDERING_S
    ordered_of = dispensers[: ORDERS_A_SECOND * ordering_s]
    asyncio.run(_prepared(server.port, dispensers))
    asyncio.run(_ordered(server.port, ordered_of[:1], 1))  # what the first order loads
    before_kb = server.memory_kb()
    with _held(server.port, dispensers, 2.0 if small else MAX_POLL_S) as pollers:
        time.sleep(SETTLING_S)
        kb = server.memory_kb() - before_kb
        held = _idle(server, len(dispensers), kb, 3.0 if small else MAX_POLL_S)
        sent_at = asyncio.run(_ordered(server.port, ordered_of[1:], ORDERS_A_SECOND))
        time.sleep(LATE_S)
        seen = [_ended(poller) for poller in pollers]
    return _figures(held, sent_at, seen)


async def _prepared(port: int, dispensers: Sequence[Dispenser]) -> None:
    """Have the server load what heartbeats need, with as many at once as it keeps room for."""

    async def beat(one: Dispenser) -> None:
        caller = await Caller.connect(port)
        status, _ = await caller.call(heartbeat(one.token, 0))
        assert status == 200, status
        caller.close()

    await asyncio.gather(*map(beat, dispensers[-AT_ONCE:]))


def _idle(server: Server, polls: int, kb: int, idle_s: float) -> Held:
    before_s, began = server.cpu_s(), time.monotonic()
    time.sleep(idle_s)
    return Held(polls, kb / polls, server.cpu_s() - before_s, time.monotonic() - began)


def _figures(held: Held, sent_at: dict[int, float], seen: Sequence[Seen]) -> list[Figure]:
    woken = {one: at for each in seen for one, at in each.woken_at.items()}
    late = [one for one in sent_at if one not in woken]
    waking_ms = [(woken[one] - at) * 1000 for one, at in sent_at.items() if one in woken]
    errors = [error for each in seen for error in each.errors]
    half, most = percentile(waking_ms, 50), percentile(waking_ms, 99)
    return [
        Figure(
            "memory of a held poll",
            held.kb_each,
            " KB",
            f"{held.polls:,} on one process",
            WANTED_KB,
            steady=True,
        ),
        Figure(
            "10,000 held polls while idle",
            held.share_of_ten_thousand,
            " % of a core",
            f"{held.idle_s:.0f} s; made again every {MAX_POLL_S} s, a heartbeat every {BEAT_S} s",
            WANTED_SHARE,
        ),
        Figure(
            "order to woken poll, p99",
            most,
            " ms",
            f"{len(waking_ms):,} jobs, {ORDERS_A_SECOND} a second; {half:.0f} ms in the median",
            WANTED_MS,
        ),
        Figure(
            "errors and polls not woken",
            len(errors) + len(late),
            "",
            "; ".join(sorted(set(errors))[:3]) or "none",
            0.0,
        ),
    ]


@contextmanager
def _held(
    port: int, dispensers: Sequence[Dispenser], spread_s: float
) -> Generator[list[Connection]]:
    """Processes that hold the polls, all begun."""
    context = get_context("spawn")
    pipes = [context.Pipe() for _ in range(PROCESSES)]
    processes = [
        context.Process(
            target=hold, args=(there, port, dispensers[place::PROCESSES], spread_s), daemon=True
        )
        for place, (_, there) in enumerate(pipes)
    ]
    for process in processes:
        process.start()
    try:
        for here, _ in pipes:
            if not here.poll(BEGIN_WITHIN_S):
                raise TimeoutError("The polls did not begin.")
            here.recv()
        yield [here for here, _ in pipes]
    finally:
        for process in processes:
            process.kill()
            process.join()


def _ended(poller: Connection) -> Seen:
    poller.send("end")
    return poller.recv()


async def _ordered(port: int, dispensers: Sequence[Dispenser], a_second: float) -> dict[int, float]:
    """Order of each of them at this rate. The moment when each order was sent, by dispenser."""
    callers: asyncio.Queue[Caller] = asyncio.Queue()
    for _ in range(ORDERERS):
        callers.put_nowait(await Caller.connect(port))
    sent_at: dict[int, float] = {}

    async def order(one: Dispenser) -> None:
        sent_at[one.id] = time.monotonic()  # waiting for a caller counts
        caller = await callers.get()
        wanted = {w.RECIPE_ID: one.recipe_id, w.PEOPLE: 1, w.DEVICE_ID: one.id}
        status, _ = await caller.call(request("POST", "/jobs", as_person(one.session), body=wanted))
        assert status == 201, status
        callers.put_nowait(caller)

    began = time.monotonic()
    with suppress(TimeoutError):  # what was not woken by then is counted
        async with asyncio.timeout(len(dispensers) / a_second + ANSWERED_S):
            async with asyncio.TaskGroup() as group:
                for place, one in enumerate(dispensers):
                    await asyncio.sleep(max(0.0, began + place / a_second - time.monotonic()))
                    group.create_task(order(one))
    while not callers.empty():
        callers.get_nowait().close()
    return sent_at
