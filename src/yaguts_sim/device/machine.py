"""A dispenser's hardware: power, flash, outputs, clock. Each boot starts a new interpreter."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

from yaguts_device.core import dose_machine
from yaguts_device.core.tick import TICK_AT
from yaguts_sim.device.access_point import Visitor
from yaguts_sim.device.board import TOLD, SimBoard
from yaguts_sim.device.files import SimFiles
from yaguts_sim.device.flash import FlashKey, SimFlash
from yaguts_sim.device.outputs import SimOutputs
from yaguts_sim.device.scales import Scales
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S, Halted, Loop, Microseconds, World
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.kinds import Fault, FaultKind, Torn, Trigger
from yaguts_sim.faults.schedule import FaultSchedule
from yaguts_sim.network.network import Network

Firmware = Callable[[SimBoard], Coroutine[Any, Any, object]]
"""The program of a boot, in place of `boot.py` and `main.py`."""
PointListener = Callable[[Trigger, int, str, FlashKey | None], None]
"""Called at each point at which the power can fail: its kind, its number, what is done, the key."""

_COPIES = {"_a": "_b", "_b": "_a"}
"""How the keys of the journal's two copies of a job, or of a parked report, end."""
FOR_EVER: Microseconds = 1 << 62
_HEARD_WITHIN_US = 100 * US_PER_MS
"""A press is shorter than that only by a bounce."""
WATCHDOG = "watchdog"
"""Why a machine resets when its interpreter hangs."""
_TOLD_TO_CANCEL = b'"cancelar":true'


@dataclass(frozen=True, slots=True)
class Delays:
    """How long the hardware takes, in microseconds.

    `boot`: from power, or a reset, to the first line of Python.
    """

    boot: Microseconds = 350 * US_PER_MS
    flash_cell: Microseconds = 2 * US_PER_MS
    flash_blob: Microseconds = 60 * US_PER_MS


_ESP32 = Delays()


