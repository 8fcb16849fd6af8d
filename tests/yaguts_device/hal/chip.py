"""An ESP32 of pins, pulses, a bus and a timer in virtual time, and MicroPython's clock under it."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest


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
    """An RMT channel on a pin: `write_pulses` waits for the pulse before, as the driver does."""

    def __init__(self, clock: Clock, number: int, done: list[str]) -> None:
        self._clock, self._done = clock, done
        self.end_ms = 0
        done.append(f"channel on {number}")

    def write_pulses(self, durations: list[int], levels: list[int]) -> None:
        assert set(levels) == {1}
        assert len(durations) == len(levels) <= 128
        assert all(0 < duration <= 32_767 for duration in durations)
        self._clock.now_ms = max(self._clock.now_ms, self.end_ms)
        self.end_ms = self._clock.now_ms + sum(durations) // 1000
        self._done.append(f"pulse of {sum(durations)} us")

    def wait_done(self, timeout: int) -> bool:
        self._clock.now_ms = max(self._clock.now_ms, min(self.end_ms, self._clock.now_ms + timeout))
        return True

    def deinit(self) -> None:
        assert self._clock.now_ms >= self.end_ms, "on an ESP32 this panics"
        self._done.append("channel given back")


class Bus:
    """An I2C bus with a PCA9685 that can be pulled off."""

    def __init__(self) -> None:
        self.memory: dict[int, bytes] = {}
        self.gone = False

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        if self.gone or address != 0x40:
            raise OSError(19, "ENODEV")
        self.memory[register] = data

    def readfrom_mem(self, _address: int, register: int, _count: int) -> bytes:
        if self.gone:
            raise OSError(19, "ENODEV")
        return self.memory[register]

    def width_us(self, jar: int) -> int:
        _, _, low, high = self.memory[0x06 + 4 * (jar - 1)]
        return round((low | high << 8) * 20_000 / 4096)


class Output:
    """A pin or a PWM that remembers."""

    def __init__(self) -> None:
        self.values: list[int] = []
        self.value = self.duty_u16 = self.values.append


class Chip:
    """The parts that `hal/board.py` promises drivers, and the `machine` that `boot.py` imports."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.bus = Bus()
        self.wired = (21, 22)
        self.watched: list[int] = []
        self._levels: dict[int, Output | Rmt] = {}
        self._timer: tuple[int, Callable[[Any], None]] | None = None

    # What drivers are handed

    def low(self, pin: int) -> None:
        self.output(pin)

    def output(self, pin: int, value: int = 0) -> Output:
        """Whatever drove the pin before does so no longer."""
        self._levels[pin] = output = Output()
        output.value(value)
        return output

    def pulses(self, pin: int, clock_div: int) -> Rmt:
        assert clock_div == 80
        self._levels[pin] = rmt = Rmt(self.clock, pin, [])
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
        """Let time go on, and the timer call back."""
        self.clock.now_ms += ms
        if self._timer and self._timer[0] <= self.clock.now_ms:
            (_, work), self._timer = self._timer, None
            work(None)

    def reset(self) -> None:
        """A soft reset: the timer has gone with the interpreter, the outputs stay as they are."""
        self._timer = None

    def is_high(self, pin: int) -> bool:
        """Whether a level or a pulse drives the pin high now."""
        driver = self._levels.get(pin)
        if isinstance(driver, Rmt):
            return driver.end_ms > self.clock.now_ms
        return driver is not None and driver.values[-1] > 0
