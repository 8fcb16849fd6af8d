"""Drivers: one file each, found by its name in `yaguts.json`.

A driver is a module with

    WIRING                     its keys in `yaguts.json`, its own name among them, with defaults
    make(wiring, parts)        the `Outputs` (or, of `motor`, the `Motor`) of `hal/board.py`
    dark_steps(wiring)         what switches all of it off, as `boot.py` plays it

`wiring` holds a value for each key of `WIRING`. The board's pins come from `parts`.
"""

import json
import os

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import DarkStep, MotorOutput, Outputs, Parts

DARK_LIST = "dark.json"
MOTOR = "motor"
DEFAULT = "relays"
"""The driver when `yaguts.json` names none."""


def names() -> "list[str]":
    """The names of all drivers in this folder."""
    folder: "Any" = __path__
    files = os.listdir(folder if isinstance(folder, str) else folder[0])
    return sorted({file.split(".")[0] for file in files if file[0] not in "_."})


def load(name: str) -> "Any":
    """The driver's module."""
    return __import__(__name__ + "." + name, None, None, (name,))


def jar_drivers(config: "dict[str, Any]") -> "list[str]":
    """The drivers that `yaguts.json` names. The first one opens the jars; all must be dark."""
    named = [name for name in names() if name in config and name not in (MOTOR, DEFAULT)]
    return named + [DEFAULT] * (DEFAULT in config or not named)


def make_outputs(config: "dict[str, Any]", parts: "Parts") -> "Outputs":
    """The outputs that open the jars."""
    return _make(jar_drivers(config)[0], config, parts)


def make_motor(config: "dict[str, Any]", parts: "Parts") -> "MotorOutput":
    """The vibration motor."""
    return _make(MOTOR, config, parts)


def wiring_keys(config: "dict[str, Any]") -> "list[str]":
    """The keys of `yaguts.json` that describe the wiring."""
    return [key for name in _configured(config) for key in load(name).WIRING]


def dark_list(config: "dict[str, Any]") -> "list[DarkStep]":
    """The steps that switch off every output of this configuration."""
    steps: "list[DarkStep]" = []
    for name in _configured(config):
        driver = load(name)
        steps.extend(driver.dark_steps(_wiring(driver, config)))
    return steps


def keep_dark_list(config: "dict[str, Any]") -> None:
    """Write the dark list for `boot.py` if the stored one differs.

    The owner may have edited `yaguts.json` since the last start, so it is compared at every start.
    OSError when it cannot be written: then no output may be switched on.
    """
    steps = dark_list(config)
    if _kept() != steps:
        with open(DARK_LIST + "~", "w") as file:
            json.dump(steps, file)
        os.rename(DARK_LIST + "~", DARK_LIST)


def _kept() -> "Any":
    try:
        with open(DARK_LIST) as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def _configured(config: "dict[str, Any]") -> "list[str]":
    return jar_drivers(config) + [MOTOR]  # noqa: RUF005  (the board has no such list)


def _make(name: str, config: "dict[str, Any]", parts: "Parts") -> "Any":
    driver = load(name)
    return driver.make(_wiring(driver, config), parts)


def _wiring(driver: "Any", config: "dict[str, Any]") -> "dict[str, Any]":
    return {key: config.get(key, default) for key, default in driver.WIRING.items()}
