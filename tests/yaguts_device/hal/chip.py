"""An ESP32 of pins, pulses, a bus and a timer in virtual time, and MicroPython's clock under it."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

MACHINE = "Generic ESP32 module with ESP32"


class Clock:
    """MicroPython's clock, under CPython: it goes on by hand."""

    def __init__(self) -> None:
        self.now_ms = 0

    def install(self, monkeypatch: pytest.MonkeyPatch) -> "Clock":
        """Let the drivers read this clock."""
        names = {
            "ticks_ms": lambda: self.now_ms,
            "ticks_add": lambda ticks, ms: ticks + ms,
            "ticks_diff": lambda later, earlier: later - earlier,
            "sleep_ms": lambda _ms: None,
        }
        for name, function in names.items():
            monkeypatch.setattr(time, name, function, raising=False)
        return self


class Rmt:
    """An RMT channel on a pin: `write_pulses` waits for the pulse before, as the driver does.

    Until its first pulse the pin is low, whatever the idle level, as ESP-IDF has it.
    """

    def __init__(
        self,
        clock: Clock,
        pin: int,
        done: list[str],
        idle: int = 0,
        carrier: tuple[int, int, bool] | None = None,
    ) -> None:
        self._clock, self._pin, self._done = clock, pin, done
        self._idle, self.carrier = idle, carrier
        self._pulsed = False
        self.end_ms = 0
        done.append(f"channel on {pin}")

    def write_pulses(self, durations: list[int], levels: list[int]) -> None:
        assert set(levels) == {1 - self._idle}
        assert len(durations) == len(levels) <= 96, "more than the memory of an S3's channel"
        assert all(0 < duration <= 32_767 for duration in durations)
        self._clock.now_ms = max(self._clock.now_ms, self.end_ms)
        self.end_ms = self._clock.now_ms + sum(durations) // 1000
        self._pulsed = True
        self._done.append(f"pulse of {sum(durations)} us")

    def wait_done(self, timeout: int) -> bool:
        self._clock.now_ms = max(self._clock.now_ms, min(self.end_ms, self._clock.now_ms + timeout))
        return True

    def deinit(self) -> None:
        assert self._clock.now_ms >= self.end_ms, "on an ESP32 this panics"
        self._done.append("channel given back")

    def level(self) -> int:
        """What drives the pin now; of a carrier, what it modulates."""
        if not self._pulsed:
            return 0
        return 1 - self._idle if self.end_ms > self._clock.now_ms else self._idle


class Registers:
    """An I2C chip with registers, of a PCA9685 or an MCP23017."""

    def __init__(self, at_power: dict[int, int]) -> None:
        self._at_power = at_power
        self.memory: dict[int, int] = {}
        self.lose_power()

    def lose_power(self) -> None:
        self.memory = dict(self._at_power)

    def write(self, data: bytes) -> None:
        """The first byte is a register, and each goes into the next one."""
        for offset, byte in enumerate(data[1:]):
            self.memory[data[0] + offset] = byte

    def read(self, register: int, count: int) -> bytes:
        return bytes(self.memory[register + offset] for offset in range(count))

    def width_us(self, jar: int) -> int:
        """How wide the pulses of a PCA9685's channel are."""
        first = 0x06 + 4 * (jar - 1)
        low, high = self.memory.get(first + 2, 0), self.memory.get(first + 3, 0)
        return round((low | high << 8) * 20_000 / 4096)

    def drives(self, bit: int) -> int | None:
        """The level at which an MCP23017 holds a pin; None: it is an input."""
        register, mask = bit // 8, 1 << bit % 8
        if self.memory[register] & mask:
            return None
        return int(bool(self.memory[0x14 + register] & mask))


class Latch:
    """A PCF8574: no registers, and all its pins are high when it gets power."""

    def __init__(self) -> None:
        self.pins = 0xFF
        self.written: list[int] = []

    def lose_power(self) -> None:
        self.pins = 0xFF

    def write(self, data: bytes) -> None:
        for self.pins in data:
            self.written.append(self.pins)

    def read(self, count: int) -> bytes:
        return bytes([self.pins] * count)


Answering = TypeVar("Answering", Registers, Latch)
PCA9685_AT_POWER = {0x00: 0x11, 0xFE: 0x1E}
MCP23017_AT_POWER = {0x00: 0xFF, 0x01: 0xFF, 0x05: 0, 0x0A: 0, 0x14: 0, 0x15: 0}


