"""The LED: a code for each state, plain or as a NeoPixel. It may fail: nothing depends on it.

In `yaguts.json`: {"led": {"pin": 2}}, with "active_low": true where it lights when low, or with
"neopixel": true. A plain LED flashes by PWM, so that it goes on while the interpreter is busy.
"""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Callable

    from yaguts_device.hal.board import Parts

SET_UP = 0
"""There is no server, or none that knows this board: somebody has to do something."""
CONNECTING = 1
"""The server was not heard yet, or is not any more."""
IDLE = 2
"""The server is heard; there is no job."""
POURING = 3
TROUBLE = 4
"""The server refuses token or report, or the firmware starts again after an error."""

CODES = (
    (1, 50, (0, 0, 24)),
    (4, 50, (24, 12, 0)),
    (1, 100, (0, 12, 0)),
    (1, 90, (20, 20, 20)),
    (1, 10, (24, 0, 0)),
)
"""Of each state: flashes a second, for how many percent of the time it is lit, and the colour."""
_FULL = 65_535


def make(wiring: "dict[str, Any]", parts: "Parts") -> "Callable[[int], None]":
    """What shows a state on the LED. OSError and ValueError when it cannot be driven."""
    if wiring.get("neopixel"):
        pixel = parts.pixel(wiring["pin"])

        def colour(state: int) -> None:
            pixel[0] = CODES[state][2]
            pixel.write()

        return colour
    pwm = parts.pwm(wiring["pin"], 1)
    dark = _FULL if wiring.get("active_low") else 0

    def flash(state: int) -> None:
        hz, percent, _ = CODES[state]
        pwm.init(freq=hz, duty_u16=abs(dark - _FULL * percent // 100))

    return flash
