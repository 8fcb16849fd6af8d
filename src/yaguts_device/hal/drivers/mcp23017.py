"""Relays on an MCP23017: jars 1 to 8 on GPA0 to GPA7, 9 to 16 on GPB0 to GPB7.

The bound: 5 s, by the watchdog and `boot.py` (`hal/bus_jars.py`). Its pins are inputs when it gets
power, so that a resistor holds each relay off until `boot.py` runs.
"""

from yaguts_device.hal.bus_jars import BusJars

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {
    "mcp23017": {"jars": 16, "address": 32},
    "active_low": False,
    "i2c": {"sda": 21, "scl": 22},
}
_IODIR, _GPINTENB, _IOCON, _OLAT = 0x00, 0x05, 0x0A, 0x14
_OUTPUTS = b"\x00\x00"


def make(wiring: "dict[str, Any]", parts: "Parts") -> "Mcp23017":
    """The relays behind the chip on these pins."""
    return Mcp23017(wiring["mcp23017"]["jars"], wiring, parts)


def dark_steps(wiring: "dict[str, Any]") -> "list[DarkStep]":
    """Sets the chip up, which may have lost its power: the levels before the directions."""
    sda, scl = wiring["i2c"]["sda"], wiring["i2c"]["scl"]
    address = wiring["mcp23017"]["address"]
    return [
        [sda, scl, address, register, list(data)] for register, data in _set_up(_all_off(wiring))
    ]


def _all_off(wiring: "dict[str, Any]") -> int:
    return 0xFFFF if wiring["active_low"] else 0


def _set_up(levels: int) -> "list[tuple[int, bytes]]":
    """The first write leads back from the other order of registers, and is harmless in this one."""
    return [
        (_GPINTENB, b"\x00"),
        (_IOCON, b"\x00"),
        (_OLAT, _pair(levels)),
        (_IODIR, _OUTPUTS),
    ]


def _pair(levels: int) -> bytes:
    return bytes([levels & 0xFF, levels >> 8])


class Mcp23017(BusJars):
    """Relays on the pins from GPA0 on."""

    def __init__(self, jars: int, wiring: "dict[str, Any]", parts: "Parts") -> None:
        self._address = wiring["mcp23017"]["address"]
        self._off = self._levels = _all_off(wiring)
        super().__init__(jars, wiring, parts)

    def _set_up(self) -> None:
        for register, data in _set_up(self._off):
            self._i2c.writeto_mem(self._address, register, data)

    def _turn(self, jar: int, on: bool) -> None:
        bit = 1 << (jar - 1)
        self._levels = self._levels & ~bit | (self._off ^ 0xFFFF if on else self._off) & bit
        self._i2c.writeto_mem(self._address, _OLAT, _pair(self._levels))

    def _is_well(self) -> bool:
        """A chip that lost its power has inputs again."""
        return self._i2c.readfrom_mem(self._address, _IODIR, 2) == _OUTPUTS
