"""What is wrong with a wiring is said before it is on a board, for each of the three chips."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.architecture.sources import ROOT
from tests.yaguts_device.hal.wirings import WIRINGS
from yaguts.services.firmware import pin_uses, wiring
from yaguts.services.firmware.chips import CHIPS
from yaguts.services.firmware.pin_uses import HIGH, LOW
from yaguts_device.hal import drivers

AS_0_1: Mapping[str, object] = {}


NEOPIXEL = {"pin": 48, "neopixel": True}


def problem(configuration: Mapping[str, object], chip: str = "esp32") -> str:
    """The one problem of a configuration that names no motor and no button on its pins."""
    [sentence] = wiring.problems(chip, {"motor": {}, "button": 0, **configuration})
    return sentence


# The chips


def test_the_pins_are_those_of_the_datasheets() -> None:
    counts = {name: (len(chip.pins), chip.rmt_transmitters) for name, chip in CHIPS.items()}

    assert counts == {"esp32": (34, 8), "esp32-s3": (45, 4), "esp32-c3": (22, 2)}
    for chip in CHIPS.values():
        assert chip.flash < chip.pins
        assert chip.input_only < chip.pins
        assert chip.console < chip.pins
        assert chip.straps.keys() < chip.pins
        assert not chip.straps.keys() & (chip.flash | chip.console)


@pytest.mark.parametrize(
    ("chip", "pin", "why"),
    [
        ("esp32", 20, "is not there"),
        ("esp32", 24, "is not there"),
        ("esp32", 31, "is not there"),
        ("esp32", 40, "is not there"),
        ("esp32", 6, "leads to the flash memory"),
        ("esp32", 11, "leads to the flash memory"),
        ("esp32", 34, "can be read, but not driven"),
        ("esp32", 39, "can be read, but not driven"),
        ("esp32", 1, "is the serial console"),
        ("esp32-s3", 22, "is not there"),
        ("esp32-s3", 25, "is not there"),
        ("esp32-s3", 49, "is not there"),
        ("esp32-s3", 26, "leads to the flash memory"),
        ("esp32-s3", 27, "leads to the flash memory"),
        ("esp32-s3", 32, "leads to the flash memory"),
        ("esp32-s3", 33, "leads to the flash memory"),
        ("esp32-s3", 19, "is the serial console or USB"),
        ("esp32-c3", 22, "is not there"),
        ("esp32-c3", 26, "is not there"),
        ("esp32-c3", 33, "is not there"),
        ("esp32-c3", 12, "leads to the flash memory"),
        ("esp32-c3", 18, "is the serial console or USB"),
    ],
)
def test_a_pin_that_cannot_open_a_jar_is_named(chip: str, pin: int, why: str) -> None:
    sentence = problem({"relays": [pin]}, chip)

    assert sentence.startswith(f"relays (jar 1): GPIO {pin}")
    assert why in sentence
    assert CHIPS[chip].title in sentence


def test_a_button_may_be_on_a_pin_that_can_only_be_read() -> None:
    on_34 = {"motor": {}, "button": 34}

    assert wiring.problems("esp32", on_34) == []
    assert wiring.warnings("esp32", on_34) == [
        "button: GPIO 34 floats: it needs a resistor of 10 kΩ to 3.3 V."
    ]


def test_an_led_is_checked_as_every_other_pin_is() -> None:
    assert wiring.problems("esp32", {"led": {"pin": 23}}) == []
    assert wiring.problems("esp32-s3", {**wiring.NEW_BOARDS["esp32-s3"], "led": NEOPIXEL}) == []
    assert problem({"led": {"pin": 34}}) == "led: GPIO 34 of the ESP32 can be read, but not driven."
    assert problem({"led": {"pin": 6}}) == "led: GPIO 6 leads to the flash memory of the ESP32."
    assert problem({"led": {"pin": 26}}) == "GPIO 26 is used twice: relays (jar 1) and led."
    [sentence] = wiring.warnings("esp32", {"led": {"pin": 2}, "motor": {}})
    assert sentence.startswith("led: GPIO 2 is a strapping pin")


def test_a_chip_without_transmitters_enough_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    none = replace(CHIPS["esp32"], rmt_transmitters=0)
    monkeypatch.setattr(wiring, "CHIPS", {"esp32": none})

    for name in pin_uses.PULSED:
        assert (
            "has 0 RMT transmitters; 1 are needed"
            in wiring.problems("esp32", {**WIRINGS[name]})[-1]
        )
    assert wiring.problems("esp32", {"servos": 4}) == []


# Strapping pins


def test_a_board_of_firmware_0_1_is_warned_of_its_motor_and_told_the_pull() -> None:
    assert wiring.problems("esp32", AS_0_1) == []
    [sentence] = wiring.warnings("esp32", AS_0_1)
    assert sentence.startswith("motor in2: GPIO 12 is a strapping pin: it has to be low at reset")
    assert "10 kΩ to ground" in sentence
    explicit = {"motor": {"ena": 25, "in1": 14, "in2": 12}}
    assert wiring.problems("esp32", explicit) == []
    assert wiring.warnings("esp32", explicit) == [sentence]


def test_a_resistor_that_keeps_the_board_from_starting_is_a_problem() -> None:
    assert "GPIO 12 is high at reset, but has to be low" in problem(
        {"relays": [12], "active_low": True}
    )
    assert "GPIO 0 is low at reset, but has to be high" in problem({"relays": [0], "button": 4})
    assert wiring.problems("esp32", {"relays": [12]})[0].startswith("GPIO 12 is used twice")
    assert problem({"relays": [9]}, "esp32-c3") == (
        "relays (jar 1): GPIO 9 is low at reset, but has to be high on the ESP32-C3: otherwise "
        "the board waits to be flashed instead of starting."
    )


def test_a_strap_that_matters_little_is_a_warning() -> None:
    [sentence] = wiring.warnings("esp32", {"relays": [15], "motor": {}})

    assert "10 kΩ to ground holds it off" in sentence
    assert wiring.problems("esp32", {"relays": [15], "motor": {}}) == []


# What is wired


def test_a_pin_is_used_once() -> None:
    assert problem({"relays": [26, 27, 26]}) == (
        "GPIO 26 is used twice: relays (jar 1) and relays (jar 3)."
    )
    assert (
        problem({"relays": [4], "button": 4}) == "GPIO 4 is used twice: relays (jar 1) and button."
    )


def test_two_chips_share_a_bus() -> None:
    both = {"servos": 4, "mcp23017": {"jars": 4, "address": 32}}

    assert wiring.problems("esp32", both) == []
    assert wiring.warnings("esp32", {**both, "motor": {}}) == [
        "servos: switched off, but never opened: one driver opens all jars."
    ]


@pytest.mark.parametrize(
    ("configuration", "sentence"),
    [
        ({"relays": 26}, "relays: 26 is not a list of 1 to 16."),
        ({"relays": []}, "relays: [] is not a list of 1 to 16."),
        ({"relays": ["26"]}, 'relays (jar 1): "26" is not the number of a pin.'),
        ({"relays": [True]}, "relays (jar 1): true is not the number of a pin."),
        ({"relays": [26], "active_low": 1}, "active_low: 1 is neither true nor false."),
        ({"active_low": True}, "active_low: name the pins of the relays as well, "),
        ({"servos": 17}, "servos: 17 is not a number from 1 to 16."),
        ({"servos": 4, "i2c": {"sda": 21}}, "i2c scl: null is not the number of a pin."),
        ({"servos": 4, "i2c": [21, 22]}, "i2c: [21, 22] is not an object with keys."),
        ({"mcp23017": {"jars": 17, "address": 32}}, "mcp23017 jars: 17 is not"),
        ({"mcp23017": {"jars": 8, "address": 64}}, "mcp23017 address: 64 is none of 32, 33"),
        ({"mcp23017": {"jars": 8, "adress": 32}}, 'mcp23017: "adress" is none of address, jars.'),
        ({"pcf8574": {"jars": 9, "address": 32}}, "pcf8574 jars: 9 is not a number from 1 to 8."),
        (
            {"pcf8574": {"jars": 8, "address": 32}, "active_low": False},
            "pcf8574: its pins are high",
        ),
        ({"steppers": {"step": [26], "hz": 200}}, "steppers hz: 200 is not a number from 700"),
        ({"uln2003": {"coils": [[1, 2, 3]], "step_ms": 2}}, "uln2003 (jar 1): [1, 2, 3] is not a"),
        ({"dc_motors": {"run": [26], "percent": 0}}, "dc_motors percent: 0 is not a number"),
        ({"motor": {"in1": 14}}, "motor: ena is missing."),
        ({"button": None}, "button: null is not the number of a pin."),
        ({"led": 2}, "led: 2 is not an object with keys."),
        ({"led": {}}, "led: null is not the number of a pin."),
        ({"led": {"pin": 23, "active_low": 1}}, "led active_low: 1 is neither true nor false."),
        ({"led": {"pin": 23, "colour": "red"}}, 'led: "colour" is none of'),
        ({"led": {**NEOPIXEL, "active_low": True}}, "led: a NeoPixel is not active_low."),
    ],
)
def test_a_value_that_no_driver_can_use_is_named(
    configuration: Mapping[str, object], sentence: str
) -> None:
    assert problem(configuration).startswith(sentence)


def test_two_expanders_have_two_addresses() -> None:
    both: dict[str, Any] = {
        "mcp23017": {"jars": 8, "address": 33},
        "pcf8574": {"jars": 8, "address": 33},
    }
    assert problem(both) == "mcp23017 and pcf8574 cannot answer at the same I2C address."
    both["pcf8574"]["address"] = 34
    assert wiring.problems("esp32", both) == []


@pytest.mark.parametrize("chip", CHIPS)
def test_the_wiring_of_a_new_board_needs_no_care(chip: str) -> None:
    assert wiring.problems(chip, wiring.NEW_BOARDS[chip]) == []
    assert wiring.warnings(chip, wiring.NEW_BOARDS[chip]) == []


def test_the_wiring_that_is_meant_when_nothing_is_said_fits_the_esp32_alone() -> None:
    assert [bool(wiring.problems(chip, AS_0_1)) for chip in CHIPS] == [False, True, True]


# The firmware's drivers, of which this is the shadow


def test_every_driver_is_known() -> None:
    assert sorted(pin_uses.defaults()) == drivers.names() == sorted(WIRINGS)
    for name in drivers.names():
        assert pin_uses.defaults()[name] == drivers.load(name).WIRING
        assert pin_uses.configured(WIRINGS[name]) == [*drivers.jar_drivers(WIRINGS[name]), "motor"]
    everything = {key: value for each in WIRINGS.values() for key, value in each.items()}
    assert pin_uses.configured(everything) == [*drivers.jar_drivers(everything), "motor"]


@pytest.mark.parametrize("name", WIRINGS)
def test_what_is_known_of_a_drivers_pins_is_what_its_dark_list_says(name: str) -> None:
    configuration = WIRINGS[name]
    at_rest = {
        use.pin: use.rest
        for each in pin_uses.configured(configuration)
        for use in pin_uses.uses(each, configuration)
        if use.drives and not use.what.startswith("i2c") and use.rest is not None
    }
    dark = {step[0]: step[1] for step in drivers.dark_list(configuration) if len(step) == 2}

    assert at_rest == dark
    assert set(dark.values()) <= {LOW, HIGH}
    assert wiring.problems("esp32", configuration) == []


# What the page for makers says


PAGE = (ROOT / "docs/drivers.md").read_text("utf-8")


def row(title: str) -> list[str]:
    """The cells of the row that begins so, one for each chip."""
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"| {title} |")]
    return [cell.strip() for cell in line.split("|")[2:-1]]


def told(pins: Iterable[int]) -> str:
    """Pins as the page writes them: "0–19, 21"."""
    ranges: list[list[int]] = []
    for pin in sorted(pins):
        if ranges and ranges[-1][-1] == pin - 1:
            ranges[-1].append(pin)
        else:
            ranges.append([pin])
    parts = [
        f"{pins[0]}–{pins[-1]}" if len(pins) > 2 else ", ".join(map(str, pins)) for pins in ranges
    ]
    return ", ".join(parts) or "none"


def test_the_page_has_the_table_of_the_chips() -> None:
    chips = [CHIPS[name] for name in ("esp32", "esp32-s3", "esp32-c3")]

    assert row("there are") == [told(chip.pins) for chip in chips]
    assert row("flash memory or PSRAM") == [told(chip.flash) for chip in chips]
    assert row("can be read, not driven") == [told(chip.input_only) for chip in chips]
    assert row("serial console or USB") == [told(chip.console) for chip in chips]
    for title, needed in (("low at reset", LOW), ("high at reset", HIGH), ("either", None)):
        pins = [[p for p, strap in chip.straps.items() if strap.needed == needed] for chip in chips]
        assert row(f"strapping: {title}") == [told(each) for each in pins]
    assert row("RMT transmitters") == [str(chip.rmt_transmitters) for chip in chips]


@pytest.mark.parametrize("chip", CHIPS)
def test_the_page_has_the_wiring_of_a_new_board(chip: str) -> None:
    board: Any = wiring.NEW_BOARDS[chip]
    motor = ", ".join(f"{key.upper()} {pin}" for key, pin in board["motor"].items())
    relays = ", ".join(map(str, board["relays"]))

    assert f"| {CHIPS[chip].title} | {relays} | {motor} | {board['button']} |" in PAGE


@pytest.mark.parametrize("name", drivers.names())
def test_the_page_has_a_section_for_each_driver_with_an_example_that_works(name: str) -> None:
    section = PAGE.partition(f"\n## `{name}`")[2].partition("\n## ")[0]
    example = json.loads(section.partition("```json\n")[2].partition("```")[0])

    assert example.keys() == drivers.load(name).WIRING.keys()
    assert wiring.problems("esp32", {"motor": {}, **example}) == []
    for word in ("**Bound: ", "**Resistors**: "):
        assert word in section
