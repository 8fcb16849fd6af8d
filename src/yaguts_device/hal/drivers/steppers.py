"""Steppers behind STEP/DIR drivers (A4988, DRV8825, TMC2209), each turning an auger.

A jar that is open for so many ms makes `hz` steps a second for so long. The bound: 0. The steps are
the carrier of a finite RMT pulse, which the hardware ends. ENABLE is on when low, for all alike.
"""

from yaguts_device.hal.pulsed import PulsedJars, off_steps

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"steppers": {"step": [26, 27, 32, 33], "enable": 23, "hz": 1600}}
_HALF = 50


def make(wiring: "dict[str, Any]", parts: "Parts") -> PulsedJars:
    """The steppers on these pins."""
    steppers = wiring["steppers"]
    if "dir" in steppers:
        parts.output(steppers["dir"], int(steppers.get("reverse", False)))
    gate = (steppers["enable"], 0) if "enable" in steppers else None
    return PulsedJars(steppers["step"], parts, 1, (steppers["hz"], _HALF, True), gate)


def dark_steps(wiring: "dict[str, Any]") -> "list[DarkStep]":
    """ENABLE high and each STEP low: without edges a stepper stands."""
    steppers = wiring["steppers"]
    enable = [steppers["enable"]] if "enable" in steppers else []
    return off_steps(enable, 1) + off_steps(steppers["step"])
