"""What a simulated board needs of the machine that it is part of."""

import asyncio
from typing import Protocol

from yaguts_device.hal.configuration import Told
from yaguts_sim.device.access_point import Visitor
from yaguts_sim.device.files import SimFiles
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.device.outputs import SimOutputs
from yaguts_sim.engine.clock import Microseconds
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.network.network import Network


class Hardware(Protocol):
    """The machine, as one boot of the firmware reaches it."""

    number: int
    uid: str
    jars: int
    flash: SimFlash
    files: SimFiles
    slot: str
    bitten: bool
    memory: bytes
    outputs: SimOutputs
    network: Network
    timeline: Timeline
    sensed: dict[int, int]
    clock_offset_us: Microseconds | None
    ticks_offset: int
    drawn: int
    button_held: bool
    button_fell: bool
    button_awaited: "asyncio.Future[None] | None"
    shown: list[tuple[Microseconds, int]]
    told: Told
    visitors: list[Visitor]
    failing: str
    broken: str
    restarts: int

    @property
    def who(self) -> str:
        """The machine's name in the timeline."""
        ...

    @property
    def boots(self) -> int:
        """How often it has booted."""
        ...

    def open(self, jar: int, for_ms: int) -> None:
        """Open a jar. `Halted` when the power fails over it."""
        ...

    def extend(self, jar: int, by_ms: int) -> None:
        """Lengthen a jar's pulse. `Halted` when the power fails over it."""
        ...

    def all_dark(self) -> None:
        """Switch every relay off."""
        ...

    def shake(self, percent: int) -> None:
        """Set the motor's strength."""
        ...

    def reset(self, why: str) -> None:
        """Start the interpreter anew."""
        ...

    def set_clock(self, unix_s: int) -> None:
        """Set the clock."""
        ...

    def line_step(self, what: str) -> None:
        """Take a network step. `Halted` when the power fails at it."""
        ...

    def heard(self, data: bytes) -> None:
        """Take note of received bytes."""
        ...
