"""Which pins a board's configuration uses, and for what: a function for each driver.

The keys and their defaults are read from the drivers' sources. What each driver does with its pins
stands here once more, and a test compares it with the drivers' own dark lists.
"""

import ast
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from yaguts.services.firmware.sources import DRIVERS, all_modules
from yaguts_wire.limits import MAX_JARS

MOTOR = "motor"
DEFAULT = "relays"
BUTTON = "button"
BUTTON_PIN = 4
LED = "led"
PULSED = ("dc_motors", "relays", "steppers")
"""Drivers that open jars by an RMT transmitter: one in all, since one jar pours at a time."""
EXPANDERS = ("mcp23017", "pcf8574")
LOW, HIGH = 0, 1

Configuration = Mapping[str, object]
Values = Mapping[str, object]


class UnusableValue(Exception):
    """A value that no driver can use. The text says which."""


@dataclass(frozen=True, slots=True)
class PinUse:
    """What a pin is used for, and the level at which its resistor has to hold it at reset."""

    what: str
    pin: int
    rest: int | None = None
    drives: bool = True


def configured(configuration: Configuration) -> list[str]:
    """The drivers that the configuration names, the motor's among them, as the board has it."""
    named = [name for name in _USES if name in configuration and name not in (MOTOR, DEFAULT)]
    jars = [*named, DEFAULT] if DEFAULT in configuration or not named else named
    return [*jars, MOTOR]


def uses(name: str, configuration: Configuration) -> list[PinUse]:
    """The pins that a driver uses in this configuration. Raises `UnusableValue`."""
    values = {key: configuration.get(key, value) for key, value in defaults()[name].items()}
    return list(_USES[name](values))


def button(configuration: Configuration) -> PinUse:
    """The button for a factory reset. Raises `UnusableValue`."""
    pin = _pin(BUTTON, configuration.get(BUTTON, BUTTON_PIN))
    return PinUse(BUTTON, pin, HIGH, drives=False)


def led(configuration: Configuration) -> list[PinUse]:
    """The LED, where there is one. Raises `UnusableValue`."""
    if LED not in configuration:
        return []
    part = _part(LED, configuration[LED], {"pin", "active_low", "neopixel"})
    dark_when_high = _truth("led active_low", part.get("active_low", False))
    if _truth("led neopixel", part.get("neopixel", False)) and dark_when_high:
        raise UnusableValue("led: a NeoPixel is not active_low.")
    return [PinUse(LED, _pin(LED, part.get("pin")), HIGH if dark_when_high else LOW)]


def transmitters(configuration: Configuration) -> int:
    """How many RMT transmitters the board has to have. The first driver alone opens jars."""
    return int(configured(configuration)[0] in PULSED)


def address(name: str, configuration: Configuration) -> object:
    """The I2C address of an expander."""
    part = configuration.get(name)
    return cast("Values", part).get("address") if isinstance(part, dict) else part


@cache
def defaults() -> Mapping[str, Values]:
    """Each driver's keys in `yaguts.json` with what they are by default, from its source."""
    prefix = DRIVERS + "."
    return {
        name.removeprefix(prefix): _wiring(tree)
        for name, tree in all_modules().items()
        if name.startswith(prefix)
    }


def _wiring(driver: ast.Module) -> Values:
    return next(
        ast.literal_eval(node.value)
        for node in driver.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "WIRING"
    )


# The drivers


def _relays(values: Values) -> Iterator[PinUse]:
    off = HIGH if _truth("active_low", values["active_low"]) else LOW
    yield from _jars("relays", values["relays"], off)


def _servos(values: Values) -> Iterator[PinUse]:
    _number("servos", values["servos"], 1, MAX_JARS)
    yield from _bus(values)


def _mcp23017(values: Values) -> Iterator[PinUse]:
    _truth("active_low", values["active_low"])
    _expander("mcp23017", values, MAX_JARS, range(0x20, 0x28))
    yield from _bus(values)


def _pcf8574(values: Values) -> Iterator[PinUse]:
    _expander("pcf8574", values, 8, (*range(0x20, 0x28), *range(0x38, 0x40)))
    yield from _bus(values)


