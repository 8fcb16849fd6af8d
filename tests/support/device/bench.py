"""One simulated dispenser with the real firmware, and a scripted server: the bench.

The hardware takes no time of its own here, so that a test can tell the firmware's pauses exactly.
"""

from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

from tests.support.device.counter import STARTED_S, Counter
from tests.support.device.flash import cut_in_write
from yaguts_sim.device.board import SimBoard
from yaguts_sim.device.firmware import firmware
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.device.machine import Delays, Machine
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S, Halted, Loop, Microseconds, World
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.kinds import Torn
from yaguts_sim.faults.schedule import FaultSchedule
from yaguts_sim.network.network import DataListener, Network, StepListener
from yaguts_sim.server.asgi import AsgiMessage, Receive, Send
from yaguts_sim.server.process import ServerProcess

UID = "bench-1"
CODE = "123456"
NO_DELAYS = Delays(boot=0, flash_cell=0, flash_blob=0)


class Bench:
    """What outlives a boot: the dispenser's hardware, and the server that it is connected to.

    Its clock has a battery: it knows how long an outage was.
    """

    def __init__(self, server: Counter | None = None, flash: SimFlash | None = None) -> None:
        self.world = World()
        self.flash = flash or SimFlash()
        self._counting = Loop(self.world, "counter")
        self.counter = server or Counter()
        network = _CounterNetwork(self.world, self.counter, self._counting)
        self.machine = Machine(0, UID, self.flash, network, firmware(), Random(0), NO_DELAYS)
        self.machine.keeps_time = True
        self.machine.clock_offset_us = STARTED_S * US_PER_S

    @property
    def now_s(self) -> float:
        return self.world.now / US_PER_S

    def boot(self, code: str = CODE) -> None:
        """Apply power: a new interpreter, the same flash."""
        self.machine.firmware = firmware(code)
        self.machine.power_on()

    def board(self) -> SimBoard:
        """The board of a boot that does nothing by itself."""
        self.run(_do_nothing)
        return self.machine.lives[-1]

    def run(self, program: Callable[[SimBoard], Coroutine[Any, Any, None]], ms: int = 0) -> None:
        """Boot another program, and let so much time pass."""
        self.machine.firmware = program
        self.machine.power_on()
        self.wait(ms / 1000)

    def serve(self, ms: int, code: str = CODE) -> None:
        """One boot that ends, with a power cut, after so long."""
        self.boot(code)
        self.wait(ms / 1000)
        self.unplug()

    def unplug(self) -> None:
        """Cut the power. Fails if the firmware or the server had ended by an error."""
        self.machine.power_off("the plug is pulled")
        assert self.machine.failures == self._counting.failures == []

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.world.run(self.world.now + round(seconds * US_PER_S))

    def serve_until_cut_in_write(self, number: int, torn: Torn, code: str = CODE) -> None:
        """One boot that ends in a write to flash, the one of this number from now."""
        cut_in_write(self.flash, number, torn, self.unplug)
        self.boot(code)
        end = self.world.now + 90 * US_PER_S
        assert self.world.run(end, lambda: not self.machine.powered), "no write has this number"

    @property
    def pulses(self) -> list[tuple[int, int, int]]:
        """Each pulse that is over: the jar, and from when to when it was open, in milliseconds."""
        openings = self.machine.scales.openings
        return [(one.jar, _ms(one.start), _ms(one.end)) for one in openings]

    @property
    def shaken(self) -> list[tuple[int, int]]:
        """When the motor was set, in milliseconds, and to how many percent."""
        return [(_ms(at), percent) for at, percent in self.machine.shaken]

    def on_ms(self, jar: int) -> float:
        """How long a jar was open, in all pulses that are over."""
        openings = self.machine.scales.openings
        return sum(one.end - one.start for one in openings if one.jar == jar) / US_PER_MS


class _CounterNetwork(Network):
    """A network that leads to a counter."""

    def __init__(self, world: World, counter: Counter, loop: Loop) -> None:
        timeline = Timeline(world)
        server, faults = ServerProcess(world, _answer_nothing), FaultSchedule((), timeline)
        super().__init__(world, server, faults, timeline, Random(0), 0)
        self._counter, self._loop = counter, loop
        self.times.began_s = STARTED_S

    async def connect(
        self,
        loop: Loop,
        step: StepListener,
        heard: DataListener,  # noqa: ARG002
    ) -> tuple[Any, Any]:
        step("connect")

        def insist_on_power() -> None:
            if loop.dead:
                raise Halted

        return await self._counter.connect(insist_on_power, self._loop)


def _ms(at: Microseconds) -> int:
    return round(at / US_PER_MS)


async def _do_nothing(_board: SimBoard) -> None:
    pass


async def _answer_nothing(_scope: AsgiMessage, _receive: Receive, _send: Send) -> None:
    pass