class Bus:
    """An I2C bus with a PCA9685 and expanders, that can be pulled off.

    At 0x20 to 0x27 there is an MCP23017 for calls with a register, a PCF8574 for those without.
    """

    def __init__(self) -> None:
        self.servos = Registers(PCA9685_AT_POWER)
        self.expanders = {at: Registers(MCP23017_AT_POWER) for at in range(0x20, 0x28)}
        self.latches = {at: Latch() for at in (*range(0x20, 0x28), *range(0x38, 0x40))}
        self.gone = False

    def lose_power(self) -> None:
        for chip in (self.servos, *self.expanders.values(), *self.latches.values()):
            chip.lose_power()

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        self._at(address, {0x40: self.servos, **self.expanders}).write(bytes([register]) + data)

    def readfrom_mem(self, address: int, register: int, count: int) -> bytes:
        return self._at(address, {0x40: self.servos, **self.expanders}).read(register, count)

    def writeto(self, address: int, data: bytes) -> None:
        self._at(address, self.latches).write(data)

    def readfrom(self, address: int, count: int) -> bytes:
        return self._at(address, self.latches).read(count)

    def _at(self, address: int, chips: dict[int, Answering]) -> Answering:
        if self.gone or address not in chips:
            raise OSError(19, "ENODEV")
        return chips[address]


class Output:
    """A pin or a PWM that remembers."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.values: list[int] = []
        self.changed_ms = -1_000_000
        self._clock = clock

    def value(self, level: int) -> None:
        if self._clock and (not self.values or self.values[-1] != level):
            self.changed_ms = self._clock.now_ms
        self.values.append(level)

    duty_u16 = value

    def level(self) -> int:
        """What drives the pin now."""
        return int(self.values[-1] > 0)


class Chip:
    """The parts that `hal/board.py` promises drivers, and the `machine` that `boot.py` imports."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.bus = Bus()
        self.wired = (21, 22)
        self.watched: list[int] = []
        self.done: list[str] = []
        self.hung = False
        """Whether the interpreter hangs: then the timer's callbacks wait for ever."""
        self._levels: dict[int, Output | Rmt] = {}
        self._timer: tuple[int, Callable[[Any], None]] | None = None

    # What drivers are handed

    def output(self, pin: int, value: int = 0) -> Output:
        """Whatever drove the pin before does so no longer."""
        before = self._levels.get(pin)
        output = before if isinstance(before, Output) else Output(self.clock)
        self._levels[pin] = output
        output.value(value)
        self.done.append(f"{pin} {'high' if value else 'low'}")
        return output

    def pulses(
        self, pin: int, clock_div: int, idle: int, carrier: tuple[int, int, bool] | None
    ) -> Rmt:
        assert clock_div == 80
        self._levels[pin] = rmt = Rmt(self.clock, pin, self.done, idle, carrier)
        return rmt

    def pwm(self, pin: int, hz: int) -> Output:
        assert hz == 1_000
        return self.output(pin)

    def i2c(self, sda: int, scl: int) -> Bus:
        assert (sda, scl) == self.wired
        return self.bus

    def once(self, ms: int, work: Callable[[Any], None]) -> None:
        self._timer = (self.clock.now_ms + ms, work) if ms else None

    def watch(self, within_ms: int) -> None:
        self.watched.append(within_ms)

    # What happens to it

    def machine(self) -> Any:
        """The module of this name, as far as `boot.py` uses it."""

        def pin(number: int, mode: int = 0, value: int | None = None) -> int:
            if not 0 <= number < 40:
                raise ValueError("invalid pin")
            if mode:
                self.output(number, value or 0)
            return number

        pin.OUT = 3  # type: ignore[attr-defined]
        return SimpleNamespace(Pin=pin, I2C=lambda _id, sda, scl: self.i2c(sda, scl))

    def pass_ms(self, ms: int) -> None:
        """Let time go on, and the timer call back, unless the interpreter hangs."""
        end = self.clock.now_ms + ms
        while self._timer and self._timer[0] <= end and not self.hung:
            (due, work), self._timer = self._timer, None
            self.clock.now_ms = max(self.clock.now_ms, due)
            work(None)
        self.clock.now_ms = max(self.clock.now_ms, end)

    def reset(self) -> None:
        """A soft reset: the timer has gone with the interpreter, the outputs stay as they are."""
        self._timer = None
        self.hung = False

    def is_high(self, pin: int) -> bool:
        """Whether a level or a pulse drives the pin high now."""
        driver = self._levels.get(pin)
        return driver is not None and bool(driver.level())

    def is_driven(self, pin: int) -> bool:
        """Whether anything drives the pin: if not, its resistor holds it."""
        return pin in self._levels

    def carrier(self, pin: int) -> tuple[int, int, bool] | None:
        """What the pulses on the pin are modulated with."""
        driver = self._levels[pin]
        return driver.carrier if isinstance(driver, Rmt) else None

    def changed_ms(self, pin: int) -> int:
        """When the pin was last seen to change."""
        driver = self._levels.get(pin)
        return driver.changed_ms if isinstance(driver, Output) else -1_000_000
