"""A dispenser's relays. A pulse ends by itself, even when the interpreter is dead."""

import asyncio
from collections.abc import Callable

from yaguts_sim.device.scales import Scales
from yaguts_sim.engine.clock import Microseconds, World


class SimOutputs:
    """Relays with one-shot pulses. `edge` is called before and after every change."""

    def __init__(self, world: World, scales: Scales, edge: Callable[[str, int], None]) -> None:
        self.world = world
        self.scales = scales
        self.dead_relays: set[int] = set()
        self.switches = 0
        self._edge = edge
        self._pulses: dict[int, tuple[Microseconds, asyncio.Handle]] = {}

    def open(self, jar: int, span: Microseconds, job: str | None) -> None:
        """Start a pulse of this length; it replaces a running one."""
        self._edge("before", jar)
        if jar not in self.dead_relays:
            self._stop_timer(jar)
            self.scales.open(jar, self.world.now, job)
            self.switches += 1
            self._arm(jar, self.world.now + span)
        self._edge("after", jar)

    def extend(self, jar: int, span: Microseconds, job: str | None) -> None:
        """Lengthen the running pulse; start one when none runs."""
        if jar not in self._pulses:
            self.open(jar, span, job)
            return
        end, _ = self._pulses[jar]
        self._stop_timer(jar)
        self._arm(jar, end + span)

    def close(self, jar: int) -> Microseconds:
        """End the pulse now. What was left of it."""
        if jar not in self._pulses:
            return 0
        self._edge("before", jar)
        end, _ = self._pulses[jar]
        self._stop_timer(jar)
        self.scales.close(jar, self.world.now)
        self.switches += 1
        self._edge("after", jar)
        return end - self.world.now

    def all_off(self) -> None:
        """Switch every relay off, at a power cut or a start of the firmware."""
        for jar in list(self._pulses):
            self._stop_timer(jar)
            self.scales.close(jar, self.world.now)

    def left(self, jar: int) -> Microseconds:
        """How long the pulse of a jar still runs."""
        return self._pulses[jar][0] - self.world.now if jar in self._pulses else 0

    @property
    def on(self) -> tuple[int, ...]:
        """The jars with a running pulse."""
        return tuple(self._pulses)

    def _arm(self, jar: int, end: Microseconds) -> None:
        self._pulses[jar] = (end, self.world.at(end, self._ended, jar))

    def _stop_timer(self, jar: int) -> None:
        pulse = self._pulses.pop(jar, None)
        if pulse is not None:
            pulse[1].cancel()

    def _ended(self, jar: int) -> None:
        del self._pulses[jar]
        self.scales.close(jar, self.world.now)
        self.switches += 1
        self._edge("ended", jar)
