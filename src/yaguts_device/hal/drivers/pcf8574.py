"""Relays on a PCF8574 (or PCF8574A): jars 1 to 8 on P0 to P7, on when low.

The bound: 5 s, by the watchdog and `boot.py` (`hal/bus_jars.py`). All its pins are high when it
gets power, and high only by a weak source: so it is for relays that are on when low, whatever
`active_low` says.
"""

from yaguts_device.hal.bus_jars import BusJars

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"pcf8574": {"jars": 8, "address": 32}, "i2c": {"sda": 21, "scl": 22}}
_ALL_OFF = 0xFF


def make(wiring: "dict[str, Any]", parts: "Parts") -> "Pcf8574":
    """The relays behind the chip on these pins."""
    return Pcf8574(wiring["pcf8574"]["jars"], wiring, parts)


def dark_steps(wiring: "dict[str, Any]") -> "list[DarkStep]":
    """One byte: the chip has no registers."""
    sda, scl = wiring["i2c"]["sda"], wiring["i2c"]["scl"]
    return [[sda, scl, wiring["pcf8574"]["address"], [_ALL_OFF]]]


class Pcf8574(BusJars):
    """Relays on the pins from P0 on."""

    def __init__(self, jars: int, wiring: "dict[str, Any]", parts: "Parts") -> None:
        self._address = wiring["pcf8574"]["address"]
        self._levels = _ALL_OFF
        super().__init__(jars, wiring, parts)

    def _set_up(self) -> None:
        self._levels = _ALL_OFF
        self._write()

    def _turn(self, jar: int, on: bool) -> None:
        bit = 1 << (jar - 1)
        self._levels = self._levels & ~bit if on else self._levels | bit
        self._write()

    def _is_well(self) -> bool:
        """The pins that were made low are: a chip that lost its power has them all high."""
        return not self._i2c.readfrom(self._address, 1)[0] & ~self._levels

    def _write(self) -> None:
        self._i2c.writeto(self._address, bytes([self._levels]))
