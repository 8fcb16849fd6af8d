"""Dispensers that wait in their polls: thousands in one process of this computer.

Each has a kept connection and does as firmware 0.2 does: it sends a heartbeat, then asks again as
soon as it is answered, and sends a heartbeat between two polls when it is due, which is after each
second one. A job that comes is noted with its moment and accepted. The next poll says that it is
held.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.harness.calls import HERE, as_dispenser, length_of, request, status_of
from benchmarks.harness.kitchens import Dispenser
from benchmarks.harness.scale import BEAT_S
from yaguts_device import VERSION
from yaguts_wire import words as w
from yaguts_wire.limits import MAX_POLL_S

AT_ONCE = 100
POLLS_A_BEAT = BEAT_S // MAX_POLL_S
BEAT = "/devices/me/heartbeat"
PATH = f"/devices/me/next_job?wait={MAX_POLL_S}"


@dataclass
class Seen:
    """What the dispensers of a process saw: the moment of each one's job, and what went wrong."""

    woken_at: dict[int, float] = field(default_factory=dict[int, float])
    polls: int = 0
    errors: list[str] = field(default_factory=list[str])


def heartbeat(token: str, number: int) -> bytes:
    """A heartbeat of a board that is well."""
    status = {"rssi": -40 - number % 50, "heap": 90_000 + number}
    told = {w.FIRMWARE: VERSION, w.STATUS: status}
    return request("POST", BEAT, as_dispenser(token), body=told)


class Polling(asyncio.Protocol):
    """The connection of one dispenser."""

    def __init__(self, dispenser: Dispenser, seen: Seen) -> None:
        self._dispenser, self._seen = dispenser, seen
        self._holding, self._is_told, self._got = "", False, b""
        self._polls = dispenser.id % POLLS_A_BEAT  # Not all of them beat at the same time.
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._beat()

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found or len(body) < length_of(head + b"\r\n"):
            return
        self._got = b""
        self._heed(status_of(head), body)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self._seen.errors.append(f"connection lost: {exc}")

    def _heed(self, status: int, body: bytes) -> None:
        """Accept a job that is offered, and ask for the next one otherwise."""
        if status == 200 and not self._is_told:
            self._seen.woken_at[self._dispenser.id] = time.monotonic()
            self._accept(json.loads(body))
            return
        if status != (200 if self._is_told else 204):
            self._seen.errors.append(f"status {status}")
        if self._polls % POLLS_A_BEAT or self._is_told:
            self._is_told = False
            self._ask()
        else:
            self._beat()

    def _accept(self, job: dict[str, Any]) -> None:
        self._holding, self._is_told = job[w.JOB_KEY], True
        body = {w.JOB_KEY: self._holding, w.ACCEPTANCE: job["id"]}
        self._send("POST", f"/devices/me/jobs/{job['id']}/accept", body)

    def _beat(self) -> None:
        assert self._transport is not None
        self._is_told = True
        self._transport.write(heartbeat(self._dispenser.token, self._polls))

    def _ask(self) -> None:
        self._polls += 1
        self._seen.polls += 1
        self._send("GET", PATH, None, f"{w.HOLDING_HEADER}: {self._holding}")

    def _send(self, method: str, path: str, body: object, *headers: str) -> None:
        assert self._transport is not None
        token = as_dispenser(self._dispenser.token)
        self._transport.write(request(method, path, token, *headers, body=body))


def hold(told: Connection, port: int, dispensers: Sequence[Dispenser], spread_s: float) -> None:
    """Begin the polls evenly within `spread_s`, say so, hold them until told to end, say what was
    seen.
    """
    asyncio.run(_hold(told, port, dispensers, spread_s))


async def _hold(
    told: Connection, port: int, dispensers: Sequence[Dispenser], spread_s: float
) -> None:
    seen, loop = Seen(), asyncio.get_running_loop()
    began = loop.time()
    for place in range(0, len(dispensers), AT_ONCE):
        some = dispensers[place : place + AT_ONCE]
        made = (partial(Polling, one, seen) for one in some)
        await asyncio.gather(*(loop.create_connection(one, HERE, port) for one in made))
        await asyncio.sleep(began + (place + AT_ONCE) / len(dispensers) * spread_s - loop.time())
    told.send(len(dispensers))
    await asyncio.to_thread(told.recv)
    errors = list(seen.errors)  # before the connections are closed
    told.send(Seen(seen.woken_at, seen.polls, errors))
