"""The network between a dispenser and the server. Faults lose, delay, double or replace bytes.

A connection carries one request after the other. Faults count a dispenser's connections and its
requests. One small function a kind of fault says what it does to the bytes.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from random import Random

from yaguts_sim.engine.clock import US_PER_MS, US_PER_S, Loop, Microseconds, World
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.kinds import Fault, FaultKind, Trigger
from yaguts_sim.faults.schedule import FaultSchedule
from yaguts_sim.network.endless import EndlessOffers
from yaguts_sim.network.endpoint import Endpoint
from yaguts_sim.network.foreign import foreign_answer
from yaguts_sim.network.garbage import garbled, is_report, loses_key
from yaguts_sim.network.times import TimeSources
from yaguts_sim.server.process import ServerProcess

_REPORT = re.compile(rb'/complete HTTP.*"job_key":"(\w+)"', re.DOTALL)

_MINUTE = 60 * US_PER_S

StepListener = Callable[[str], None]
"""Called at each network step of a dispenser. `Halted` if its power fails there."""

DataListener = Callable[[bytes], None]
"""Called with the bytes that a dispenser receives."""


class Network:
    """One dispenser's network."""

    def __init__(
        self,
        world: World,
        server: ServerProcess,
        faults: FaultSchedule,
        timeline: Timeline,
        random: Random,
        board: int,
    ) -> None:
        self.world, self.server, self.faults = world, server, faults
        self.timeline, self.board = timeline, board
        self.times = TimeSources(world)
        self.endless_offers = EndlessOffers(world)
        self.wifi_down_until: Microseconds = 0
        self.down_until: Microseconds = 0
        self.portal_until: Microseconds = 0
        self.portal = "portal"
        self.reports_refused_until: Microseconds = 0
        self.refusal = ""
        self.next_report_refused = ""
        self.refused: set[bytes] = set()
        """The keys of the jobs of which a report was refused."""
        self.refused_for_good: dict[bytes, str] = {}
        """How the reports of a job are refused, by its key."""
        self.requests = 0
        self.reports = 0
        self.may_lose_keys = True
        self.garbled: dict[bytes, bytes] = {}
        self.requests_by_minute: Counter[int] = Counter()
        self.delays = 0
        self._random = random
        self._connections = 0
        self._lines: list[SimConnection] = []

    @property
    def who(self) -> str:
        return f"line {self.board + 1}"

    @property
    def open_lines(self) -> int:
        """How many connections the server would see end if the dispenser lost power."""
        return sum(not line.dead for line in self._lines)

    async def connect(
        self, loop: Loop, step: StepListener, heard: DataListener
    ) -> tuple[asyncio.StreamReader, "ConnectionWriter"]:
        """A new connection to the server. OSError when a fault prevents it."""
        step("connect")
        self._connections += 1
        fault = self.faults.at(Trigger.CONNECT, self._connections - 1, self.board)
        await asyncio.sleep(self.latency() / 1_000_000)
        if fault is not None:
            await self._fail(fault.mode)
        if self.world.now < self.down_until:
            await self._fail("silent")
        if not self.server.up:
            await self._fail("refused")
        step("connected")
        line = SimConnection(self, loop, step, heard)
        self._lines = [line for line in self._lines if not line.dead]
        self._lines.append(line)
        return line.reader, ConnectionWriter(line)

    async def _fail(self, mode: str) -> None:
        if mode == "silent":
            await asyncio.sleep(75)
        raise OSError({"refused": 111, "dns": -2, "tls": -0x2700}.get(mode, 110), mode)

    def latency(self) -> Microseconds:
        """How long the next bytes take, to the server or back."""
        self.delays += 1
        return self._random.randint(2_000, 20_000)

    def refusal_of(self, data: bytes) -> str:
        """How a request is refused because it is a report; empty when it is not."""
        report = _REPORT.search(data)
        if report is None:
            return ""
        key = report[1]
        if self.next_report_refused:
            self.refused_for_good[key], self.next_report_refused = self.next_report_refused, ""
        refusal = self.refused_for_good.get(key, "")
        if not refusal and self.world.now < self.reports_refused_until:
            refusal = self.refusal
        if refusal:
            self.refused.add(key)
            self.timeline.note("network", f"refuses a report of {self.who} with {refusal}")
        return refusal

    def lose_wifi(self, span: Microseconds) -> None:
        """Lose everything under way, silently, and let nothing through for so long."""
        self.wifi_down_until = self.world.now + span
        self.lose_internet(span)

    def lose_internet(self, span: Microseconds) -> None:
        """Let nothing through for so long, although the Wi-Fi is there."""
        self.down_until = self.world.now + span
        for line in self._lines:
            line.go_silent()
        self._lines.clear()

    def reset_all(self) -> None:
        """Reset every connection, because the server died."""
        for line in self._lines:
            line.end()
        self._lines.clear()

    def close_all(self) -> None:
        """Close every connection, because the dispenser died."""
        for line in self._lines:
            line.close()
        self._lines.clear()


