"""Jars on finite RMT pulses: the ESP32 ends them by itself, whatever the interpreter does.

Read in MicroPython's `ports/esp32/esp32_rmt.c` (1.24 to 1.28), never run on a physical ESP32:

- `write_pulses` returns as soon as the hardware has the pulse. While an earlier one is running it
  blocks until that has ended and starts the new one then, some ten microseconds later. So `extend`
  holds the interpreter for what is left of the slice (at most the lead), and the relay, which
  needs milliseconds to fall, stays on.
- A running pulse cannot be stopped through the RMT: on the ESP32 that panics when more than some
  300 ms are left. So `close` gives the pin back to plain GPIO, off, which cuts it off from the RMT
  at once; the pulse runs out unseen, and the channel is made anew for the next one.
- A new channel holds its pin low until its first pulse, whatever its idle level: a jar that is open
  when low opens then, some hundred microseconds before its pulse begins. So everything that can
  fail is done before, and what fails after it makes the pin off.
- A carrier goes on and off with the pulse, in hardware: pulses for a stepper, or PWM for a motor.

One channel at a time, since one jar pours at a time: 16 jars do not need 16 of the ESP32's eight.
A pulse is at most 10 of a channel's 48 symbols for each half second: no interrupt has to refill it.
"""

import time

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

_CLOCK_DIV = 80
"""Of 80 MHz: the pulses are counted in microseconds."""
_TICKS_PER_MS = 1_000
_LONGEST_MS = 25
"""One duration is at most 32,767 ticks: a longer pulse is several in a row at the same level."""
_CLOCK_STEPS_MS = 2
"""The tick clock and the RMT's do not start together: so much of "unused" may be used."""


def off_steps(pins: "list[int]", level: int = 0) -> "list[DarkStep]":
    """Each pin at the level at which its jar is closed."""
    return [[pin, level] for pin in pins]


class PulsedJars:
    """A jar for each pin, open at the level `on`. The pulse is exact: nothing is added to it.

    `gate` is a pin that all motors share, and the level at which they may run; None: there is none.
    """

    bound_ms = 0

    def __init__(
        self,
        pins: "list[int]",
        parts: "Parts",
        on: int = 1,
        carrier: "tuple[int, int, bool] | None" = None,
        gate: "tuple[int, int] | None" = None,
    ) -> None:
        self.jars = len(pins)
        self._pins = pins
        self._parts = parts
        self._on = on
        self._carrier = carrier
        self._gate = gate
        self._channel: "Any" = None
        self._jar = 0
        self._end: "Any" = 0

    def dark(self) -> None:
        """Cut every jar off from whatever drives it."""
        self._jar = 0
        self._let_run(False)
        for pin in self._pins:
            self._off(pin)

    def open(self, jar: int, for_ms: int) -> None:
        """Start a pulse. IndexError when there is no such jar."""
        if not self._has(jar):
            raise IndexError(jar)
        durations = _durations(for_ms)
        self._release()
        self._jar = 0
        pin = self._pins[jar - 1]
        try:
            self._let_run(True)
            self._channel = self._parts.pulses(pin, _CLOCK_DIV, 1 - self._on, self._carrier)
            self._pulse(durations, for_ms)
            self._jar = jar
        finally:
            if not self._jar:
                self._off(pin)

    def extend(self, jar: int, by_ms: int) -> None:
        """Add a pulse to the running one. Returns when the running one has ended."""
        if jar == self._jar:
            self._pulse(_durations(by_ms), by_ms)
        else:
            self.open(jar, by_ms)

    def remaining_ms(self, jar: int) -> int:
        """How much of the pulse is still to come."""
        if jar != self._jar:
            return 0
        return max(0, time.ticks_diff(self._end, time.ticks_ms()))

    def close(self, jar: int) -> int:
        """Jar closed now; how many ms of the pulse were surely not used."""
        if self._has(jar):
            self._off(self._pins[jar - 1])
        unused = self.remaining_ms(jar)
        if jar == self._jar:
            self._jar = 0
            self._let_run(False)
        return max(0, unused - _CLOCK_STEPS_MS)

    def fault(self, _jar: int) -> int:
        """What is on a pin says nothing about itself."""
        return 0

    def _has(self, jar: int) -> bool:
        return 1 <= jar <= self.jars

    def _off(self, pin: int) -> None:
        self._parts.output(pin, 1 - self._on)

    def _let_run(self, run: bool) -> None:
        if self._gate:
            pin, level = self._gate
            self._parts.output(pin, level if run else 1 - level)

    def _pulse(self, durations: "list[int]", ms: int) -> None:
        self._channel.write_pulses(durations, [self._on] * len(durations))
        self._end = time.ticks_add(time.ticks_ms(), ms)

    def _release(self) -> None:
        """Give the last channel back, when its pulse, seen or unseen, is over."""
        if self._channel:
            self._channel.wait_done(timeout=1000)
            self._channel.deinit()
            self._channel = None
            self.dark()  # deinit resets the pin


def _durations(ms: int) -> "list[int]":
    durations = [_LONGEST_MS * _TICKS_PER_MS] * (ms // _LONGEST_MS)
    if ms % _LONGEST_MS:
        durations.append(ms % _LONGEST_MS * _TICKS_PER_MS)
    return durations
