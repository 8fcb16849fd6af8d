"""The ESP32's drivers against recorded hardware. Nothing here ran on a physical board."""

from typing import Any

import pytest

from tests.yaguts_device.hal.chip import Chip, Clock, Output, Rmt
from yaguts_device.core import dose_machine
from yaguts_device.hal import drivers, nvs_pages
from yaguts_device.hal.drivers import dc_motors, motor
from yaguts_device.hal.drivers.motor import Vibration


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock().install(monkeypatch)


@pytest.fixture
def chip(clock: Clock) -> Chip:
    return Chip(clock)


def made(config: dict[str, Any], chip: Chip) -> Any:
    """The outputs of this configuration. What making them did is forgotten."""
    outputs: Any = drivers.make_outputs(config, chip)
    outputs.dark()
    chip.done.clear()
    chip.watched.clear()
    return outputs


# Pulses


def test_a_pulse_and_its_extension_are_as_long_as_permitted(chip: Chip) -> None:
    board = made({"relays": [26, 27]}, chip)
    board.open(2, 500)
    chip.clock.now_ms += 300
    assert board.remaining_ms(2) == 200
    board.extend(2, 333)

    assert chip.clock.now_ms == 500  # it held the interpreter for the lead
    assert board.remaining_ms(2) == 333
    assert chip.done == ["channel on 27", "pulse of 500000 us", "pulse of 333000 us"]
    assert board.bound_ms == 0


@pytest.mark.parametrize(("active_low", "off"), [(False, "low"), (True, "high")])
def test_closing_early_cuts_the_pin_off_at_once_and_waits_for_the_channel_later(
    active_low: bool, off: str, chip: Chip
) -> None:
    board = made({"relays": [26, 27], "active_low": active_low}, chip)
    board.open(1, 500)
    chip.clock.now_ms += 100
    assert board.close(1) == 398  # two ms in doubt
    assert (chip.done[-1], chip.clock.now_ms) == (f"26 {off}", 100)
    assert board.remaining_ms(1) == 0
    board.open(2, 100)

    assert chip.clock.now_ms == 500
    assert chip.done[-5:] == [
        "channel given back",
        f"26 {off}",
        f"27 {off}",
        "channel on 27",
        "pulse of 100000 us",
    ]


@pytest.mark.parametrize(("active_low", "off"), [(False, "low"), (True, "high")])
def test_dark_switches_every_relay_off(active_low: bool, off: str, chip: Chip) -> None:
    board = made({"relays": [26, 27], "active_low": active_low}, chip)
    board.open(1, 500)
    board.dark()

    assert chip.done[-2:] == [f"26 {off}", f"27 {off}"]
    assert board.remaining_ms(1) == 0


