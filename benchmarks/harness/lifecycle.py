"""One lifecycle of a job: ordered, offered, accepted, told about, reported. Seconds for each."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.harness.calls import Caller, as_dispenser, as_person, request
from benchmarks.harness.kitchens import Dispenser
from yaguts_wire import words as w

ME = "/devices/me"
CALLS = 8
"""In a lifecycle of four jars: an order, a poll, an acceptance, four times progress, a report."""


@dataclass
class Lived:
    """What came of many lifecycles: how long each of them took, and all of them together."""

    took_s: float = 0
    each_s: list[float] = field(default_factory=list[float])

    @property
    def a_second(self) -> float:
        """How many lifecycles ended in a second."""
        return len(self.each_s) / self.took_s


class Living:
    """A dispenser and the person who orders of it, each on a kept connection."""

    def __init__(self, dispenser: Dispenser, person: Caller, board: Caller) -> None:
        self._dispenser, self._person, self._board = dispenser, person, board

    async def once(self) -> None:
        """Order, fetch, accept, tell of each dose, report."""
        one = self._dispenser
        wanted = {w.RECIPE_ID: one.recipe_id, w.PEOPLE: 1, w.DEVICE_ID: one.id}
        order = request("POST", "/jobs", as_person(one.session), body=wanted)
        await _ok(self._person, order, 201)
        job = await self._told("GET", "/next_job?wait=25", None, f"{w.HOLDING_HEADER}: ")
        path, key = f"/jobs/{job['id']}", {w.JOB_KEY: job[w.JOB_KEY]}
        await self._told("POST", f"{path}/accept", key | {w.ACCEPTANCE: secrets.randbits(31)})
        for dose in job[w.ITEMS]:
            half = {w.DISPENSED_G: dose[w.QUANTITY_G] / 2, w.STATUS: w.RUNNING}
            place = {w.ITEM_ORDER: dose[w.ORDER], w.JAR: dose[w.JAR]}
            await self._told("POST", f"{path}/progress", key | place | half)
        await self._told("POST", f"{path}/complete", key | report_of(job))

    async def _told(self, method: str, path: str, body: object, *headers: str) -> Any:
        token = as_dispenser(self._dispenser.token)
        return await _ok(self._board, request(method, ME + path, token, *headers, body=body), 200)

    def close(self) -> None:
        """Close both connections."""
        self._person.close()
        self._board.close()


async def connected(port: int, dispensers: Sequence[Dispenser]) -> list[Living]:
    """All of them with their connections."""
    return [
        Living(each, await Caller.connect(port), await Caller.connect(port)) for each in dispensers
    ]


async def closed(all_living: Sequence[Living]) -> None:
    """Close all connections."""
    for living in all_living:
        living.close()


async def together(all_living: Sequence[Living], times: int) -> Lived:
    """All at once, each so many lifecycles, one after the other."""
    lived, began = Lived(), time.perf_counter()

    async def live(living: Living) -> None:
        for _ in range(times):
            ordered = time.perf_counter()
            await living.once()
            lived.each_s.append(time.perf_counter() - ordered)

    await asyncio.gather(*map(live, all_living))
    lived.took_s = time.perf_counter() - began
    return lived


async def _ok(caller: Caller, sent: bytes, status: int) -> Any:
    got, body = await caller.call(sent)
    assert got == status, (got, body, sent)
    return body


def report_of(job: dict[str, Any]) -> dict[str, Any]:
    """The report of a job of which everything fell."""
    doses = [
        {
            w.ITEM_ORDER: dose[w.ORDER],
            w.JAR: dose[w.JAR],
            w.SPICE: dose[w.SPICE],
            w.QUANTITY_G: dose[w.QUANTITY_G],
            w.AT_LEAST_G: dose[w.QUANTITY_G],
            w.SECONDS: dose[w.SECONDS],
            w.RESUMES: 0,
            w.STATUS: w.DONE,
        }
        for dose in job[w.ITEMS]
    ]
    return {w.COMPLETED: len(doses), w.FAILED_COUNT: 0, w.LOGS: doses}
