"""SG90 servos on a PCA9685: a valve that is open at 2000 µs and closed at 1000 µs, 50 Hz.

The bound: 5 s, by the watchdog and `boot.py` (`hal/bus_jars.py`).
"""

from yaguts_device.hal.bus_jars import BusJars

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, Parts

WIRING = {"servos": 4, "i2c": {"sda": 21, "scl": 22}}
_ADDRESS = 0x40
_MODE1, _PRESCALE, _FIRST_CHANNEL = 0x00, 0xFE, 0x06
_SLEEP, _RUN = b"\x10", b"\x20"  # run: with auto-increment
_50_HZ = b"\x79"  # 25 MHz / 4096 / 50, less one
_SET_UP = ((_MODE1, _SLEEP), (_PRESCALE, _50_HZ), (_MODE1, _RUN))
_CLOSED, _OPEN = 205, 410  # 1000 µs and 2000 µs in 4096ths of 20 ms


def make(wiring: "dict[str, Any]", parts: "Parts") -> "Servos":
    """The servos behind the PCA9685 on these pins."""
    return Servos(wiring["servos"], wiring, parts)


def dark_steps(wiring: "dict[str, Any]") -> "list[DarkStep]":
    """Sets the PCA9685 up, which may have lost its power, and closes every servo."""
    sda, scl = wiring["i2c"]["sda"], wiring["i2c"]["scl"]
    writes = list(_SET_UP)
    writes.extend([_write(jar, _CLOSED) for jar in range(1, wiring["servos"] + 1)])
    return [[sda, scl, _ADDRESS, register, list(data)] for register, data in writes]


def _write(jar: int, width: int) -> "tuple[int, bytes]":
    """The register of the jar's servo, and what stands there when its pulses are so wide."""
    return _FIRST_CHANNEL + 4 * (jar - 1), bytes([0, 0, width & 0xFF, width >> 8])


class Servos(BusJars):
    """Servos on the channels from 0 on."""

    def _set_up(self) -> None:
        for register, data in _SET_UP:
            self._i2c.writeto_mem(_ADDRESS, register, data)

    def _turn(self, jar: int, on: bool) -> None:
        register, data = _write(jar, _OPEN if on else _CLOSED)
        self._i2c.writeto_mem(_ADDRESS, register, data)

    def _is_well(self) -> bool:
        """A PCA9685 that lost its power sleeps."""
        return not self._i2c.readfrom_mem(_ADDRESS, _MODE1, 1)[0] & _SLEEP[0]
