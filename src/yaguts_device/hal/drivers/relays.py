"""Relays on pins, on when high, or when low with `active_low`.

The bound: 0. Each opening is a finite RMT pulse, which the hardware ends.
"""

from yaguts_device.hal.pulsed import PulsedJars, off_steps

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"relays": [26, 27, 32, 33], "active_low": False}


def make(wiring: "dict[str, Any]", parts: "Parts") -> PulsedJars:
    """The relays on these pins."""
    return PulsedJars(wiring["relays"], parts, 0 if wiring["active_low"] else 1)


def dark_steps(wiring: "dict[str, Any]") -> "list[DarkStep]":
    """Each pin at the level at which its relay is off."""
    return off_steps(wiring["relays"], 1 if wiring["active_low"] else 0)
