"""Runs first after every reset, soft ones included: every output off. Lies in the board's root.

Plays `dark.json`, which `main.py` writes before anything is switched on. A step is a pin and its
level, or a write on an I2C bus: [sda, scl, address, register, [byte, ...]]. No driver is imported,
so that no driver can prevent it. A list that is missing or damaged gives way to `KNOWN_PINS`.
"""

import json

import machine

KNOWN_PINS = (26, 27, 32, 33, 25, 14, 12)
"""The outputs of a board that is wired as docs/device.md shows it; all are off when low."""


def darken() -> None:
    """Every output off. Never raises."""
    try:
        with open("dark.json") as file:
            steps = json.load(file)
        if steps and all([_play(step) for step in steps]):
            return
    except Exception:
        pass
    for pin in KNOWN_PINS:
        _play((pin, 0))


def _play(step: "list[int] | tuple[int, ...]") -> bool:
    """Whether this was a step. An I2C chip that is not there has nothing to switch off."""
    try:
        if len(step) == 2:
            machine.Pin(step[0], machine.Pin.OUT, value=step[1])
        else:
            sda, scl, address, register, data = step
            bus = machine.I2C(0, sda=machine.Pin(sda), scl=machine.Pin(scl))
            bus.writeto_mem(address, register, bytes(data))
    except OSError:
        pass
    except Exception:
        return False
    return True


darken()
