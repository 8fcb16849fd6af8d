"""The diagrams: one for each driver or more, one for each chip's new board, one of the power.

Which pins they show, and which resistors, is read from `pin_uses` for the examples of
`docs/drivers.md`, and from `NEW_BOARDS`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.wiring_diagrams.sheet import (
    Across,
    Ground,
    Joined,
    Load,
    Part,
    Sheet,
    Supply,
    Tag,
    Terminal,
    ToBoard,
)
from tools.wiring_diagrams.words import Words
from yaguts.services.firmware.chips import CHIPS
from yaguts.services.firmware.pin_uses import HIGH, LOW, PinUse, button, uses
from yaguts.services.firmware.wiring import NEW_BOARDS

PAGE = Path(__file__).parents[2] / "docs/drivers.md"
Configuration = Mapping[str, Any]
GROUND, OPEN = Ground(), Joined()
MINUS = "\N{MINUS SIGN}"
V5, V12 = Supply("5 V"), Supply("12 V")


def examples() -> dict[str, Configuration]:
    """Each driver's example in `docs/drivers.md`."""
    text = PAGE.read_text("utf-8")
    found = re.findall(r"\n## `(\w+)`[^\n]*\n\n```json\n(.*?)```", text, re.DOTALL)
    return {name: json.loads(example) for name, example in found}


def configurations() -> dict[str, tuple[str, Configuration]]:
    """The driver and the configuration that each of the drivers' diagrams shows."""
    known = examples()
    plain = {name: (name, known[name]) for name in known}
    relays = {**known["relays"], "active_low": True}
    alone = {"motor": {"ena": known["motor"]["motor"]["ena"]}}
    run = {"dc_motors": {k: v for k, v in known["dc_motors"]["dc_motors"].items() if k != "sleep"}}
    return plain | {
        "relays-active-low": ("relays", relays),
        "motor-transistor": ("motor", alone),
        "dc_motors-l298n": ("dc_motors", run),
    }


def sheets(words: Words) -> dict[str, Sheet]:
    """Every diagram by its file's name."""
    drawn = {
        name: _DRAWINGS[name](name, configuration, words)
        for name, (_, configuration) in configurations().items()
    }
    boards = {f"new-board-{chip}": _new_board(chip, words) for chip in NEW_BOARDS}
    return {**drawn, **boards, "power": _power(words)}


# The drivers


def _relays(name: str, configuration: Configuration, words: Words) -> Sheet:
    pins = uses("relays", configuration)
    low = configuration["active_low"]
    jumper = words["note low"] if low else words["note high"]
    notes = [words["note ground"], words["note diode"], jumper, words["note relays"]]
    return _sheet(name, words, (_relay_board(pins, low, words),), notes=notes, pitch=60)


def _relay_board(pins: Sequence[PinUse], low: bool, words: Words) -> Part:
    board = Supply(words["3.3 V"]) if low else V5
    left = [
        Terminal("VCC" if low else "DC+", board),
        Terminal("GND" if low else "DC" + MINUS, GROUND),
        *_inputs("IN", pins),
    ]
    right = [
        Terminal("JD-VCC", V5) if low else None,
        Terminal(f"COM 1–{len(pins)}", V12),
        *(Terminal(f"NO {n}", Load(words["valve"].format(n=n))) for n, _ in enumerate(pins, 1)),
    ]
    return Part(words["relays"], 1, 0, tuple(left), tuple(right))


def _mcp23017(name: str, configuration: Configuration, words: Words) -> Sheet:
    jars, address = configuration["mcp23017"]["jars"], configuration["mcp23017"]["address"]
    outputs = [f"GP{bank}{bit}" for bank in "AB" for bit in range(8)][:jars]
    volts = Supply(words["3.3 V"])
    left = [
        Terminal("VDD", volts),
        Terminal("VSS", GROUND),
        *_bus(configuration),
        *_address(address, words),
        Terminal("RESET", volts),
    ]
    rest = HIGH if configuration["active_low"] else LOW
    return _expander(name, words, "MCP23017", left, outputs, rest, hex(address))


