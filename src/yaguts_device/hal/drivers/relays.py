"""Relays on finite RMT pulses: the ESP32 ends them by itself, whatever the interpreter does.

Read in MicroPython's `ports/esp32/esp32_rmt.c` (1.24 to 1.28), never run on a physical ESP32:

- `write_pulses` returns as soon as the hardware has the pulse. While an earlier one is running it
  blocks until that has ended and starts the new one then, some ten microseconds later. So `extend`
  holds the interpreter for what is left of the slice (at most the lead), and the relay, which
  needs milliseconds to fall, stays on.
- A running pulse cannot be stopped through the RMT: on the ESP32 that panics when more than some
  300 ms are left. So `close` gives the pin back to plain GPIO, low, which cuts it off from the RMT
  at once; the pulse runs out unseen, and the channel is made anew for the next one.

One channel at a time, since one jar pours at a time: 16 jars do not need 16 of the ESP32's eight.
"""

import time

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Callable

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"relays": [26, 27, 32, 33]}
_CLOCK_DIV = 80
"""Of 80 MHz: the pulses are counted in microseconds."""
_TICKS_PER_MS = 1_000
_LONGEST_MS = 25
"""One duration is at most 32,767 ticks: a longer pulse is several in a row at the same level."""
_CLOCK_STEPS_MS = 2
"""The tick clock and the RMT's do not start together: so much of "unused" may be used."""


def make(wiring: "dict[str, list[int]]", parts: "Parts") -> "PulsedRelays":
    """The relays on these pins."""
    return PulsedRelays(wiring["relays"], parts.low, lambda pin: parts.pulses(pin, _CLOCK_DIV))


def dark_steps(wiring: "dict[str, list[int]]") -> "list[DarkStep]":
    """Each pin low: a relay is on when its pin is high."""
    return [[pin, 0] for pin in wiring["relays"]]


class PulsedRelays:
    """Relays on GPIO numbers, active high. The pulse is exact: nothing adds to what was permitted.

    `off(number)` makes a pin a low output, `channel(number)` an RMT channel on it.
    """

    bound_ms = 0

    def __init__(
        self,
        numbers: "list[int]",
        off: "Callable[[int], None]",
        channel: "Callable[[int], Any]",
    ) -> None:
        self.jars = len(numbers)
        self._numbers = numbers
        self._off = off
        self._make_channel = channel
        self._channel: "Any" = None
        self._jar = 0
        self._end: "Any" = 0

    def dark(self) -> None:
        """Cut every relay off from whatever drives it."""
        for number in self._numbers:
            self._off(number)
        self._jar = 0

    def open(self, jar: int, for_ms: int) -> None:
        """Start a pulse. IndexError when there is no such jar."""
        if not self._has(jar):
            raise IndexError(jar)
        self._release()
        self._channel = self._make_channel(self._numbers[jar - 1])
        self._jar = jar
        self._pulse(for_ms)

    def extend(self, jar: int, by_ms: int) -> None:
        """Add a pulse to the running one. Returns when the running one has ended."""
        if jar == self._jar:
            self._pulse(by_ms)
        else:
            self.open(jar, by_ms)

    def remaining_ms(self, jar: int) -> int:
        """How much of the pulse is still to come."""
        if jar != self._jar:
            return 0
        return max(0, time.ticks_diff(self._end, time.ticks_ms()))

    def close(self, jar: int) -> int:
        """Relay off now; how many ms of the pulse were surely not used."""
        if self._has(jar):
            self._off(self._numbers[jar - 1])
        unused = self.remaining_ms(jar)
        if jar == self._jar:
            self._jar = 0
        return max(0, unused - _CLOCK_STEPS_MS)

    def fault(self, _jar: int) -> int:
        """A relay on a pin says nothing about itself."""
        return 0

    def _has(self, jar: int) -> bool:
        return 1 <= jar <= self.jars

    def _pulse(self, ms: int) -> None:
        durations = [_LONGEST_MS * _TICKS_PER_MS] * (ms // _LONGEST_MS)
        if ms % _LONGEST_MS:
            durations.append(ms % _LONGEST_MS * _TICKS_PER_MS)
        self._channel.write_pulses(durations, [1] * len(durations))
        self._end = time.ticks_add(time.ticks_ms(), ms)

    def _release(self) -> None:
        """Give the last channel back, when its pulse, seen or unseen, is over."""
        if self._channel:
            self._channel.wait_done(timeout=1000)
            self._channel.deinit()
            self._channel = None
            self.dark()  # deinit resets the pin
