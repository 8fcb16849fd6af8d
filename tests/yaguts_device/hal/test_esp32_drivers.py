"""The ESP32's drivers against recorded hardware. Nothing here ran on a physical board."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.yaguts_device.hal.chip import Bus, Clock, Output, Rmt
from yaguts_device.core import dose_machine
from yaguts_device.hal import nvs_pages
from yaguts_device.hal.drivers.motor import Vibration
from yaguts_device.hal.drivers.relays import PulsedRelays
from yaguts_device.hal.drivers.servos import Servos


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock().install(monkeypatch)


def relays(clock: Clock) -> tuple[PulsedRelays, list[str]]:
    done: list[str] = []
    return (
        PulsedRelays(
            [26, 27], lambda number: done.append(f"{number} low"), lambda n: Rmt(clock, n, done)
        ),
        done,
    )


def test_a_pulse_and_its_extension_are_as_long_as_permitted(clock: Clock) -> None:
    board, done = relays(clock)
    board.open(2, 500)
    clock.now_ms += 300
    assert board.remaining_ms(2) == 200
    board.extend(2, 333)

    assert clock.now_ms == 500  # it held the interpreter for the lead
    assert board.remaining_ms(2) == 333
    assert done == ["channel on 27", "pulse of 500000 us", "pulse of 333000 us"]
    assert board.bound_ms == 0


def test_closing_early_cuts_the_pin_off_at_once_and_waits_for_the_channel_later(
    clock: Clock,
) -> None:
    board, done = relays(clock)
    board.open(1, 500)
    clock.now_ms += 100
    assert board.close(1) == 398  # two ms in doubt
    assert (done[-1], clock.now_ms) == ("26 low", 100)
    assert board.remaining_ms(1) == 0
    board.open(2, 100)

    assert clock.now_ms == 500
    assert done[-5:] == [
        "channel given back",
        "26 low",
        "27 low",
        "channel on 27",
        "pulse of 100000 us",
    ]


def test_dark_makes_every_relay_low(clock: Clock) -> None:
    board, done = relays(clock)
    board.open(1, 500)
    board.dark()

    assert done[-2:] == ["26 low", "27 low"]
    assert board.remaining_ms(1) == 0


class OneShot:
    """The timer of the servos."""

    def __init__(self) -> None:
        self.ms = 0
        self.work: Callable[[Any], None] = lambda _timer: None

    def __call__(self, ms: int, work: Callable[[Any], None]) -> None:
        self.ms, self.work = ms, work


def servos() -> tuple[Servos, Bus, OneShot, list[bool]]:
    bus, timer, watched = Bus(), OneShot(), []
    return Servos(4, bus, timer, watched.append), bus, timer, watched


def test_a_servo_opens_and_the_timer_closes_it(clock: Clock) -> None:
    board, bus, timer, watched = servos()
    board.dark()
    assert {bus.width_us(jar) for jar in (1, 2, 3, 4)} == {1001}
    board.open(3, 500)
    clock.now_ms += 300
    board.extend(3, 400)
    assert (bus.width_us(3), timer.ms, board.remaining_ms(3)) == (2002, 600, 600)
    clock.now_ms += 600
    timer.work(None)

    assert bus.width_us(3) == 1001
    assert board.close(3) == 0
    assert watched == [True, False]
    assert board.bound_ms == 5_000


def test_a_servo_closed_early_says_what_was_not_used(clock: Clock) -> None:
    board, bus, timer, _ = servos()
    board.open(1, 500)
    clock.now_ms += 120

    assert board.close(1) == 380
    assert (bus.width_us(1), timer.ms) == (1001, 0)


@pytest.mark.usefixtures("clock")
def test_a_driver_that_is_missing_or_goes_missing_is_a_fault() -> None:
    board, bus, _, _ = servos()
    assert board.fault(1) == dose_machine.NO_REASON
    bus.gone = True
    assert board.fault(1) == dose_machine.NO_DRIVER
    board.dark()  # never fails
    bus.gone = False
    bus.memory.clear()  # it had no power meanwhile
    assert board.fault(1) == dose_machine.NO_DRIVER
    assert {bus.width_us(jar) for jar in (1, 2, 3, 4)} == {1001}
    assert board.fault(2) == dose_machine.NO_REASON


@pytest.mark.usefixtures("clock")
def test_the_motor_starts_softly_and_stops_at_once() -> None:
    enable, forward, backward = Output(), Output(), Output()
    motor = Vibration(enable, forward, backward)
    motor.run(75)
    motor.run(0)

    start, *ramp, stop = enable.values
    assert (start, stop) == (0, 0)
    assert ramp == sorted(ramp)
    assert ramp[-1] == 65_535 * 75 // 100
    assert (forward.values, backward.values) == ([0, 1, 0], [0, 0, 0])


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
