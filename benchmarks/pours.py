"""Pour doses under MicroPython, with the journal and without: how long each relay really was on.

Arguments: the flash folder, then the doses in milliseconds. Prints one line of JSON a dose.
The relay is switched by the interpreter here, so that what delays the interpreter shows: on the
board a pulse that is permitted in time ends by itself.
"""

import asyncio
import json
import sys
import time

from yaguts_device.core import run
from yaguts_device.hal.virtual import VirtualBoard
from yaguts_device.io.link import Link, parse_url
from yaguts_device.io.pour import Pour
from yaguts_device.io.server import Server
from yaguts_device.io.store import NAMESPACE, Journal
from yaguts_device.io.ticks import Ticks

NOWHERE = "http://127.0.0.1:9"
STILL = {"intensity": 0, "pre_start_ms": 0, "post_stop_ms": 0, "max_runtime_s": 300}
MG_PER_MS = 1


class TimedBoard(VirtualBoard):
    """Knows how long each relay was on, in milliseconds."""

    def __init__(self, folder: str) -> None:
        super().__init__("bancada", folder)
        self.on_ms: dict[int, float] = {}
        self._since: dict[int, int] = {}

    def open(self, jar: int, for_ms: int) -> None:
        super().open(jar, for_ms)
        self._since[jar] = time.ticks_us()

    def close(self, jar: int) -> int:
        unused_ms = super().close(jar)
        since = self._since.pop(jar, None)
        if since is not None:
            took_ms = time.ticks_diff(time.ticks_us(), since) / 1000
            self.on_ms[jar] = self.on_ms.get(jar, 0) + took_ms
        return unused_ms


async def bare(folder: str, doses: "list[int]") -> "dict[int, float]":
    """On, wait, off."""
    board = TimedBoard(folder)
    for jar, ms in enumerate(doses, 1):
        board.open(jar, ms)
        await board.sleep_ms(ms)
        board.close(jar)
    return board.on_ms


async def journaled(folder: str, doses: "list[int]") -> "dict[int, float]":
    """As the firmware does it: every slice under a permission on flash."""
    board = TimedBoard(folder)
    journal = Journal(board.flash(NAMESPACE))
    record = journal.begin(plan(doses), [run.new_dose(ms * MG_PER_MS, ms) for ms in doses])
    journal.remember(record)
    journal.accept(record)
    server = Server(Link(board, parse_url(NOWHERE)))
    await Pour(board, journal, server, record, Ticks(board)).run()
    return board.on_ms


def plan(doses: "list[int]") -> dict:
    """A job with a jar for each dose."""
    parts = [
        {"order": jar, "jar": jar, "spice": "Sal", "quantity_mg": ms * MG_PER_MS, "duration_ms": ms}
        for jar, ms in enumerate(doses, 1)
    ]
    return {"id": 1, "job_key": f"{1:032x}", "ttl_s": 600, "motor": STILL, "doses": parts}


async def main(folder: str, doses: "list[int]") -> None:
    with_journal = await journaled(folder, doses)
    without = await bare(folder, doses)
    for jar, ms in enumerate(doses, 1):
        told = {"plan_ms": ms, "bare_ms": without[jar], "journaled_ms": with_journal[jar]}
        print(json.dumps(told))


asyncio.run(main(sys.argv[1], [int(word) for word in sys.argv[2:]]))