def _pcf8574(name: str, configuration: Configuration, words: Words) -> Sheet:
    jars, address = configuration["pcf8574"]["jars"], configuration["pcf8574"]["address"]
    left = [
        Terminal("VDD", Supply(words["3.3 V"])),
        Terminal("VSS", GROUND),
        *_bus(configuration),
        *_address(address, words),
    ]
    outputs = [f"P{bit}" for bit in range(jars)]
    chip = "PCF8574" if address < 0x38 else "PCF8574A"
    return _expander(name, words, chip, left, outputs, None, hex(address))


def _expander(
    name: str,
    words: Words,
    chip: str,
    left: Sequence[Terminal],
    outputs: Sequence[str],
    rest: int | None,
    address: str,
) -> Sheet:
    volts = Supply(words["3.3 V"])
    supply = [Terminal("VCC", volts), Terminal("JD-VCC", V5), Terminal("GND", GROUND)]
    right = [*(None for _ in supply), *(Terminal(each, Across(rest)) for each in outputs)]
    part = Part(chip, 1, 0, tuple(left), tuple(right))
    inputs = [Terminal(f"IN{n}", OPEN) for n, _ in enumerate(outputs, 1)]
    relays = Part(words["relays"], 2, 0, (*supply, *inputs))
    more = [words["note pcf"]] if rest is None else []
    notes = [
        words["note ground"],
        words["note address"].format(address=address),
        *more,
        words["note low"],
        words["note expander"],
    ]
    return _sheet(name, words, (part, relays), notes=notes)


def _servos(name: str, configuration: Configuration, words: Words) -> Sheet:
    count = configuration["servos"]
    left = [
        Terminal("VCC", Supply(words["3.3 V"])),
        Terminal("GND", GROUND),
        *_bus(configuration),
        Terminal("OE", GROUND),
        Terminal("V+", V5),
    ]
    right: list[Terminal | None] = []
    servos: list[Part] = []
    for jar in range(count):
        row = 4 * jar
        right += [
            Terminal(f"{jar} PWM", Across()),
            Terminal(f"{jar} V+", Across()),
            Terminal(f"{jar} GND", Across()),
            None,
        ]
        colours = tuple(Terminal(words[c], OPEN) for c in ("orange", "red", "brown"))
        servos.append(Part(words["servo"].format(n=jar + 1), 2, row, colours))
    part = Part("PCA9685", 1, 0, tuple(left), tuple(right[:-1]))
    notes = [words["note ground"], words["note servos"]]
    return _sheet(name, words, (part, *servos), notes=notes, pitch=40)


def _steppers(name: str, configuration: Configuration, words: Words) -> Sheet:
    pins = uses("steppers", configuration)
    steps = [use for use in pins if use.what.startswith("steppers (")]
    others = {use.what.removeprefix("steppers "): use for use in pins if use not in steps}
    volts = Supply(words["3.3 V"])
    enable = Tag("EN") if "enable" in others else GROUND
    direction = Tag("DIR") if "dir" in others else GROUND
    parts: list[Part] = []
    for jar, use in enumerate(steps, 1):
        row = 8 * (jar - 1)
        left = (
            Terminal("STEP", ToBoard(use)),
            Terminal("EN", enable),
            Terminal("DIR", direction),
            Terminal("VDD RESET SLEEP", volts),
            Terminal("MS1 MS2 MS3", volts),
            Terminal("GND", GROUND),
        )
        coils = ("1A", "1B", "2A", "2B")
        right = (*(Terminal(coil, Across()) for coil in coils), None, Terminal("VMOT", V12))
        parts.append(Part(f"A4988 {jar}", 1, row, left, right))
        wires = tuple(Terminal(coil, OPEN) for coil in coils)
        parts.append(Part(words["stepper"].format(n=jar), 2, row, wires))
    below = 8 * len(steps) - 1
    nets = [
        (others[what], net) for what, net in (("enable", "EN"), ("dir", "DIR")) if what in others
    ]
    shared = [(row, use, net) for row, (use, net) in enumerate(nets, below)]
    notes = [words["note ground"], words["note tags"], words["note steppers"]]
    return _sheet(name, words, parts, shared=shared, notes=notes, pitch=40)


