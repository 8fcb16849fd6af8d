"""What is wrong with a board's wiring, said on the PC before it is on the board.

`problems` must be mended first. `warnings` say what to look at. Both are sentences for the maker.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from yaguts.services.firmware.chips import CHIPS, Chip, Strap
from yaguts.services.firmware.pin_uses import (
    DEFAULT,
    EXPANDERS,
    HIGH,
    Configuration,
    PinUse,
    UnusableValue,
    address,
    button,
    configured,
    led,
    transmitters,
    uses,
)

NEW_BOARDS: Mapping[str, Configuration] = {
    "esp32": {
        "relays": [26, 27, 32, 33],
        "motor": {"ena": 25, "in1": 14, "in2": 13},
        "button": 4,
    },
    "esp32-s3": {
        "relays": [4, 5, 6, 7],
        "motor": {"ena": 15, "in1": 16, "in2": 17},
        "button": 14,
    },
    "esp32-c3": {
        "relays": [4, 5, 6, 7],
        "motor": {"ena": 3, "in1": 1, "in2": 0},
        "button": 10,
    },
}
"""A wiring without any warning for each chip. A configuration that names no wiring means that of
firmware 0.1, which fits the ESP32 alone."""


def problems(chip: str, configuration: Configuration) -> list[str]:
    """What the board cannot do or must not do. KeyError when the chip is none of `CHIPS`."""
    has = CHIPS[chip]
    used, malformed = _used(configuration)
    return [
        *malformed,
        *(sentence for use in used for sentence in _impossible(has, use)),
        *_wired_twice(used),
        *_too_few_transmitters(has, configuration),
        *_unsafe(configuration),
    ]


def warnings(chip: str, configuration: Configuration) -> list[str]:
    """What works if it is wired with care. KeyError when the chip is none of `CHIPS`."""
    has = CHIPS[chip]
    used, _ = _used(configuration)
    idle = configured(configuration)[1:-1]
    return [
        *(
            _with_care(use, has.straps[use.pin])
            for use in used
            if use.pin in has.straps and not _contradicts(use, has.straps[use.pin])
        ),
        *(_floating(use) for use in used if not use.drives and use.pin in has.input_only),
        *(f"{name}: switched off, but never opened: one driver opens all jars." for name in idle),
    ]


def _used(configuration: Configuration) -> tuple[list[PinUse], list[str]]:
    """Every use of a pin once, and a sentence for each driver whose values make no sense."""
    used: list[PinUse] = []
    malformed: list[str] = []
    for name in configured(configuration):
        try:
            used.extend(uses(name, configuration))
        except UnusableValue as error:
            malformed.append(str(error))
    try:
        used.append(button(configuration))
    except UnusableValue as error:
        malformed.append(str(error))
    try:
        used.extend(led(configuration))
    except UnusableValue as error:
        malformed.append(str(error))
    return list(dict.fromkeys(used)), malformed


def _impossible(chip: Chip, use: PinUse) -> Iterator[str]:
    where = f"{use.what}: GPIO {use.pin}"
    if use.pin not in chip.pins:
        yield f"{where} is not there on the {chip.title}."
    elif use.pin in chip.flash:
        yield f"{where} leads to the flash memory of the {chip.title}."
    elif use.pin in chip.console:
        yield f"{where} is the serial console or USB of the {chip.title}."
    elif use.drives and use.pin in chip.input_only:
        yield f"{where} of the {chip.title} can be read, but not driven."
    elif use.pin in chip.straps and _contradicts(use, chip.straps[use.pin]):
        strap = chip.straps[use.pin]
        yield (
            f"{where} is {_level(use.rest)} at reset, but has to be {_level(strap.needed)} "
            f"on the {chip.title}: otherwise {strap.otherwise}."
        )


def _contradicts(use: PinUse, strap: Strap) -> bool:
    return use.rest is not None and strap.needed is not None and use.rest != strap.needed


def _with_care(use: PinUse, strap: Strap) -> str:
    wanted = use.rest if strap.needed is None else strap.needed
    where = f"{use.what}: GPIO {use.pin} is a strapping pin"
    if wanted is None:
        return f"{where}: leave it alone at reset."
    pull = "3.3 V" if wanted == HIGH else "ground"
    if strap.needed is None:
        return f"{where}: a resistor of 10 kΩ to {pull} holds it off; {strap.otherwise}."
    return (
        f"{where}: it has to be {_level(wanted)} at reset, by a resistor of 10 kΩ to {pull}; "
        f"otherwise {strap.otherwise}."
    )


def _floating(use: PinUse) -> str:
    """A pin that can only be read has no resistor inside: a button there may read as held."""
    pull = "3.3 V" if use.rest == HIGH else "ground"
    return f"{use.what}: GPIO {use.pin} floats: it needs a resistor of 10 kΩ to {pull}."


def _level(level: int | None) -> str:
    return "high" if level == HIGH else "low"


def _wired_twice(used: list[PinUse]) -> Iterator[str]:
    by_pin: dict[int, list[str]] = defaultdict(list)
    for use in used:
        by_pin[use.pin].append(use.what)
    for pin, what in by_pin.items():
        if len(what) > 1:
            yield f"GPIO {pin} is used twice: {' and '.join(what)}."


def _too_few_transmitters(chip: Chip, configuration: Configuration) -> Iterator[str]:
    needed = transmitters(configuration)
    if needed > chip.rmt_transmitters:
        yield f"The {chip.title} has {chip.rmt_transmitters} RMT transmitters; {needed} are needed."


def _unsafe(configuration: Configuration) -> Iterator[str]:
    low = configuration.get("active_low")
    names = configured(configuration)
    if low is True and names[0] == DEFAULT and DEFAULT not in configuration:
        yield "active_low: name the pins of the relays as well, so that boot.py knows them."
    if low is False and "pcf8574" in configuration:
        yield (
            "pcf8574: its pins are high when it gets power, so relays that are on when high would "
            "open every jar. Use a relay board that is on when low."
        )
    addresses = {name: repr(address(name, configuration)) for name in names if name in EXPANDERS}
    if len(addresses) > len(set(addresses.values())):
        yield f"{' and '.join(addresses)} cannot answer at the same I2C address."
