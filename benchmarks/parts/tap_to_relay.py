"""How long it takes from the tap on a recipe to the relay, with the firmware in MicroPython.

Server, dispenser and person are processes of this computer. The dispenser is between jobs and
waits in its poll. The motor vibrates with an intensity of 0, so nothing waits for it. Each step of
the way is timed as well: those of the server, and those of the firmware between two calls. All of
them go before what else the machine does.
"""

import asyncio
import json
import os
import statistics
import subprocess
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness.calls import HERE, Caller, as_person, request
from benchmarks.harness.figures import Figure
from benchmarks.harness.kitchens import Dispenser, furnish, sqlite_in
from benchmarks.harness.process import priority
from benchmarks.harness.server import Server, running
from benchmarks.relay_time import HEAP, MICROPYTHON, ROOT
from yaguts.services.firmware.kept_tree import kept_tree
from yaguts_wire import words as w

TAPS = 200
WANTED_MS, WORST_MS = 25.0, 120.0
BETWEEN_S = 0.05
"""So that the poll is held when somebody taps, and not always at the same moment of it."""
STEPS = ("order to offer", "offer to accept", "accept", "accepted to relay")


@dataclass(frozen=True)
class Tap:
    """One tap, in milliseconds: to the relay, and step by step in the order of `STEPS`."""

    relay_ms: float
    steps_ms: tuple[float, ...]


def measure(*, small: bool = False) -> list[Figure]:
    """The median and the worst. The steps' medians say where the time goes."""
    with TemporaryDirectory(prefix="yaguts-bench-") as made:
        folder = Path(made)
        [dispenser] = furnish(sqlite_in(folder), 1, ["Sal"])
        with priority(), running(folder) as server, asyncio.Runner() as runner:
            taps = runner.run(_taps(server, dispenser, folder / "flash", 10 if small else TAPS))
    relay_ms = [tap.relay_ms for tap in taps]
    steps = [statistics.median(step) for step in zip(*(tap.steps_ms for tap in taps), strict=True)]
    where = ", ".join(f"{name} {ms:.1f}" for name, ms in zip(STEPS, steps, strict=True))
    middle, worst = statistics.median(relay_ms), max(relay_ms)
    return [
        Figure("tap to relay, median", middle, " ms", where, WANTED_MS),
        Figure("tap to relay, worst", worst, " ms", f"of {len(taps)} taps", WORST_MS),
    ]


async def _taps(server: Server, dispenser: Dispenser, flash: Path, count: int) -> list[Tap]:
    person = await Caller.connect(server.port)
    claim = request("POST", "/devices/claims", as_person(dispenser.session), body={})
    _, code = await person.call(claim)
    wanted = {w.RECIPE_ID: dispenser.recipe_id, w.PEOPLE: 1, w.DEVICE_ID: dispenser.id}
    order = request("POST", "/jobs", as_person(dispenser.session), body=wanted)
    taps: list[Tap] = []
    with _board(server, dispenser, flash, code["code"]) as told:
        _until_polling(told)
        while len(taps) < count:
            await asyncio.sleep(BETWEEN_S * (1 + len(taps) % 5 / 5))
            tapped_us = time.time_ns() // 1000
            status, _ = await person.call(order)
            assert status == 201, status
            taps.append(_tap(tapped_us, told))
            _until_polling(told)
    person.close()
    return taps


def _tap(tapped_us: int, told: Iterator[dict[str, Any]]) -> Tap:
    seen: dict[str, dict[str, Any]] = {}
    while "relay" not in seen:
        line = next(told)
        seen[line["what"]] = line
    offer, accept, relay_us = seen["next_job"], seen["accept"], seen["relay"]["at"]
    moments = (tapped_us, offer["ended"], accept["began"], accept["ended"], relay_us)
    steps = (later - earlier for earlier, later in pairwise(moments))
    return Tap((relay_us - tapped_us) / 1000, tuple(step / 1000 for step in steps))


def _until_polling(told: Iterator[dict[str, Any]]) -> None:
    for line in told:
        if line == {"what": "asks", "for": "next_job"}:
            return
    raise EOFError("The dispenser ended.")


@contextmanager
def _board(
    server: Server, dispenser: Dispenser, flash: Path, code: str
) -> Generator[Iterator[dict[str, Any]]]:
    """The dispenser's process, and what it says, line by line."""
    arguments: Sequence[str] = [
        f"http://{HERE}:{server.port}",
        f"board-{dispenser.id}",
        str(flash),
        code,
    ]
    board = subprocess.Popen(
        [
            str(MICROPYTHON),
            "-X",
            f"heapsize={HEAP}",
            str(ROOT / "benchmarks/parts/relay_board.py"),
            *arguments,
        ],
        env={**os.environ, "MICROPYPATH": f".frozen:{kept_tree()}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert board.stdout is not None
    try:
        yield (json.loads(line) for line in board.stdout if line.startswith("{"))
    finally:
        board.kill()
        board.communicate()
