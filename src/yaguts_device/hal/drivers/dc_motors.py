"""DC motors behind an L298N or a DRV8833, each turning an auger, one direction.

A jar's pin leads to IN1 (IN2 to ground), or to ENA with IN1 and IN2 fixed. `percent` is the speed.
The bound: 0. The PWM is the carrier of a finite RMT pulse, which the hardware ends. `sleep` is
nSLEEP of a DRV8833: awake when high, for all alike.
"""

from yaguts_device.hal.pulsed import PulsedJars, off_steps

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"dc_motors": {"run": [26, 27, 32, 33], "percent": 100}}
_FULL = 100
FREQUENCY_HZ = 2_000
"""The RMT counts each half of the carrier in 65,536 steps of 80 MHz at most: 1,209 Hz at 99 %."""


def make(wiring: "dict[str, Any]", parts: "Parts") -> PulsedJars:
    """The motors on these pins."""
    motors = wiring["dc_motors"]
    percent = motors["percent"]
    carrier = (FREQUENCY_HZ, percent, True) if percent < _FULL else None
    gate = (motors["sleep"], 1) if "sleep" in motors else None
    return PulsedJars(motors["run"], parts, 1, carrier, gate)


def dark_steps(wiring: "dict[str, Any]") -> "list[DarkStep]":
    """nSLEEP low and each pin low."""
    motors = wiring["dc_motors"]
    asleep = [motors["sleep"]] if "sleep" in motors else []
    return off_steps(asleep + motors["run"])
