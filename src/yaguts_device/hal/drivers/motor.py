"""The vibration motor on an L298N: PWM on ENA, one direction on IN1 and IN2, ramped up.

`in1` and `in2` may be left out (a transistor on `ena`), and all three where there is no motor. IN2
is only ever low: on 13, or on 12, where boards of firmware 0.1 have it.

The bound: PWM goes on by itself. A hung interpreter leaves the motor running until the watchdog
resets the board and `boot.py` switches it off; a motor moves spice only where a valve is open.
"""

import time

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"motor": {"ena": 25, "in1": 14, "in2": [13, 12]}}
_FREQUENCY_HZ = 1_000
_STEPS = 8
_STEP_MS = 15
_FULL = 65_535


def make(wiring: "dict[str, Any]", parts: "Parts") -> "Vibration":
    """The motor on these pins."""
    pins = wiring["motor"]
    enable = parts.pwm(pins["ena"], _FREQUENCY_HZ) if "ena" in pins else None
    for pin in _backward(pins):
        parts.output(pin)
    return Vibration(enable, parts.output(pins["in1"]) if "in1" in pins else None)


def dark_steps(wiring: "dict[str, Any]") -> "list[DarkStep]":
    """Each pin low: without a level on ENA the motor stands still."""
    pins = wiring["motor"]
    forward = [pins[key] for key in ("ena", "in1") if key in pins]
    return [[pin, 0] for pin in forward + _backward(pins)]


def _backward(pins: "dict[str, Any]") -> "list[int]":
    pin = pins.get("in2", [])
    return pin if isinstance(pin, list) else [pin]


class Vibration:
    """`enable` is a PWM, `forward` an output pin. None: it is not wired."""

    def __init__(self, enable: "Any", forward: "Any") -> None:
        self._enable = enable
        self._forward = forward
        self.run(0)

    def run(self, percent: int) -> None:
        """Up in steps, so that the start does not pull the supply down; off at once."""
        if not self._enable:
            return
        if not percent:
            self._enable.duty_u16(0)
        if self._forward:
            self._forward.value(1 if percent else 0)
        for step in range(1, _STEPS + 1) if percent else ():
            self._enable.duty_u16(_FULL * percent * step // (100 * _STEPS))
            time.sleep_ms(_STEP_MS)
