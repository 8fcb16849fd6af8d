"""SG90 servos on a PCA9685: a valve that is open at 2000 µs and closed at 1000 µs, 50 Hz.

The bound: none of the chips closes a servo by itself. A timer of the interpreter does (late by
what the interpreter is busy with, as a rule some ms), and behind it the watchdog and `boot.py`:
`bound_ms` after the pulse should have ended. Never run on a physical board.
"""

import time

from yaguts_device.core import dose_machine

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Callable

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"servos": 4, "i2c": {"sda": 21, "scl": 22}}
_ADDRESS = 0x40
_WATCH_MS = 3_000
_BOOT_MS = 2_000
_MODE1, _PRESCALE, _FIRST_CHANNEL = 0x00, 0xFE, 0x06
_SLEEP, _RUN = b"\x10", b"\x20"  # run: with auto-increment
_50_HZ = b"\x79"  # 25 MHz / 4096 / 50, less one
_SET_UP = ((_MODE1, _SLEEP), (_PRESCALE, _50_HZ), (_MODE1, _RUN))
_CLOSED, _OPEN = 205, 410  # 1000 µs and 2000 µs in 4096ths of 20 ms


def make(wiring: "dict[str, Any]", parts: "Parts") -> "Servos":
    """The servos behind the PCA9685 on these pins."""

    def watch(tight: bool) -> None:
        parts.watch(_WATCH_MS if tight else 0)

    i2c = parts.i2c(wiring["i2c"]["sda"], wiring["i2c"]["scl"])
    return Servos(wiring["servos"], i2c, parts.once, watch)


def dark_steps(wiring: "dict[str, Any]") -> "list[DarkStep]":
    """Sets the PCA9685 up, which may have lost its power, and closes every servo."""
    sda, scl = wiring["i2c"]["sda"], wiring["i2c"]["scl"]
    writes = list(_SET_UP)
    writes.extend([_turn(jar, _CLOSED) for jar in range(1, wiring["servos"] + 1)])
    return [[sda, scl, _ADDRESS, register, list(data)] for register, data in writes]


def _turn(jar: int, width: int) -> "tuple[int, bytes]":
    """The register of the jar's servo, and what stands there when its pulses are so wide."""
    return _FIRST_CHANNEL + 4 * (jar - 1), bytes([0, 0, width & 0xFF, width >> 8])


class Servos:
    """Servos on the channels from 0 on. `once(ms, work)` calls back once, `once(0, …)` never.

    `watch(tight)` tells the watchdog's owner that a servo is open, or no longer.
    """

    bound_ms = _WATCH_MS + _BOOT_MS

    def __init__(
        self,
        count: int,
        i2c: "Any",
        once: "Callable[[int, Callable[[Any], None]], None]",
        watch: "Callable[[bool], None]",
    ) -> None:
        self.jars = count
        self._i2c = i2c
        self._once = once
        self._watch = watch
        self._jar = 0
        self._end: "Any" = 0
        self._missing = False
        self._set_up()

    def dark(self) -> None:
        """Close every servo."""
        for channel in range(self.jars):
            self._turn(channel + 1, _CLOSED)
        self._jar = 0

    def open(self, jar: int, for_ms: int) -> None:
        """Open, and let a timer close it. IndexError when there is no such jar."""
        if not self._has(jar):
            raise IndexError(jar)
        if jar != self._jar:
            self._time_is_up(None)  # there is one timer: the jar before would stay open
        self._watch(True)
        self._jar = jar
        self._end = time.ticks_add(time.ticks_ms(), for_ms)
        self._once(for_ms, self._time_is_up)
        self._turn(jar, _OPEN)

    def extend(self, jar: int, by_ms: int) -> None:
        """Put the closing off."""
        left = self.remaining_ms(jar)
        if not left:
            self.open(jar, by_ms)
            return
        self._end = time.ticks_add(self._end, by_ms)
        self._once(left + by_ms, self._time_is_up)

    def remaining_ms(self, jar: int) -> int:
        """How long until it is closed."""
        if jar != self._jar:
            return 0
        return max(0, time.ticks_diff(self._end, time.ticks_ms()))

    def close(self, jar: int) -> int:
        """Close now; how many ms were not used."""
        unused = self.remaining_ms(jar)
        if self._has(jar):
            self._turn(jar, _CLOSED)
        if self._jar in (0, jar):
            self._once(0, self._time_is_up)
            self._jar = 0
            self._watch(False)
        return unused

    def fault(self, _jar: int) -> int:
        """Whether the PCA9685 answered all along. Nothing is known about the servos behind it.

        One that was gone and is back has forgotten everything: it is set up for the next jar.
        """
        if not self._missing and self._answers():
            return dose_machine.NO_REASON
        self._missing = False
        self._set_up()
        self.dark()
        return dose_machine.NO_DRIVER

    def _has(self, jar: int) -> bool:
        return 1 <= jar <= self.jars

    def _set_up(self) -> None:
        for register, data in _SET_UP:
            self._write(register, data)

    def _time_is_up(self, _timer: "Any") -> None:
        if self._jar:
            self._turn(self._jar, _CLOSED)
            self._jar = 0

    def _turn(self, jar: int, width: int) -> None:
        self._write(*_turn(jar, width))

    def _answers(self) -> bool:
        try:
            self._i2c.readfrom_mem(_ADDRESS, _MODE1, 1)
        except OSError:
            return False
        return True

    def _write(self, register: int, data: bytes) -> None:
        try:
            self._i2c.writeto_mem(_ADDRESS, register, data)
        except OSError:
            self._missing = True