class SimConnection:
    """One connection, seen from both ends."""

    def __init__(
        self, network: Network, loop: Loop, step: StepListener, heard: DataListener
    ) -> None:
        self.network = network
        self.reader = asyncio.StreamReader(loop=loop)
        self.dead = False
        self._loop = loop
        self._step = step
        self._heard = heard
        self._sending = bytearray()
        self._fault: Fault | None = None
        self._endpoint = Endpoint(network.server, network.board, self._answered, self._hung_up)

    def write(self, data: bytes) -> None:
        """Send bytes for the dispenser. Bytes of one instant travel together."""
        self._step("send")
        if self.dead:
            return
        if not self._sending:
            self.network.world.after(self.network.latency(), self._arrive)
        self._sending += data

    def close(self) -> None:
        """Close the connection for the dispenser."""
        if not self.dead:
            self.dead = True
            self.network.world.after(self.network.latency(), self._endpoint.closed)

    def go_silent(self) -> None:
        """Lose all further bytes. Neither side is told."""
        self.dead = True

    def end(self) -> None:
        """Let the dispenser see the end of the connection."""
        if not self.dead:
            self.dead = True
            self._on_loop(self.reader.feed_eof)

    def feed(self, data: bytes) -> None:
        """Give bytes to the dispenser."""
        if not self.dead:
            self._on_loop(self._receive, data)

    def pass_on(self, data: bytes) -> None:
        """Give bytes to the server."""
        self._endpoint.data(data)

    def _on_loop(self, callback: Callable[..., object], *args: object) -> None:
        self._loop.at(self.network.world.now, callback, *args)

    def _receive(self, data: bytes) -> None:
        if not self.dead:
            self._step("receive")
            self.reader.feed_data(data)
            self._heard(data)
            self._step("received")

    def _arrive(self) -> None:
        data, self._sending = bytes(self._sending), bytearray()
        network = self.network
        if self.dead or network.world.now < network.down_until:
            return
        count, network.requests = network.requests, network.requests + 1
        network.requests_by_minute[network.world.now // _MINUTE] += 1
        self._fault = network.faults.at(Trigger.REQUEST, count, network.board)
        if is_report(data):
            count, network.reports = network.reports, network.reports + 1
            self._fault = self._fault or network.faults.at(Trigger.REPORT, count, network.board)
        if self._fault is None and network.world.now < network.portal_until:
            foreign = foreign_answer(network.portal)
            network.world.after(network.latency(), self.feed, foreign)
        elif self._fault is None and (offer := network.endless_offers.answer_to(data)):
            network.world.after(network.latency(), self.feed, offer)
        elif self._fault is None and (refusal := network.refusal_of(data)):
            network.world.after(network.latency(), self.feed, foreign_answer(refusal))
        elif self._fault is None:
            self.pass_on(data)
        else:
            _EFFECTS_ON_REQUESTS.get(self._fault.kind, _pass_on)(self, self._fault, data)

    def _answered(self, data: bytes) -> None:
        fault, self._fault = self._fault, None
        network = self.network
        network.endless_offers.note(data)
        data = network.times.dated(data)
        if fault is None:
            network.world.after(network.latency(), self.feed, data)
        else:
            _EFFECTS_ON_ANSWERS.get(fault.kind, _answer)(self, fault, data)

    def _hung_up(self) -> None:
        self.network.world.after(self.network.latency(), self.end)


class ConnectionWriter:
    """The part of asyncio's StreamWriter that the firmware uses."""

    def __init__(self, line: SimConnection) -> None:
        self._line = line

    def write(self, data: bytes) -> None:
        self._line.write(bytes(data))

    async def drain(self) -> None:
        """Does nothing: what is written is on its way."""

    def close(self) -> None:
        self._line.close()

    async def wait_closed(self) -> None:
        """Does nothing: closing takes no time."""


# Effects on a request


def _pass_on(line: SimConnection, _fault: Fault, data: bytes) -> None:
    line.pass_on(data)


def _break_off(line: SimConnection, fault: Fault, data: bytes) -> None:
    line.pass_on(data[: len(data) * int(fault.mode) // 1000])
    line.close()


def _delay(line: SimConnection, fault: Fault, data: bytes) -> None:
    line.network.world.after(fault.span_ms * US_PER_MS, line.pass_on, data)


def _double(line: SimConnection, fault: Fault, data: bytes) -> None:
    """The bytes reach the server twice, the second time over a connection without a listener."""
    line.pass_on(data)
    network = line.network
    echo = Endpoint(network.server, network.board, lambda _data: None, lambda: None)
    network.world.after(fault.span_ms * US_PER_MS, echo.data, data)


def _garble(line: SimConnection, fault: Fault, data: bytes) -> None:
    """Garbage arrives in place of the report.

    Garbage without a key is believed as to its job. After a restore the number may be another
    job's, so that only garbage with a key is sent then.
    """
    if loses_key(fault.mode) and not line.network.may_lose_keys:
        line.pass_on(data)
        return
    garbage, report, body = garbled(data, fault.mode)
    line.network.garbled[body] = report
    line.pass_on(garbage)


def _replace(line: SimConnection, fault: Fault, data: bytes) -> None:
    if fault.mode.endswith(" after the server"):
        line.pass_on(data)
    else:
        line.network.world.after(line.network.latency(), line.feed, foreign_answer(fault.mode))


# Effects on an answer


def _answer(line: SimConnection, _fault: Fault, data: bytes) -> None:
    line.network.world.after(line.network.latency(), line.feed, data)


def _answer_in_part(line: SimConnection, fault: Fault, data: bytes) -> None:
    """The beginning arrives. Then the connection ends, or goes silent."""
    world = line.network.world
    later = line.network.latency()
    world.after(later, line.feed, data[: len(data) * int(fault.mode) // 1000])
    world.after(later, line.end if fault.span_ms else line.go_silent)


def _answer_late(line: SimConnection, fault: Fault, data: bytes) -> None:
    line.network.world.after(fault.span_ms * US_PER_MS, line.feed, data)


def _answer_twice(line: SimConnection, _fault: Fault, data: bytes) -> None:
    line.network.world.after(line.network.latency(), line.feed, data + data)


def _answer_replaced(line: SimConnection, fault: Fault, _data: bytes) -> None:
    mode = fault.mode.removesuffix(" after the server")
    line.network.world.after(line.network.latency(), line.feed, foreign_answer(mode))


FaultEffect = Callable[[SimConnection, Fault, bytes], None]
_EFFECTS_ON_REQUESTS: dict[FaultKind, FaultEffect] = {
    FaultKind.BROKEN_REQUEST: _break_off,
    FaultKind.LATE_REQUEST: _delay,
    FaultKind.DOUBLE_REQUEST: _double,
    FaultKind.FOREIGN_ANSWER: _replace,
    FaultKind.GARBAGE: _garble,
}
_EFFECTS_ON_ANSWERS: dict[FaultKind, FaultEffect] = {
    FaultKind.BROKEN_ANSWER: _answer_in_part,
    FaultKind.LATE_ANSWER: _answer_late,
    FaultKind.DOUBLE_ANSWER: _answer_twice,
    FaultKind.FOREIGN_ANSWER: _answer_replaced,
}