def _faded(data: bytes, random: Random) -> bytes:
    if not data:
        return data
    faded = bytearray(data)
    bit = random.randrange(8 * len(faded))
    faded[bit // 8] ^= 1 << bit % 8
    return bytes(faded)


class Machine:
    """One dispenser of the kitchen, numbered from 0. `keeps_time`: its clock has a battery."""

    def __init__(
        self,
        number: int,
        uid: str,
        flash: SimFlash,
        network: Network,
        firmware: Firmware,
        random: Random,
        delays: Delays = _ESP32,
    ) -> None:
        self.number, self.uid, self.jars = number, uid, 4
        self.world: World = network.world
        self.faults: FaultSchedule = network.faults
        self.timeline: Timeline = network.timeline
        self.flash, self.network = flash, network
        self.files = SimFiles()
        self.slot = ""
        """The slot that the firmware runs from; "" when it lies in none."""
        self.bitten, self.began_cold = False, True
        """Whether the watchdog has started it; whether power has, and no reset."""
        self.scales = Scales()
        self.outputs = SimOutputs(self.world, self.scales, self._edge)
        self.sensed: dict[int, int] = {}
        self.allowed_job: str | None = None
        self.stop_heard_at: Microseconds | None = None
        self.clock_offset_us: Microseconds | None = None
        self.ticks_offset = random.choice((0, 5_000, 2**30 - 9_000, 2**30 - 31_000))
        self.shaken: list[tuple[Microseconds, int]] = []
        self.button_held = self.button_fell = False
        self.button_awaited: asyncio.Future[None] | None = None
        self.press_heard_at: Microseconds | None = None
        """When the firmware must have heard that the button was pressed while a jar was open."""
        self.stopped_job: tuple[str | None, int, int] | None = None
        """The job that was stopped so, how often it had booted then, and restarted."""
        self.deaf_until: Microseconds = -1
        """Until then the firmware cannot hear the button."""
        self.broken = ""
        """Which call of the panel fails for good."""
        self.shown: list[tuple[Microseconds, int]] = []
        """When the LED was set, and to which state."""
        self.told = TOLD
        self.visitors: list[Visitor] = []
        self.failing = ""
        """Which call of the board fails. "send": there is no memory for what is to be sent."""
        self.restarts = self.drawn = self._starts = 0
        self.begun: list[Microseconds] = []
        """When the firmware began to write a new job into its journal."""
        self.keeps_time, self.memory = False, b""
        self.on_pulse: Callable[[Machine, int], None] = lambda _machine, _jar: None
        self.on_clock: Callable[[Machine, int], None] = lambda _machine, _unix_s: None
        self.lives: list[SimBoard] = []
        self.powered = False
        self.off_since: Microseconds = 0
        self.forgot_at: Microseconds = -1
        self.waited_for = self.plugged_in = True
        self.took_along: set[str] = set()
        """The keys of the jobs that an unplugged board holds, and may never report."""
        self.copy_of: int | None = None
        self.damaged: set[str] = set()
        """The keys that were ever torn, flipped or gone."""
        self._damaged: dict[str, int] = {}
        self.failures: list[str] = []
        self.firmware, self._random, self._delays = firmware, random, delays
        self._fading = Random(number)
        self._loop = Loop(self.world, self.who)
        self._loop.dead = True
        self._counts: Counter[Trigger] = Counter()
        self.on_point: PointListener = lambda _trigger, _count, _what, _key: None
        flash.watch = self._flash_watch
        self.files.watch = self._flash_watch

    @property
    def who(self) -> str:
        return f"dispenser {self.number + 1}"

    @property
    def boots(self) -> int:
        return len(self.lives)

    # Power and resets

    def power_on(self) -> None:
        """Apply power and boot. Does nothing when it has power, or is not plugged in."""
        if not self.powered and self.plugged_in:
            self.powered = self.began_cold = True
            self.bitten = False
            self._boot_after(self._delays.boot)

    def power_off(self, why: str) -> None:
        """Cut the power: relays go off at once, the clock stops, memory decays."""
        self.timeline.note(self.who, "loses power:", why)
        if self.powered:
            self.off_since = self.world.now
        self.powered = False
        self.outputs.all_off()
        if not self.keeps_time:
            self.clock_offset_us = None
        self._decay_memory()
        self._end_life()

    def cut(self, why: str, dark_ms: int) -> None:
        """Cut the power for so many milliseconds."""
        if self.powered:
            self.power_off(why)
            self.world.after(dark_ms * US_PER_MS, self.power_on)

    def reset(self, why: str, silent_ms: int = 0) -> None:
        """Start the interpreter anew. Outputs stay as they are until the firmware switches them."""
        if self.powered:
            self.timeline.note(self.who, "resets:", why)
            self.began_cold, self.bitten = False, why == WATCHDOG
            self._end_life()
            self._boot_after(silent_ms * US_PER_MS + self._delays.boot)

    def hang(self, span_ms: int) -> None:
        """Stop the interpreter for so many milliseconds. The outputs go on."""
        until = self.world.now + span_ms * US_PER_MS
        self.deaf_until = max(self.deaf_until, until)
        self._loop.hang(until)

    # The button

    def press(self, span_ms: int) -> None:
        """Press the button for so many milliseconds. It makes a note in the hardware at once."""
        now = self.world.now
        self.timeline.note(self.who, "has its button pressed for", span_ms, "ms")
        self.button_held = self.button_fell = True
        if self.button_awaited is not None and not (self._loop.dead or self.button_awaited.done()):
            self.button_awaited.set_result(None)
        self.world.after(span_ms * US_PER_MS, setattr, self, "button_held", False)
        if self.outputs.on and self.powered and not self._loop.dead and self.deaf_until <= now:
            self.world.after(_HEARD_WITHIN_US, self._insist_on_press, self._starts, now)

    def _insist_on_press(self, start: int, pressed_at: Microseconds) -> None:
        """The press must have been heard by now, if nothing has kept the firmware from it."""
        if start == self._starts and self.deaf_until <= pressed_at:
            self.timeline.note(self.who, "must have heard its button")
            self.press_heard_at = self.world.now
            self.stopped_job = self.allowed_job, self.boots, self.restarts

    def _decay_memory(self) -> None:
        """Flip a bit of each part: without power, memory may lose as little as that."""
        parts = (self.memory[:TICK_AT], self._fading), (self.memory[TICK_AT:], self._random)
        self.memory = b"".join(_faded(*part) for part in parts)

    def look_for_failures(self) -> None:
        """Add what has ended a task of this life to the failures."""
        self.failures += self._loop.unheard_errors()

    def _end_life(self) -> None:
        self._starts += 1
        self.look_for_failures()
        self._loop.kill()
        self.failures += [str(failure) for failure in self._loop.failures]
        self.network.close_all()

    def _boot_after(self, delay: Microseconds) -> None:
        self._starts += 1
        self.world.after(delay, self._boot, self._starts)

    def _boot(self, start: int) -> None:
        if start != self._starts or not self.powered:
            return
        self.timeline.note(self.who, "boots")
        self._loop = Loop(self.world, self.who)
        self.button_fell, self.button_awaited = False, None
        board = SimBoard(self, self._loop, self._random)
        self.lives.append(board)
        self._loop.create_task(self.firmware(board))

    # Damage

    def break_jar(self, jar: int, kind: FaultKind) -> None:
        """Let nothing fall from a jar any more. Its sensor says why."""
        reason = {FaultKind.NO_FLOW: dose_machine.NO_FLOW, FaultKind.STUCK: dose_machine.STUCK}.get(
            kind, dose_machine.NO_DRIVER
        )
        self.sensed[jar] = reason
        self.scales.block(jar, self.world.now)

    def forget_everything(self) -> None:
        """Erase the flash, with its token and its journal."""
        self.forgot_at = self.world.now
        for key in list(self.flash.values):
            self.flash.remove(key)

    def note_damage(self, key: FlashKey) -> None:
        """Note that a value in flash is torn, flipped or gone.

        If both copies of a job or of its parked report are damaged within one boot, no firmware
        could keep the job: it counts as forgotten.
        """
        self.damaged.add(key[1])
        name, end = key[1][:-2], key[1][-2:]
        if end in _COPIES:
            self._damaged[key[1]] = life = len(self.lives)
            if self._damaged.get(name + _COPIES[end]) == life:
                self.timeline.note(self.who, f"has lost both copies of {name}")
                self.forgot_at = self.world.now

    def unplug(self, why: str) -> None:
        """Cut the power for good, or until `plug_in`. The flash keeps what was not reported."""
        self.power_off(why)
        self.plugged_in = self.waited_for = False
        self.took_along = {key.decode() for key in self.network.refused}
        if self.allowed_job is not None:
            self.took_along.add(self.allowed_job)

    def plug_in(self) -> None:
        """Apply power again after `unplug`."""
        self.timeline.note(self.who, "is plugged in again")
        self.plugged_in = self.waited_for = True
        self.took_along = set()
        self.power_on()

    def retire(self, why: str) -> None:
        """Take the dispenser away for good, with all that it remembers."""
        self.power_off(why)
        self.waited_for = False
        self.forgot_at = self.world.now

    # Points at which the power can fail

    def open(self, jar: int, for_ms: int) -> None:
        """Open a jar for the firmware. `Halted` when the power fails over it."""
        self.timeline.note(self.who, "opens jar", jar, "for", for_ms, "ms")
        self.outputs.open(jar, for_ms * US_PER_MS, self.allowed_job)
        self.on_pulse(self, jar)

    def extend(self, jar: int, by_ms: int) -> None:
        """Lengthen a jar's pulse for the firmware. `Halted` when the power fails over it."""
        self.timeline.note(self.who, "extends jar", jar, "by", by_ms, "ms")
        self.outputs.extend(jar, by_ms * US_PER_MS, self.allowed_job)
        self.on_pulse(self, jar)

    def shake(self, percent: int) -> None:
        """Set the motor's strength in percent for the firmware."""
        self.shaken.append((self.world.now, percent))

    def set_clock(self, unix_s: int) -> None:
        """Set the clock for the firmware."""
        self.clock_offset_us = unix_s * US_PER_S - self.world.now
        self.on_clock(self, unix_s)

    def heard(self, data: bytes) -> None:
        """Note whether received bytes tell the dispenser to cancel its job."""
        if _TOLD_TO_CANCEL in data and self.stop_heard_at is None:
            self.stop_heard_at = self.world.now
            self.timeline.note(self.who, "is told to stop")

    def all_dark(self) -> None:
        """Switch every relay off for the firmware. It starts, so it has heard of no stop."""
        self.stop_heard_at = self.press_heard_at = None
        self.outputs.all_off()

    def moment(self, written: int = 0) -> tuple[int, ...]:
        """Equal at two points if a power cut has the same effect at both.

        Between such points no time passed, nobody else acted, and the firmware did not write to
        its flash, switch a relay, connect or draw random numbers. `written`: after so many writes
        more.
        """
        return (
            self.world.now,
            self.world.steps - self._loop.steps,
            self.flash.operations + self.files.operations + written,
            self.outputs.switches,
            self.network.delays,
            self.network.open_lines,
            self.drawn,
        )

    def line_step(self, what: str) -> None:
        """Take a network step. `Halted` when the power fails at it."""
        if what == self.failing:
            raise MemoryError
        fault = self._fault_at(Trigger.LINE, what)
        if fault is not None:
            self._cut_now(str(fault.kind), fault.span_ms)

    def _edge(self, when: str, jar: int) -> None:
        if when == "ended":
            self.timeline.note("bowl", "jar closed by its timer:", jar)
        fault = self._fault_at(Trigger.EDGE, when)
        if fault is None:
            return
        if when == "ended":
            self.cut(str(fault.kind), fault.span_ms)
        else:
            self._cut_now(f"{fault.kind}, {when} it", fault.span_ms)

    def _flash_watch(self, operation: str, key: FlashKey) -> Torn | None:
        is_blob = key[1].endswith(("_a", "_b"))
        cost = self._delays.flash_blob if is_blob else self._delays.flash_cell
        self._loop.hang(self.world.now + cost)
        fault = self._fault_at(Trigger.FLASH, operation, key)
        if fault is None:
            self.timeline.note(self.who, "flash", operation, key[1])
            if key[1] == "acceptance":
                self.begun.append(self.world.now)
            self._damaged.pop(key[1], None)
            return None
        self.timeline.note(self.who, "flash", operation, key[1], "is cut:", fault.mode)
        self.note_damage(key)
        self.cut(str(fault.kind), fault.span_ms)
        return Torn(fault.mode)

    def _fault_at(self, trigger: Trigger, what: str, key: FlashKey | None = None) -> Fault | None:
        count = self._counts[trigger]
        self.on_point(trigger, count, what, key)
        self._counts[trigger] = count + 1
        return self.faults.at(trigger, count, self.number)

    def _cut_now(self, why: str, dark_ms: int) -> None:
        self.cut(why, dark_ms)
        raise Halted
