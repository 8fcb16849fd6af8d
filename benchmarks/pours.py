"""Measure how long a relay is on for each dose under MicroPython, with the journal and without.

Arguments: the flash folder, when to begin (unix seconds), then the doses in milliseconds. Prints
one line of JSON a dose.
The interpreter switches the relay here, so that its delays show. On the board a pulse ends by
itself.
"""

import asyncio
import json
import sys
import time

from yaguts_device.core import dose_machine
from yaguts_device.flow.button import Button
from yaguts_device.flow.job.pour import Pouring
from yaguts_device.hal.virtual import VirtualBoard
from yaguts_device.journal.journal import NAMESPACE, Journal
from yaguts_device.journal.ticks import Ticks
from yaguts_device.net.address import parse_url
from yaguts_device.net.job_calls import JobCalls
from yaguts_device.net.link import Link
from yaguts_device.net.server import ServerClient

NOWHERE = "http://127.0.0.1:9"
STILL = {"intensity": 0, "pre_start_ms": 0, "post_stop_ms": 0, "max_runtime_s": 300}
MG_PER_MS = 1


class TimedBoard(VirtualBoard):
    """A board that measures how long a relay was on, in milliseconds."""

    def __init__(self, folder: str) -> None:
        super().__init__("bancada", folder)
        self.on_ms = 0.0
        self._since: int | None = None

    def open(self, jar: int, for_ms: int) -> None:
        super().open(jar, for_ms)
        self._since = time.ticks_us()

    def close(self, jar: int) -> int:
        unused_ms = super().close(jar)
        if self._since is not None:
            self.on_ms += time.ticks_diff(time.ticks_us(), self._since) / 1000
            self._since = None
        return unused_ms


async def bare(folder: str, ms: int) -> float:
    """Relay on, wait, relay off. How long it was on, in milliseconds."""
    board = TimedBoard(folder)
    board.open(1, ms)
    await board.sleep_ms(ms)
    board.close(1)
    return board.on_ms


async def journaled(folder: str, ms: int) -> float:
    """Pour as the firmware does, with a permission in flash for every slice."""
    board = TimedBoard(folder)
    journal = Journal(board.flash(NAMESPACE))
    record = journal.begin(plan(ms), [dose_machine.new_dose(ms * MG_PER_MS, ms)], 0)
    journal.remember(record)
    journal.accept(record)
    calls = JobCalls(ServerClient(Link(board, parse_url(NOWHERE))))
    await Pouring(board, journal, calls, record, Ticks(board), Button(board)).run()
    journal.close(record)
    return board.on_ms


def plan(ms: int) -> dict:
    """A job of one dose."""
    dose = {"order": 1, "jar": 1, "spice": "Sal", "quantity_mg": ms * MG_PER_MS, "duration_ms": ms}
    key = f"{ms:032x}"
    return {"id": 1, "job_key": key, "ttl_s": 600, "motor": STILL, "doses": [dose], "asks": False}


async def main(folder: str, begin_at: int, doses: "list[int]") -> None:
    ways = [("bare", bare), ("journaled", journaled)]
    await asyncio.sleep(max(0, begin_at - time.time()))
    for ms in doses:
        told = {"plan": ms}
        for name, way in ways:
            told[name] = await way(folder, ms)
        print(json.dumps(told))
        ways.reverse()  # so that both come first equally often


asyncio.run(main(sys.argv[1], int(sys.argv[2]), [int(word) for word in sys.argv[3:]]))