def test_nothing_that_can_fail_stands_between_the_channel_and_its_pulse(
    chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new channel is low: a relay that is on when low would stay on."""
    board = made({"relays": [26, 27], "active_low": True}, chip)

    def full(*_arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Rmt, "write_pulses", full)
    with pytest.raises(MemoryError):
        board.open(1, 500)

    assert chip.done == ["channel on 26", "26 high"]


def test_a_stepper_is_enabled_while_it_steps_at_its_frequency(chip: Chip) -> None:
    board = made(
        {"steppers": {"step": [26, 27], "hz": 2000, "enable": 23, "dir": 19, "reverse": True}}, chip
    )
    assert chip.is_high(19)
    assert chip.is_high(23)
    board.open(2, 500)
    assert chip.carrier(27) == (2000, 50, True)
    assert chip.done == ["23 low", "channel on 27", "pulse of 500000 us"]
    chip.clock.now_ms += 500
    board.close(2)

    assert chip.is_high(23)


@pytest.mark.parametrize(("percent", "carrier"), [(80, (2000, 80, True)), (100, None)])
def test_a_dc_motor_is_awake_while_it_turns_at_its_speed(
    percent: int, carrier: object, chip: Chip
) -> None:
    board = made({"dc_motors": {"run": [26, 27], "percent": percent, "sleep": 23}}, chip)
    assert not chip.is_high(23)
    board.open(2, 500)
    assert chip.carrier(27) == carrier
    assert chip.is_high(23)
    chip.clock.now_ms += 120
    board.close(2)

    assert (chip.is_high(23), chip.is_high(27)) == (False, False)


def test_what_may_be_configured_is_a_carrier_that_the_rmt_can_count() -> None:
    steps = [(hz, 50) for hz in (700, 20_000)]
    for frequency, percent in [
        *steps,
        *((dc_motors.FREQUENCY_HZ, each) for each in range(10, 100)),
    ]:
        ticks = 80_000_000 // frequency
        assert 1 <= ticks * percent // 100 <= 65_536
        assert 1 <= ticks * (100 - percent) // 100 <= 65_536


# Steps that are counted


def coils(chip: Chip) -> list[int]:
    return [int(chip.is_high(pin)) for pin in (26, 27, 32, 33)]


ULN2003: dict[str, Any] = {"uln2003": {"coils": [[26, 27, 32, 33], [16, 17, 18, 19]], "step_ms": 2}}


def test_a_uln2003_makes_full_steps_and_as_many_as_were_permitted(chip: Chip) -> None:
    board = made(ULN2003, chip)
    board.open(1, 9)
    seen = [coils(chip)]
    for _ in range(4):
        chip.pass_ms(2)
        seen.append(coils(chip))

    assert seen == [[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 0, 1], [1, 1, 0, 0]]
    assert board.remaining_ms(1) == 1
    chip.pass_ms(1)
    assert (coils(chip), board.remaining_ms(1)) == ([0, 0, 0, 0], 0)


def test_a_late_interpreter_makes_its_steps_later_and_none_too_many(chip: Chip) -> None:
    board = made(ULN2003, chip)
    board.open(1, 100)
    chip.pass_ms(50)
    chip.hung = True
    chip.pass_ms(300)
    assert board.remaining_ms(1) == 1  # not over: there are steps to make
    chip.hung = False
    chip.pass_ms(0)
    assert board.remaining_ms(1) == 48
    assert board.close(1) == 48
    assert coils(chip) == [0, 0, 0, 0]


def test_a_uln2003_goes_on_where_it_stood(chip: Chip) -> None:
    board = made(ULN2003, chip)
    board.open(1, 2)
    chip.pass_ms(2)
    board.open(1, 2)

    assert coils(chip) == [0, 1, 1, 0]


# Chips on the bus


ON_BUS: list[dict[str, Any]] = [
    {"servos": 4},
    {"mcp23017": {"jars": 16, "address": 33}},
    {"mcp23017": {"jars": 4, "address": 33}, "active_low": True},
    {"pcf8574": {"jars": 4, "address": 56}},
]


def state(chip: Chip) -> object:
    """What the chips on the bus hold."""
    expander, latch = chip.bus.expanders[33], chip.bus.latches[56]
    return dict(chip.bus.servos.memory), dict(expander.memory), latch.pins


def test_a_servo_opens_and_the_timer_closes_it(chip: Chip) -> None:
    board, bus = made({"servos": 4}, chip), chip.bus.servos
    assert {bus.width_us(jar) for jar in (1, 2, 3, 4)} == {1001}
    board.open(3, 500)
    chip.pass_ms(300)
    board.extend(3, 400)
    assert (bus.width_us(3), board.remaining_ms(3)) == (2002, 400 + 200)
    chip.pass_ms(600)

    assert bus.width_us(3) == 1001
    assert board.close(3) == 0
    assert chip.watched == [3_000, 0]
    assert board.bound_ms == 5_000


def test_an_expander_has_its_levels_before_its_directions() -> None:
    steps = drivers.dark_list({"mcp23017": {"jars": 4, "address": 33}, "active_low": True})
    registers = [step[3] for step in steps if len(step) == 5]

    assert registers == [0x05, 0x0A, 0x14, 0x00]
    assert steps[2] == [21, 22, 33, 0x14, [0xFF, 0xFF]]


def test_a_pcf8574_hears_one_byte_a_time(chip: Chip) -> None:
    board = made({"pcf8574": {"jars": 8, "address": 56}, "active_low": False}, chip)
    latch = chip.bus.latches[56]
    latch.written.clear()
    board.open(3, 500)
    board.close(3)

    assert latch.written == [0b11111011, 0xFF]
    assert drivers.dark_list({"pcf8574": {"jars": 8, "address": 56}})[0] == [21, 22, 56, [0xFF]]


def test_closing_one_jar_leaves_another_open(chip: Chip) -> None:
    for config in ON_BUS[1:]:
        board = made(config, chip)
        board.open(2, 500)
        opened = state(chip)
        board.close(1)
        assert state(chip) == opened
        board.close(2)


@pytest.mark.parametrize("config", ON_BUS, ids=str)
def test_a_chip_that_is_missing_or_goes_missing_is_a_fault(
    config: dict[str, Any], chip: Chip
) -> None:
    board = made(config, chip)
    all_off = state(chip)
    assert board.fault(1) == dose_machine.NO_REASON
    board.open(1, 500)
    assert state(chip) != all_off
    assert board.fault(1) == dose_machine.NO_REASON
    chip.bus.gone = True
    assert board.fault(1) == dose_machine.NO_DRIVER
    board.dark()  # never fails
    chip.bus.gone = False
    chip.bus.lose_power()
    assert board.fault(1) == dose_machine.NO_DRIVER
    assert state(chip) == all_off
    assert board.fault(2) == dose_machine.NO_REASON


@pytest.mark.parametrize("config", ON_BUS, ids=str)
def test_a_chip_that_lost_its_power_between_two_looks_is_a_fault(
    config: dict[str, Any], chip: Chip
) -> None:
    board = made(config, chip)
    all_off = state(chip)
    board.open(2, 500)
    chip.bus.lose_power()

    assert board.fault(2) == dose_machine.NO_DRIVER
    assert state(chip) == all_off
    board.open(2, 500)
    assert state(chip) != all_off


# The vibration motor


@pytest.mark.usefixtures("clock")
def test_the_motor_starts_softly_and_stops_at_once() -> None:
    enable, forward = Output(), Output()
    vibration = Vibration(enable, forward)
    vibration.run(75)
    vibration.run(0)

    start, *ramp, stop = enable.values
    assert (start, stop) == (0, 0)
    assert ramp == sorted(ramp)
    assert ramp[-1] == 65_535 * 75 // 100
    assert forward.values == [0, 1, 0]


@pytest.mark.parametrize(
    ("wired", "pins"),
    [
        ({"ena": 25, "in1": 14, "in2": [13, 12]}, [25, 14, 13, 12]),
        ({"ena": 25, "in1": 14, "in2": 12}, [25, 14, 12]),
        ({"ena": 25}, [25]),
        ({}, []),
    ],
)
def test_the_motor_may_have_fewer_pins_or_none(
    wired: dict[str, Any], pins: list[int], chip: Chip
) -> None:
    config = {"relays": [], "motor": wired}
    vibration = drivers.make_motor(config, chip)
    vibration.run(75)
    assert [pin for pin in pins if chip.is_high(pin)] == pins[:2]
    vibration.run(0)

    assert not any(chip.is_high(pin) for pin in pins)
    assert drivers.dark_list(config) == [[pin, 0] for pin in pins]


def test_a_board_of_firmware_0_1_has_its_motor_where_it_was() -> None:
    pins = motor.WIRING["motor"]

    assert (pins["ena"], pins["in1"]) == (25, 14)
    assert pins["in2"] == [13, 12]  # a new board has it on 13; both are held low


def a_page(written: int, erased: int = 0, state: int = 0xFFFFFFFE) -> bytes:
    """The first 64 bytes of an NVS page: `written` entries, then `erased` ones, the rest empty."""
    states = [2] * written + [0] * erased + [3] * (128 - written - erased)
    packed = [
        states[place] | states[place + 1] << 2 | states[place + 2] << 4 | states[place + 3] << 6
        for place in range(0, 128, 4)
    ]
    return state.to_bytes(4, "little") + bytes(28) + bytes(packed)


def test_free_entries_are_counted_as_esp_idf_counts_them() -> None:
    unused = b"\xff" * 64
    heads = [a_page(126, state=0xFFFFFFFC), a_page(10, erased=50), unused, unused]

    assert nvs_pages.free_entries(heads) == 3 * 126 - 136
    assert nvs_pages.free_entries([unused] * 6) == 630