def _uln2003(name: str, configuration: Configuration, words: Words) -> Sheet:
    pins = uses("uln2003", configuration)
    parts: list[Part] = []
    for jar in range(len(pins) // 4):
        row = 7 * jar
        left = (
            *_inputs("IN", pins[4 * jar : 4 * jar + 4]),
            Terminal("+", V5),
            Terminal(MINUS, GROUND),
        )
        parts.append(Part(f"ULN2003 {jar + 1}", 1, row, left, (Terminal(words["plug"], Across()),)))
        motor = words["stepper"].format(n=jar + 1)
        parts.append(Part(motor, 2, row, (Terminal("28BYJ-48", OPEN),)))
    return _sheet(name, words, parts, notes=[words["note ground"], words["note uln"]])


def _drv8833(name: str, configuration: Configuration, words: Words) -> Sheet:
    pins = uses("dc_motors", configuration)
    runs = [use for use in pins if use.what.startswith("dc_motors (")]
    sleep = next((use for use in pins if use not in runs), None)
    awake = Tag("nSLEEP") if sleep else Supply(words["3.3 V"])
    parts: list[Part] = []
    for chip, first in enumerate(range(0, len(runs), 2)):
        row = 8 * chip
        channels = list(zip("AB", runs[first : first + 2], strict=False))
        left: list[Terminal | None] = []
        right: list[Terminal | None] = []
        for letter, use in channels:
            left += [Terminal(f"{letter}IN1", ToBoard(use)), Terminal(f"{letter}IN2", GROUND)]
            right += [Terminal(f"{letter}OUT{n}", Across()) for n in (1, 2)]
            if letter == "A":
                left.append(Terminal("nSLEEP", awake))
                right.append(None)
        left.append(Terminal("GND", GROUND))
        right.append(Terminal("VM", V5))
        parts.append(Part(f"DRV8833 {chip + 1}", 1, row, tuple(left), tuple(right)))
        parts += _motors(row, 3, first, len(channels), words)
    shared = [(6, sleep, "nSLEEP")] if sleep else []
    notes = [words["note ground"], words["note tags"], words["note drv"]]
    return _sheet(name, words, parts, shared=shared, notes=notes)


def _l298n(name: str, configuration: Configuration, words: Words) -> Sheet:
    runs = uses("dc_motors", configuration)
    parts: list[Part] = []
    for chip, first in enumerate(range(0, len(runs), 2)):
        row = 8 * chip
        left: list[Terminal | None] = []
        right: list[Terminal | None] = []
        for channel, use in enumerate(runs[first : first + 2]):
            one, two = 2 * channel + 1, 2 * channel + 2
            left += [Terminal(f"IN{one}", ToBoard(use)), Terminal(f"IN{two}", GROUND), None]
            right += [Terminal(f"OUT{one}", Across()), Terminal(f"OUT{two}", Across()), None]
        left[-1] = Terminal("GND", GROUND)
        right[-1] = Terminal("12V", V12)
        parts.append(Part(f"L298N {chip + 1}", 1, row, tuple(left), tuple(right)))
        parts += _motors(row, 3, first, len(runs[first : first + 2]), words)
    notes = [words["note ground"], words["note l298n"]]
    return _sheet(name, words, parts, notes=notes)


def _motors(row: int, apart: int, first: int, count: int, words: Words) -> Iterator[Part]:
    for motor in range(count):
        name = words["motor"].format(n=first + motor + 1)
        wires = (Terminal("1", OPEN), Terminal("2", OPEN))
        yield Part(name, 2, row + apart * motor, wires)


def _motor(name: str, configuration: Configuration, words: Words) -> Sheet:
    parts = _vibration(configuration, 0, words)
    return _sheet(name, words, parts, notes=[words["note ground"], words["note motor"]])


def _vibration(configuration: Configuration, row: int, words: Words) -> tuple[Part, Part]:
    pins = uses("motor", configuration)
    left = [Terminal(use.what.removeprefix("motor ").upper(), ToBoard(use)) for use in pins]
    right = [Terminal("OUT1", Across()), Terminal("OUT2", Across()), None, Terminal("12V", V12)]
    driver = Part("L298N", 1, row, (*left, Terminal("GND", GROUND)), tuple(right))
    wires = (Terminal("1", OPEN), Terminal("2", OPEN))
    return driver, Part(words["vibration"], 2, row, wires)


def _transistor(name: str, configuration: Configuration, words: Words) -> Sheet:
    [use] = uses("motor", configuration)
    left = (Terminal("G (220 Ω)", ToBoard(use)), Terminal("S", GROUND))
    right = (None, Terminal("D", Load(words["vibration"], V5)))
    mosfet = Part(words["mosfet"], 1, 1, left, right)
    return _sheet(name, words, (mosfet,), notes=[words["note ground"], words["note mosfet"]])


_DRAWINGS: Mapping[str, Callable[[str, Configuration, Words], Sheet]] = {
    "dc_motors": _drv8833,
    "dc_motors-l298n": _l298n,
    "mcp23017": _mcp23017,
    "motor": _motor,
    "motor-transistor": _transistor,
    "pcf8574": _pcf8574,
    "relays": _relays,
    "relays-active-low": _relays,
    "servos": _servos,
    "steppers": _steppers,
    "uln2003": _uln2003,
}


# Whole boards, and the power


BOARD_NOTES = ("ground", "diode", "high", "relays", "motor", "button")


def _new_board(chip: str, words: Words) -> Sheet:
    configuration: Configuration = NEW_BOARDS[chip]
    pins = uses("relays", configuration)
    relays = _relay_board(pins, False, words)
    row = relays.last + 2
    press = Terminal("1", ToBoard(button(configuration)))
    parts = (
        relays,
        *_vibration(configuration, row, words),
        Part(words["button"], 1, row + 5, (press, Terminal("2", GROUND))),
    )
    title = words["title new board"].format(chip=CHIPS[chip].title)
    notes = tuple(words[f"note {each}"] for each in BOARD_NOTES)
    return Sheet(title, parts, CHIPS[chip].title, notes=notes, pitch=60)


def _power(words: Words) -> Sheet:
    supply = Part(words["supply"], 0, 0, right=(Terminal("+", Across()), Terminal(MINUS, GROUND)))
    fuse = Part(words["fuse"], 1, 0, (Terminal("1", OPEN),), (Terminal("12 V", Across()),))
    loads = Part(words["loads"], 2, 0, (Terminal("+ 12 V", OPEN), Terminal(MINUS, GROUND)))
    buck = Part(
        words["buck"],
        1,
        4,
        (Terminal("IN+", V12), Terminal("IN" + MINUS, GROUND)),
        (Terminal("OUT+ (5 V)", Across()), Terminal("OUT" + MINUS, GROUND)),
    )
    board = Part(words["board"], 2, 4, (Terminal("5V / VIN", OPEN), Terminal("GND", GROUND)))
    coils = Part(words["coils"], 2, 8, (Terminal("+ 5 V", V5), Terminal(MINUS, GROUND)))
    notes = (words["note ground"], words["note power"])
    return Sheet(words["title power"], (supply, fuse, loads, buck, board, coils), notes=notes)


# What they have in common


def _sheet(
    name: str,
    words: Words,
    parts: Sequence[Part],
    *,
    notes: Sequence[str],
    shared: Sequence[tuple[int, PinUse, str]] = (),
    pitch: int = 44,
) -> Sheet:
    title = words[f"title {name}"]
    return Sheet(title, tuple(parts), "ESP32", tuple(shared), tuple(notes), pitch)


def _inputs(label: str, pins: Sequence[PinUse]) -> Iterator[Terminal]:
    for n, use in enumerate(pins, 1):
        yield Terminal(f"{label}{n}", ToBoard(use))


def _bus(configuration: Configuration) -> Iterator[Terminal]:
    for use in uses("servos", {"servos": 1, "i2c": configuration["i2c"]}):
        yield Terminal(use.what.removeprefix("i2c ").upper(), ToBoard(use))


def _address(address: int, words: Words) -> Iterator[Terminal]:
    for bit in range(3):
        high = address >> bit & 1
        yield Terminal(f"A{bit}", Supply(words["3.3 V"]) if high else GROUND)
