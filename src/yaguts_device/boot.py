"""Runs first after every reset, soft ones included: every output off. Lies in the board's root.

Plays `dark.json`, which `main.py` writes before anything is switched on. A step is a pin and its
level, or a write on an I2C bus: [sda, scl, address, register, [byte, ...]], without a register for
a chip that has none. No driver is imported, so that no driver can prevent it. A list that is
missing or damaged gives way to `KNOWN_PINS`.

What `yaguts.json` says of relays counts more than the list: a list from before the relays were
exchanged for ones that are on when low would open every jar.
"""

import json
import sys

import machine

KNOWN_PINS = (26, 27, 32, 33, 25, 14, 13, 12)
"""The outputs of an ESP32 that is wired as docs/device.md shows it; all are off when low."""


def darken() -> None:
    """Every output off. Never raises."""
    relays = _relays()
    for pin in relays:
        _play((pin, relays[pin]))
    try:
        with open("dark.json") as file:
            steps = json.load(file)
        if steps and all([_play(step) for step in steps if step[0] not in relays]):
            return
    except Exception:  # noqa: S110 whatever it is: no log is there yet, and the pins are next
        pass
    for pin in _known_pins():
        if pin not in relays:
            _play((pin, 0))


def _relays() -> "dict[int, int]":
    """The pins of relays with the levels at which they are off, as far as they are configured."""
    try:
        with open("yaguts.json") as file:
            wiring = json.load(file)
        return dict.fromkeys(wiring.get("relays", ()), 1 if wiring.get("active_low") else 0)
    except Exception:
        return {}


def _known_pins() -> "tuple[int, ...]":
    """On other chips these numbers are missing, or lead to the flash memory."""
    name: str = getattr(sys.implementation, "_machine", "")
    return KNOWN_PINS if name.endswith("ESP32") else ()


def _play(step: "list | tuple") -> bool:
    """Whether this was a step. An I2C chip that is not there has nothing to switch off.

    `list`, since `bytes` of a number is so many zeros.
    """
    try:
        if len(step) == 2:
            machine.Pin(step[0], machine.Pin.OUT, value=step[1])
        else:
            bus = machine.I2C(0, sda=machine.Pin(step[0]), scl=machine.Pin(step[1]))
            if len(step) == 4:
                bus.writeto(step[2], bytes(list(step[3])))
            else:
                _, _, address, register, data = step
                bus.writeto_mem(address, register, bytes(list(data)))
    except OSError:
        pass
    except Exception:
        return False
    return True


darken()
