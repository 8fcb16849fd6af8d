"""A server that offers jobs and a release, over lines that break at any byte."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yaguts_sim.engine.clock import US_PER_MS, US_PER_S, Loop, Microseconds, World
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.kinds import Trigger
from yaguts_sim.faults.schedule import FaultSchedule
from yaguts_sim.network.network import DataListener, StepListener
from yaguts_sim.network.times import TimeSources
from yaguts_sim.updates.signing import SignedRelease
from yaguts_wire import update_words as u
from yaguts_wire import words as w
from yaguts_wire.codec import encode
from yaguts_wire.server_messages import build_job

LATENCY_US: Microseconds = 5 * US_PER_MS
DOSE_MG, DOSE_MS = 1000, 1000
_OCTETS, _JSON = b"application/octet-stream", b"application/json"
_ENDLESS = 1 << 20

ToldState = tuple[int, str, str]
"""Of which release, its state, the reason."""


@dataclass
class ScriptedJob:
    """A job of one dose. It is offered once `due()`."""

    number: int
    due: Callable[[], bool]
    accepted: set[int] = field(default_factory=set[int])
    reports: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def key(self) -> str:
        return f"{self.number:032x}"

    def offered(self) -> dict[str, Any]:
        """The message that offers it."""
        dose = {"id": 1, "order": 1, "jar": 1, "spice": "Sal", "status": w.PENDING}
        return build_job(
            {
                "id": self.number,
                "job_key": self.key,
                "ttl_s": 3600,
                "status": w.QUEUED,
                "recipe_id": 1,
                "people": 1,
                "multiplier": 1,
                "created_at": "2026-11-28T12:00:00Z",
                "started_at": None,
                "doses": [{**dose, "quantity_mg": DOSE_MG, "duration_ms": DOSE_MS}],  # type: ignore[typeddict-item]
                "motor": {
                    "intensity": 0,
                    "pre_start_ms": 0,
                    "post_stop_ms": 0,
                    "max_runtime_s": 60,
                },
                "asks": False,
            }
        )


@dataclass(frozen=True)
class Answer:
    """The answer to a request, after so long. `length`: what it says of itself; None: chunks."""

    status: int
    body: bytes = b""
    kind: bytes = _JSON
    after: Microseconds = 0
    endless: bool = False

    def written(self) -> bytes:
        """As bytes on the line."""
        lines = [b"HTTP/1.1 %d X" % self.status, b"content-type: " + self.kind]
        if self.endless:
            lines.append(b"transfer-encoding: chunked")
            return b"\r\n".join(lines) + b"\r\n\r\n" + b"400\r\n" + bytes(_ENDLESS)
        if self.status != 204:
            lines.append(b"content-length: %d" % len(self.body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


class UpdateServer:
    """What a server knows of one dispenser. `release`: what it offers; None when nothing."""

    def __init__(self, release: SignedRelease | None) -> None:
        self.release = release
        self.jobs: list[ScriptedJob] = []
        self.told: list[ToldState] = []
        self.facts: dict[str, Any] = {}
        self.pieces = 0
        self.reported_at: Microseconds = 0
        self.now: Callable[[], Microseconds] = lambda: 0
        self.endless = ""
        """A word in the address of what has no end."""
        self.silent_to: Callable[[], bool] = lambda: False

    def has_heard(self, state: str) -> bool:
        """Whether the board has told this state of the release."""
        return any(told == state for _, told, _ in self.told)

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        """The answer to a request."""
        path, _, query = target.partition("?")
        if path == "/devices/claim":
            return _json({w.DEVICE_ID: 1, w.DEVICE_TOKEN: "t" * 43, w.HEARTBEAT_S: 30})
        if path == "/devices/me/heartbeat":
            return self._heartbeat(json.loads(body))
        if path == "/devices/me/next_job":
            return self._next_job(int(query.partition("=")[2]))
        if path.startswith("/devices/me/jobs/"):
            return self._of_job(path.split("/")[4:], json.loads(body))
        if path.startswith("/devices/me/firmware/") and method == "GET":
            return self._of_release(path.split("/")[4:], query)
        return Answer(404, b"{}")

    def _heartbeat(self, message: dict[str, Any]) -> Answer:
        status = message[w.STATUS]
        self.facts.update(status)
        news = status.get(u.UPDATE)
        if news:
            told = (news[u.RELEASE], news[u.STATE], news.get(u.REASON, ""))
            if told not in self.told[-1:]:
                self.told.append(told)
        answer: dict[str, Any] = {w.OK: True}
        if self.release and self.facts.get(u.RELEASE) != self.release.number:
            answer[u.UPDATE_OFFERED] = {u.RELEASE: self.release.number, "server": "0.2.0"}
        return _json(answer)

    def _next_job(self, wait_s: int) -> Answer:
        for job in self.jobs:
            if not job.reports:
                return _json(job.offered()) if job.due() else Answer(204, after=wait_s * US_PER_S)
        return Answer(204, after=wait_s * US_PER_S)

    def _of_job(self, parts: list[str], message: dict[str, Any]) -> Answer:
        job = next(job for job in self.jobs if job.number == int(parts[0]))
        if parts[1] == "accept":
            if job.reports:
                return Answer(409, b"{}")
            job.accepted.add(message[w.ACCEPTANCE])
            return _json({w.OK: True, w.JOB_KEY: job.key})
        if parts[1] == "complete":
            job.reports.append(message)
            self.reported_at = self.now()
            return _json({w.OK: True, w.STOCK_DEDUCTED: True})
        return _json({w.OK: True})

    def _of_release(self, parts: list[str], query: str) -> Answer:
        release = self.release
        if not release or int(parts[0]) != release.number:
            return Answer(404, b"{}")
        if self.endless and parts[1] == self.endless:
            return Answer(200, kind=_OCTETS, endless=True)
        if parts[1] == "manifest":
            return Answer(200, release.manifest, _OCTETS)
        if parts[1] == "signature":
            return Answer(200, release.signature, _OCTETS)
        self.pieces += 1
        content = list(release.files.values())[int(parts[2])]
        offset = int(query.partition("=")[2])
        if offset > len(content):
            return Answer(416, b"{}")
        return Answer(200, content[offset : offset + u.PIECE_BYTES], _OCTETS)


def _json(message: dict[str, Any]) -> Answer:
    return Answer(200, encode(message))


class UpdateNetwork:
    """The network of one dispenser. An answer may end at any byte: then the line is gone."""

    def __init__(
        self, world: World, server: UpdateServer, faults: FaultSchedule, timeline: Timeline
    ) -> None:
        self.world, self.server = world, server
        server.now = lambda: world.now
        self.faults, self.timeline = faults, timeline
        self.times = TimeSources(world)
        self.wifi_down_until: Microseconds = 0
        self.down_until: Microseconds = 0
        self.delays = 0
        self.answers: list[bytes] = []
        """Each whole answer, in the order in which they were sent."""
        self.on_answer: Callable[[int, bytes], None] = lambda _number, _data: None
        self._lines: list[_CutLine] = []

    @property
    def open_lines(self) -> int:
        """How many connections there are."""
        return sum(not line.gone for line in self._lines)

    async def connect(
        self, loop: Loop, step: StepListener, _heard: DataListener
    ) -> tuple[asyncio.StreamReader, "_CutLine"]:
        """A new connection. OSError when the server does not answer this dispenser."""
        step("connect")
        await asyncio.sleep(LATENCY_US / US_PER_S)
        if self.world.now < self.down_until or self.server.silent_to():
            raise OSError(110, "ETIMEDOUT")
        line = _CutLine(self, loop, step)
        self._lines.append(line)
        return line.reader, line

    def close_all(self) -> None:
        """End every connection: the dispenser died."""
        for line in self._lines:
            line.gone = True
        self._lines.clear()


class _CutLine:
    """One connection, and the writing end that the firmware uses."""

    def __init__(self, network: UpdateNetwork, loop: Loop, step: StepListener) -> None:
        self.reader = asyncio.StreamReader(loop=loop)
        self.gone = False
        self._network, self._loop, self._step = network, loop, step
        self._sent = b""

    def write(self, data: bytes) -> None:
        self._step("send")
        if not self.gone:
            self._sent += bytes(data)
            self._take_requests()

    async def drain(self) -> None:
        """Does nothing: what is written is on its way."""

    def close(self) -> None:
        self.gone = True

    async def wait_closed(self) -> None:
        """Does nothing: closing takes no time."""

    def _take_requests(self) -> None:
        head, end, rest = self._sent.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        length = sum(int(line[15:]) for line in lines if line.lower().startswith(b"content-length"))
        if end and len(rest) >= length:
            self._sent = rest[length:]
            method, target, _ = lines[0].decode().split(" ")
            self._network.world.after(LATENCY_US, self._ask, method, target, rest[:length])

    def _ask(self, method: str, target: str, body: bytes) -> None:
        if not self.gone and self._network.world.now >= self._network.down_until:
            answer = self._network.server.answer(method, target, body)
            self._network.world.after(LATENCY_US + answer.after, self._give, answer.written())

    def _give(self, data: bytes) -> None:
        network = self._network
        if self.gone or network.world.now < network.down_until:
            return
        number = len(network.answers)
        network.answers.append(data)
        network.on_answer(number, data)
        fault = network.faults.at(Trigger.REQUEST, number)
        if fault is not None:
            data = data[: int(fault.mode)]
        self._loop.at(network.world.now, self._receive, data, fault is not None)

    def _receive(self, data: bytes, ends: bool) -> None:
        if not self.gone:
            self._step("receive")
            self.reader.feed_data(data)
            if ends:
                self.reader.feed_eof()
            self._step("received")
