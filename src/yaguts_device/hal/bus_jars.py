"""Jars behind a chip on the I2C bus: a timer of the interpreter closes what is open.

The bound: no such chip closes a jar by itself. The timer does (late by what the interpreter is busy
with, as a rule some ms), and behind it the watchdog and `boot.py`: `bound_ms` after the pulse
should have ended. A chip keeps its outputs while the bus is broken. Never run on a physical board.
"""

import time

from yaguts_device.core import dose_machine

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import Parts

_WATCH_MS = 3_000
_BOOT_MS = 2_000


class BusJars:
    """A driver adds `_set_up`, `_turn` and `_is_well`, which may raise OSError."""

    bound_ms = _WATCH_MS + _BOOT_MS

    def __init__(self, jars: int, wiring: "dict[str, Any]", parts: "Parts") -> None:
        self.jars = jars
        self._i2c = parts.i2c(wiring["i2c"]["sda"], wiring["i2c"]["scl"])
        self._once = parts.once
        self._watch = parts.watch
        self._jar = 0
        self._end: "Any" = 0
        self._missing = False
        self._watched = False
        self._try(self._set_up)

    def dark(self) -> None:
        """Close every jar."""
        for jar in range(1, self.jars + 1):
            self._try(self._turn, jar, False)
        self._jar = 0
        self._watch_closely(False)

    def open(self, jar: int, for_ms: int) -> None:
        """Open, and let a timer close it. IndexError when there is no such jar."""
        if not self._has(jar):
            raise IndexError(jar)
        if jar != self._jar:
            self._time_is_up(None)  # there is one timer: the jar before would stay open
        self._watch_closely(True)
        self._jar = jar
        self._end = time.ticks_add(time.ticks_ms(), for_ms)
        self._once(for_ms, self._time_is_up)
        self._try(self._turn, jar, True)

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
            self._try(self._turn, jar, False)
        if self._jar in (0, jar):
            self._once(0, self._time_is_up)
            self._jar = 0
            self._watch_closely(False)
        return unused

    def fault(self, _jar: int) -> int:
        """Whether the chip answered all along. Nothing is known about what is behind it.

        One that was gone and is back has forgotten everything: it is set up for the next jar.
        """
        if self._try(self._is_well) and not self._missing:
            return dose_machine.NO_REASON
        self._missing = False
        self._try(self._set_up)
        self.dark()
        return dose_machine.NO_DRIVER

    def _set_up(self) -> None:
        raise NotImplementedError

    def _turn(self, jar: int, on: bool) -> None:
        raise NotImplementedError

    def _is_well(self) -> bool:
        raise NotImplementedError

    def _has(self, jar: int) -> bool:
        return 1 <= jar <= self.jars

    def _time_is_up(self, _timer: "Any") -> None:
        if self._jar:
            self._try(self._turn, self._jar, False)
            self._jar = 0

    def _watch_closely(self, closely: bool) -> None:
        if closely != self._watched:
            self._watched = closely
            self._watch(_WATCH_MS if closely else 0)

    def _try(self, work: "Any", *arguments: "Any") -> "Any":
        try:
            return work(*arguments)
        except OSError:
            self._missing = True
            return None