def _steppers(values: Values) -> Iterator[PinUse]:
    part = _part("steppers", values["steppers"], {"step", "hz", "enable", "dir", "reverse"})
    yield from _jars("steppers", part.get("step"), LOW)
    _number("steppers hz", part.get("hz"), 700, 20_000)
    _truth("steppers reverse", part.get("reverse", False))
    if "enable" in part:
        yield PinUse("steppers enable", _pin("steppers enable", part["enable"]), HIGH)
    if "dir" in part:
        yield PinUse("steppers dir", _pin("steppers dir", part["dir"]))


def _uln2003(values: Values) -> Iterator[PinUse]:
    part = _part("uln2003", values["uln2003"], {"coils", "step_ms"})
    _number("uln2003 step_ms", part.get("step_ms"), 1, 100)
    for jar, coils in enumerate(_list("uln2003 coils", part.get("coils"), MAX_JARS), 1):
        what = f"uln2003 (jar {jar})"
        for coil, pin in enumerate(_list(what, coils, 4, 4), 1):
            yield PinUse(f"{what} coil {coil}", _pin(what, pin), LOW)


def _dc_motors(values: Values) -> Iterator[PinUse]:
    part = _part("dc_motors", values["dc_motors"], {"run", "percent", "sleep"})
    yield from _jars("dc_motors", part.get("run"), LOW)
    _number("dc_motors percent", part.get("percent"), 10, 100)
    if "sleep" in part:
        yield PinUse("dc_motors sleep", _pin("dc_motors sleep", part["sleep"]), LOW)


def _motor(values: Values) -> Iterator[PinUse]:
    part = _part(MOTOR, values[MOTOR], {"ena", "in1", "in2"})
    if part and "ena" not in part:
        raise UnusableValue("motor: ena is missing.")
    for key, value in part.items():
        what = f"motor {key}"
        pins: list[object] = [value]
        if key == "in2" and isinstance(value, list):
            pins = cast("list[object]", value)
        yield from (PinUse(what, _pin(what, pin), LOW) for pin in pins)


_USES: Mapping[str, Callable[[Values], Iterator[PinUse]]] = {
    "dc_motors": _dc_motors,
    "mcp23017": _mcp23017,
    "motor": _motor,
    "pcf8574": _pcf8574,
    "relays": _relays,
    "servos": _servos,
    "steppers": _steppers,
    "uln2003": _uln2003,
}


# What they have in common


def _bus(values: Values) -> Iterator[PinUse]:
    part = _part("i2c", values["i2c"], {"sda", "scl"})
    for line in ("sda", "scl"):
        yield PinUse(f"i2c {line}", _pin(f"i2c {line}", part.get(line)), HIGH)


def _expander(name: str, values: Values, most: int, addresses: "range | tuple[int, ...]") -> None:
    part = _part(name, values[name], {"jars", "address"})
    _number(f"{name} jars", part.get("jars"), 1, most)
    if part.get("address") not in addresses:
        known = ", ".join(map(str, addresses))
        raise UnusableValue(f"{name} address: {_as_json(part.get('address'))} is none of {known}.")


def _jars(what: str, value: object, rest: int) -> Iterator[PinUse]:
    for jar, pin in enumerate(_list(what, value, MAX_JARS), 1):
        yield PinUse(f"{what} (jar {jar})", _pin(f"{what} (jar {jar})", pin), rest)


def _pin(what: str, value: object) -> int:
    if type(value) is not int or value < 0:
        raise UnusableValue(f"{what}: {_as_json(value)} is not the number of a pin.")
    return value


def _number(what: str, value: object, least: int, most: int) -> None:
    if type(value) is not int or not least <= value <= most:
        raise UnusableValue(f"{what}: {_as_json(value)} is not a number from {least} to {most}.")


def _truth(what: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise UnusableValue(f"{what}: {_as_json(value)} is neither true nor false.")
    return value


def _list(what: str, value: object, most: int, least: int = 1) -> list[object]:
    told = _as_json(value)
    found = cast("list[object]", value) if isinstance(value, list) else []
    if not least <= len(found) <= most:
        size = str(most) if least == most else f"{least} to {most}"
        raise UnusableValue(f"{what}: {told} is not a list of {size}.")
    return found


def _part(what: str, value: object, keys: set[str]) -> Values:
    if not isinstance(value, dict):
        raise UnusableValue(f"{what}: {_as_json(value)} is not an object with keys.")
    part = cast("dict[str, object]", value)
    unknown = sorted(part.keys() - keys)
    if unknown:
        raise UnusableValue(f"{what}: {_as_json(unknown[0])} is none of {', '.join(sorted(keys))}.")
    return part


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
