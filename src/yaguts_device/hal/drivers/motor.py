"""The vibration motor on an L298N: PWM on ENA, one direction on IN1 and IN2, ramped up.

The bound: PWM goes on by itself. A hung interpreter leaves the motor running until the watchdog
resets the board and `boot.py` switches it off; a motor moves spice only where a valve is open.
"""

import time

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"motor": {"ena": 25, "in1": 14, "in2": 12}}
_FREQUENCY_HZ = 1_000
_STEPS = 8
_STEP_MS = 15
_FULL = 65_535


def make(wiring: "dict[str, dict[str, int]]", parts: "Parts") -> "Vibration":
    """The motor on these pins."""
    pins = wiring["motor"]
    enable = parts.pwm(pins["ena"], _FREQUENCY_HZ)
    return Vibration(enable, parts.output(pins["in1"]), parts.output(pins["in2"]))


def dark_steps(wiring: "dict[str, dict[str, int]]") -> "list[DarkStep]":
    """Each pin low: without a level on ENA the motor stands still."""
    return [[pin, 0] for pin in wiring["motor"].values()]


class Vibration:
    """`enable` is a PWM, `forward` and `backward` are output pins."""

    def __init__(self, enable: "Any", forward: "Any", backward: "Any") -> None:
        self._enable = enable
        self._forward = forward
        self._backward = backward
        self.run(0)

    def run(self, percent: int) -> None:
        """Up in steps, so that the start does not pull the supply down; off at once."""
        if not percent:
            self._enable.duty_u16(0)
            self._forward.value(0)
            self._backward.value(0)
            return
        self._backward.value(0)
        self._forward.value(1)
        for step in range(1, _STEPS + 1):
            self._enable.duty_u16(_FULL * percent * step // (100 * _STEPS))
            time.sleep_ms(_STEP_MS)
