"""Small steppers (28BYJ-48) on ULN2003 boards, four coils a jar, each turning an auger.

A jar that is open for so many ms makes a full step every `step_ms`. Each step is counted by the
interpreter's timer. The bound: 0 steps. A hung interpreter makes none: the motor stands, its coils
warm, until the watchdog (60 s) and `boot.py`. A late step only makes the pour longer.
"""

import time

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"uln2003": {"coils": [[26, 27, 32, 33], [16, 17, 18, 19]], "step_ms": 2}}
_COILS = 4


def make(wiring: "dict[str, Any]", parts: "Parts") -> "CountedSteps":
    """The steppers on these pins."""
    steppers = wiring["uln2003"]
    coils = [[parts.output(pin) for pin in pins] for pins in steppers["coils"]]
    return CountedSteps(coils, steppers["step_ms"], parts)


def dark_steps(wiring: "dict[str, Any]") -> "list[DarkStep]":
    """Each coil without current."""
    return [[pin, 0] for pins in wiring["uln2003"]["coils"] for pin in pins]


class CountedSteps:
    """A jar for each four `coils`, output pins. What is left of a pulse is counted in steps."""

    bound_ms = 0

    def __init__(self, coils: "list[list[Any]]", step_ms: int, parts: "Parts") -> None:
        self.jars = len(coils)
        self._coils = coils
        self._step_ms = step_ms
        self._once = parts.once
        self._on_time = self._time_is_up  # kept: a bound method for each step would be garbage
        self._phases = bytearray(self.jars)
        self._jar = 0
        self._left_ms = 0
        self._stepped_at: "Any" = 0

    def dark(self) -> None:
        """No current in any coil."""
        for jar in range(1, self.jars + 1):
            self._rest(jar)
        self._stop()

    def open(self, jar: int, for_ms: int) -> None:
        """Begin to step. IndexError when there is no such jar."""
        if not self._has(jar):
            raise IndexError(jar)
        self.close(self._jar)
        self._jar, self._left_ms = jar, for_ms
        self._stepped_at = time.ticks_ms()
        self._energise()
        self._wait()

    def extend(self, jar: int, by_ms: int) -> None:
        """Make more steps."""
        if jar == self._jar:
            self._left_ms += by_ms
        else:
            self.open(jar, by_ms)

    def remaining_ms(self, jar: int) -> int:
        """How long the steps that are left take; at least 1 while there are some."""
        if jar != self._jar or not self._left_ms:
            return 0
        return max(1, self._left_ms - time.ticks_diff(time.ticks_ms(), self._stepped_at))

    def close(self, jar: int) -> int:
        """Stand still now; the ms of the steps that were not made."""
        unused = self._left_ms if jar == self._jar else 0
        if self._has(jar):
            self._rest(jar)
        if jar == self._jar:
            self._stop()
        return unused

    def fault(self, _jar: int) -> int:
        """A coil on a pin says nothing about itself."""
        return 0

    def _has(self, jar: int) -> bool:
        return 1 <= jar <= self.jars

    def _time_is_up(self, _timer: "Any") -> None:
        if not self._jar:
            return
        passed_ms = min(self._step_ms, self._left_ms)
        self._left_ms -= passed_ms
        self._stepped_at = time.ticks_ms()
        if passed_ms == self._step_ms:
            self._phases[self._jar - 1] = (self._phases[self._jar - 1] + 1) % _COILS
            self._energise()
        if self._left_ms:
            self._wait()
        else:
            self._rest(self._jar)
            self._jar = 0

    def _wait(self) -> None:
        self._once(min(self._step_ms, self._left_ms), self._on_time)

    def _energise(self) -> None:
        """Two coils side by side have current: full steps."""
        phase = self._phases[self._jar - 1]
        for coil in range(_COILS):
            self._coils[self._jar - 1][coil].value(int((coil - phase) % _COILS < 2))

    def _rest(self, jar: int) -> None:
        for pin in self._coils[jar - 1]:
            pin.value(0)

    def _stop(self) -> None:
        self._jar = self._left_ms = 0
        self._once(0, self._on_time)
