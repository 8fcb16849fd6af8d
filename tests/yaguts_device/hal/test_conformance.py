"""What every board promises of its outputs: each driver of the ESP32, the virtual board, the
simulator's. A check is a function; `OBSERVERS` says how to see which output of a driver is on.
"""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.yaguts_device.hal.chip import MACHINE, Chip, Clock, Rmt
from tests.yaguts_device.hal.test_boot import boot
from tests.yaguts_device.hal.wirings import WIRINGS
from yaguts_device.hal import drivers, virtual
from yaguts_sim.device.board import SimBoard
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.device.machine import Machine
from yaguts_sim.engine.clock import US_PER_MS, Loop, World
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.schedule import FaultSchedule

if TYPE_CHECKING:
    from yaguts_device.hal.board import Outputs

Configuration = dict[str, Any]
Observer = Callable[[Chip, Configuration, int], bool]


def relay_is_on(chip: Chip, config: Configuration, jar: int) -> bool:
    pin = config["relays"][jar - 1]
    return chip.is_driven(pin) and chip.is_high(pin) != config.get("active_low", False)


def expander_is_on(chip: Chip, config: Configuration, jar: int) -> bool:
    drives = chip.bus.expanders[config["mcp23017"]["address"]].drives(jar - 1)
    return drives == int(not config.get("active_low"))


def latch_is_on(chip: Chip, config: Configuration, jar: int) -> bool:
    return not chip.bus.latches[config["pcf8574"]["address"]].pins >> (jar - 1) & 1


def stepper_turns(chip: Chip, config: Configuration, jar: int) -> bool:
    steppers = config["steppers"]
    pin = steppers["step"][jar - 1]
    enabled = "enable" not in steppers or not chip.is_high(steppers["enable"])
    return enabled and chip.is_high(pin) and bool(chip.carrier(pin))


def motor_turns(chip: Chip, config: Configuration, jar: int) -> bool:
    motors = config["dc_motors"]
    awake = "sleep" not in motors or chip.is_high(motors["sleep"])
    return awake and chip.is_high(motors["run"][jar - 1])


def coils_step(chip: Chip, config: Configuration, jar: int) -> bool:
    """A motor whose coils do not change stands."""
    pins = config["uln2003"]["coils"][jar - 1]
    changed_ms = max(chip.changed_ms(pin) for pin in pins)
    stepped = chip.clock.now_ms - changed_ms <= config["uln2003"]["step_ms"]
    return stepped and any(chip.is_high(pin) for pin in pins)


OBSERVERS: dict[str, Observer] = {
    "dc_motors": motor_turns,
    "mcp23017": expander_is_on,
    "pcf8574": latch_is_on,
    "relays": relay_is_on,
    "servos": lambda chip, _, jar: chip.bus.servos.width_us(jar) > 1_100,
    "steppers": stepper_turns,
    "uln2003": coils_step,
}
"""Whether a jar of the driver is open, as the fake chip shows it."""
MOTOR_PINS = (25, 14, 13, 12)
CLOCKS_DIFFER_MS = 2
"""A relay may have used so much of what `close` gives as unused."""


class DriverBench:
    """A driver on the fake chip."""

    def __init__(self, name: str, config: Configuration, chip: Chip) -> None:
        if name not in OBSERVERS:
            pytest.fail(f"hal/drivers/{name}.py: say in OBSERVERS which of its outputs are on")
        self.config = config
        self.chip = chip
        self.outputs: Outputs = drivers.make_outputs(self.config, chip)
        self.outputs.dark()
        self._observe = OBSERVERS[name]

    def now_ms(self) -> int:
        return self.chip.clock.now_ms

    def pass_ms(self, ms: int) -> None:
        self.chip.pass_ms(ms)

    def is_on(self, jar: int) -> bool:
        return self._observe(self.chip, self.config, jar)


class VirtualBench:
    """The virtual board: what is on stands in its relay log."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._log = folder / "relays.jsonl"
        self._clock = clock
        self.board = virtual.VirtualBoard("v-1", str(folder / "flash"), str(self._log), 4)
        self.outputs: Outputs = self.board

    def now_ms(self) -> int:
        return self._clock.now_ms

    def pass_ms(self, ms: int) -> None:
        self._clock.now_ms += ms

    def is_on(self, jar: int) -> bool:
        self.board.remaining_ms(jar)  # an edge is written when somebody looks
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        edges = [edge["on"] for edge in map(json.loads, lines) if edge["frasco"] == jar]
        return bool(edges and edges[-1])


class SimBench:
    """The simulator's board: what is on stands on its scales."""

    def __init__(self) -> None:
        self._world = World()
        timeline = Timeline(self._world)
        network: Any = SimpleNamespace(
            world=self._world, faults=FaultSchedule((), timeline), timeline=timeline
        )
        self._machine = Machine(0, "sim-1", SimFlash(), network, never_boots, Random(1))
        loop = Loop(self._world, "dispenser 1")
        self.outputs: Outputs = SimBoard(self._machine, loop, Random(1))

    def now_ms(self) -> int:
        return self._world.now // US_PER_MS

    def pass_ms(self, ms: int) -> None:
        end = self._world.now + ms * US_PER_MS
        self._world.at(end, lambda: None)
        self._world.run(end)

    def is_on(self, jar: int) -> bool:
        return jar in self._machine.scales.open_jars


async def never_boots(_board: SimBoard) -> None:
    raise AssertionError


Bench = DriverBench | VirtualBench | SimBench


def on(bench: Bench) -> list[int]:
    """The jars that are open."""
    return [jar for jar in range(1, bench.outputs.jars + 1) if bench.is_on(jar)]


# The checks


def a_pulse_ends_by_itself(bench: Bench) -> None:
    bench.outputs.open(1, 500)
    bench.pass_ms(499)
    assert on(bench) == [1]
    assert bench.outputs.remaining_ms(1) == 1
    bench.pass_ms(2)
    assert on(bench) == []
    assert bench.outputs.remaining_ms(1) == 0


def an_extension_is_added(bench: Bench) -> None:
    start = bench.now_ms()
    bench.outputs.open(2, 500)
    bench.pass_ms(300)
    bench.outputs.extend(2, 250)
    left_ms = bench.outputs.remaining_ms(2)
    assert left_ms == start + 750 - bench.now_ms()
    bench.pass_ms(left_ms - 1)
    assert on(bench) == [2]
    bench.pass_ms(2)
    assert on(bench) == []


def an_extension_that_comes_late_is_a_pulse_of_its_own(bench: Bench) -> None:
    bench.outputs.open(1, 100)
    bench.pass_ms(150)
    bench.outputs.extend(1, 200)
    assert on(bench) == [1]
    assert bench.outputs.remaining_ms(1) == 200
    bench.pass_ms(201)
    assert on(bench) == []


def closing_gives_what_was_not_used(bench: Bench) -> None:
    bench.outputs.open(2, 500)
    bench.pass_ms(120)
    assert 380 - CLOCKS_DIFFER_MS <= bench.outputs.close(2) <= 380
    assert on(bench) == []
    assert bench.outputs.remaining_ms(2) == 0
    assert bench.outputs.close(2) == 0


def closing_what_has_ended_gives_nothing(bench: Bench) -> None:
    bench.outputs.open(1, 100)
    bench.pass_ms(101)
    assert bench.outputs.close(1) == 0
    assert on(bench) == []


def what_is_left_is_of_one_jar_alone(bench: Bench) -> None:
    bench.outputs.open(1, 500)
    assert bench.outputs.remaining_ms(1) == 500
    assert bench.outputs.remaining_ms(2) == 0


def closing_another_jar_leaves_the_end_of_the_pulse_as_it_is(bench: Bench) -> None:
    bench.outputs.open(1, 500)
    bench.pass_ms(100)
    assert bench.outputs.close(2) == 0
    bench.pass_ms(401)
    assert on(bench) == []


def opening_another_jar_keeps_none_open(bench: Bench) -> None:
    bench.outputs.open(1, 500)
    bench.pass_ms(100)
    bench.outputs.open(2, 500)
    bench.pass_ms(501)
    assert on(bench) == []


def a_jar_that_is_well_has_no_fault(bench: Bench) -> None:
    assert [bench.outputs.fault(jar) for jar in range(1, bench.outputs.jars + 1)] == [
        0
    ] * bench.outputs.jars
    bench.outputs.open(1, 100)
    assert bench.outputs.fault(1) == 0


def dark_ends_everything_and_can_be_repeated(bench: Bench) -> None:
    bench.outputs.dark()
    bench.outputs.open(1, 500)
    for _ in range(2):
        bench.outputs.dark()
        assert on(bench) == []
        assert bench.outputs.remaining_ms(1) == 0
    bench.pass_ms(501)
    bench.outputs.open(1, 100)
    assert on(bench) == [1]


def a_jar_that_is_not_there_opens_no_other(bench: Bench) -> None:
    for jar in (0, bench.outputs.jars + 1):
        with suppress(IndexError):
            bench.outputs.open(jar, 500)
        assert on(bench) == []
        assert bench.outputs.close(jar) in (0, 500)
        assert bench.outputs.remaining_ms(jar) == 0
        assert on(bench) == []


def it_says_how_late_it_may_be(bench: Bench) -> None:
    assert bench.outputs.bound_ms >= 0
    assert bench.outputs.jars >= 2


CHECKS: list[Callable[[Bench], None]] = [
    a_pulse_ends_by_itself,
    an_extension_is_added,
    an_extension_that_comes_late_is_a_pulse_of_its_own,
    closing_gives_what_was_not_used,
    closing_what_has_ended_gives_nothing,
    what_is_left_is_of_one_jar_alone,
    closing_another_jar_leaves_the_end_of_the_pulse_as_it_is,
    opening_another_jar_keeps_none_open,
    a_jar_that_is_well_has_no_fault,
    dark_ends_everything_and_can_be_repeated,
    a_jar_that_is_not_there_opens_no_other,
    it_says_how_late_it_may_be,
]
JAR_DRIVERS = [name for name in drivers.names() if name != drivers.MOTOR]
OTHERWISE: dict[str, tuple[str, Configuration]] = {
    "relays, on when high": ("relays", {"relays": [26, 27, 32, 33]}),
    "mcp23017, on when high": ("mcp23017", {"mcp23017": {"jars": 8, "address": 32}}),
    "steppers, always enabled": ("steppers", {"steppers": {"step": [26, 27], "hz": 700}}),
    "dc_motors, at full speed": ("dc_motors", {"dc_motors": {"run": [26, 27], "percent": 100}}),
}
"""The other half of what a driver can be told."""
WIRED = {**{name: (name, WIRINGS.get(name, {})) for name in JAR_DRIVERS}, **OTHERWISE}
DEFAULTS = [name for name in JAR_DRIVERS if name in OBSERVERS]


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> Chip:
    monkeypatch.setattr(sys.implementation, "_machine", MACHINE, raising=False)
    clock = Clock().install(monkeypatch)
    monkeypatch.setattr(virtual, "_monotonic_ms", lambda: clock.now_ms)
    return Chip(clock)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("wired", [*WIRED, "virtual", "simulated"])
def test_the_outputs_keep_the_promise(
    wired: str, check: Callable[[Bench], None], chip: Chip, tmp_path: Path
) -> None:
    benches: dict[str, Callable[[], Bench]] = {
        "virtual": lambda: VirtualBench(tmp_path, chip.clock),
        "simulated": SimBench,
    }

    check(benches.get(wired, lambda: DriverBench(*WIRED[wired], chip))())


@pytest.mark.parametrize("name", DEFAULTS)
def test_what_a_driver_is_told_by_default_keeps_the_promise(name: str, chip: Chip) -> None:
    a_pulse_ends_by_itself(DriverBench(name, dict(drivers.load(name).WIRING), chip))


# What the chip shows while a jar pours


def edges(bench: DriverBench, ms: int) -> list[tuple[int, int, bool]]:
    """(ms, jar, open) of each change, looked at every millisecond."""
    seen: list[tuple[int, int, bool]] = []
    before: set[int] = set(on(bench))
    for _ in range(ms):
        bench.pass_ms(1)
        now = set(on(bench))
        seen.extend((bench.now_ms(), jar, jar in now) for jar in sorted(before ^ now))
        before = now
    return seen


@pytest.mark.parametrize("wired", WIRED)
def test_a_pour_of_three_slices_is_one_opening_as_long_as_all_of_them(
    wired: str, chip: Chip
) -> None:
    bench = DriverBench(*WIRED[wired], chip)
    start = bench.now_ms()
    bench.outputs.open(2, 500)
    assert on(bench) == [2]
    assert edges(bench, 300) == []
    bench.outputs.extend(2, 500)
    assert on(bench) == [2]
    assert edges(bench, start + 800 - bench.now_ms()) == []
    bench.outputs.extend(2, 333)

    assert edges(bench, start + 2_000 - bench.now_ms()) == [(start + 1_333, 2, False)]
    assert bench.outputs.close(2) == 0


@pytest.mark.parametrize("wired", WIRED)
def test_a_jar_that_is_closed_early_closes_at_once_and_the_next_one_opens(
    wired: str, chip: Chip
) -> None:
    bench = DriverBench(*WIRED[wired], chip)
    bench.outputs.open(1, 500)
    assert edges(bench, 120) == []
    bench.outputs.close(1)
    assert on(bench) == []
    assert edges(bench, 30) == []
    bench.outputs.open(2, 40)
    opened = bench.now_ms()
    assert on(bench) == [2]

    assert edges(bench, 1_000) == [(opened + 40, 2, False)]


# What can happen meanwhile


@pytest.mark.parametrize("wired", WIRED)
def test_a_stuck_interpreter_leaves_no_jar_open_for_longer_than_the_bound(
    wired: str, chip: Chip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bench = DriverBench(*WIRED[wired], chip)
    drivers.keep_dark_list(bench.config)
    bench.outputs.open(1, 500)
    bench.pass_ms(100)
    chip.hung = True
    bound_ms = bench.outputs.bound_ms
    if bound_ms:
        assert chip.watched == [3_000]
        bench.pass_ms(3_000)
        assert on(bench) == [1]
        chip.reset()
        boot(chip, monkeypatch)
        assert bench.now_ms() <= 500 + bound_ms
    else:
        bench.pass_ms(401)
    assert on(bench) == []


@pytest.mark.parametrize("wired", WIRED)
def test_the_watchdog_has_its_usual_time_when_no_jar_is_open(wired: str, chip: Chip) -> None:
    bench = DriverBench(*WIRED[wired], chip)
    for end in (lambda: bench.outputs.close(1), bench.outputs.dark):
        chip.watched.clear()
        bench.outputs.open(1, 500)
        bench.pass_ms(501)
        end()
        assert chip.watched in ([], [3_000, 0])


@pytest.mark.parametrize("wired", WIRED)
@pytest.mark.parametrize("part", ["pulses", "once", "write_pulses"])
def test_an_exception_while_a_jar_opens_leaves_it_closed(
    wired: str, part: str, chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = DriverBench(*WIRED[wired], chip)

    def fail(*_arguments: object) -> None:
        raise MemoryError

    place: Any = Rmt if part == "write_pulses" else Chip
    with monkeypatch.context() as broken, suppress(MemoryError):
        broken.setattr(place, part, fail)
        bench.outputs.open(1, 500)
        bench.outputs.close(1)
    assert on(bench) == []
    bench.outputs.dark()  # as `supervise` does after every exception
    bench.outputs.open(1, 500)
    assert on(bench) == [1]


@pytest.mark.parametrize("wired", WIRED)
def test_an_exception_elsewhere_ends_the_pulse(wired: str, chip: Chip) -> None:
    bench = DriverBench(*WIRED[wired], chip)
    bench.outputs.open(1, 500)
    assert edges(bench, 100) == []
    bench.outputs.dark()

    assert on(bench) == []
    assert edges(bench, 1_000) == []


@pytest.mark.parametrize("wired", WIRED)
def test_the_dark_list_of_the_driver_ends_what_a_reset_leaves_on(
    wired: str, chip: Chip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bench = DriverBench(*WIRED[wired], chip)
    drivers.keep_dark_list(bench.config)
    motor = drivers.make_motor(bench.config, chip)
    for jar in range(1, bench.outputs.jars + 1):
        bench.outputs.open(jar, 500)
        motor.run(75)
        assert on(bench) == [jar]
        assert [chip.is_high(pin) for pin in MOTOR_PINS] == [True, True, False, False]
        chip.reset()
        boot(chip, monkeypatch)

        assert on(bench) == []
        assert not any(chip.is_high(pin) for pin in MOTOR_PINS)
        chip.clock.now_ms += 1_000
        motor = drivers.make_motor(bench.config, chip)


@pytest.mark.parametrize("wired", WIRED)
def test_the_dark_list_of_the_driver_ends_everything_from_any_state(
    wired: str, chip: Chip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bench = DriverBench(*WIRED[wired], chip)
    drivers.keep_dark_list(bench.config)
    random = Random(13)
    seen_on = False
    for _ in range(200):
        scramble(chip, bench.config, random)
        seen_on |= bool(on(bench))
        chip.reset()
        boot(chip, monkeypatch)
        assert on(bench) == []
    assert seen_on or "steppers" in bench.config, "a stepper needs more than a level to turn"


def scramble(chip: Chip, config: Configuration, random: Random) -> None:
    """Any levels, any registers; now and then the chips on the bus have lost their power."""
    for step in drivers.dark_list(config):
        if len(step) == 2:
            chip.output(cast("int", step[0]), random.getrandbits(1))
    chip.bus.lose_power()
    if random.getrandbits(1):
        for registers in (chip.bus.servos, *chip.bus.expanders.values()):
            for register in range(0x46):
                registers.memory[register] = random.getrandbits(8)
        for latch in chip.bus.latches.values():
            latch.pins = random.getrandbits(8)


# Bugs planted in a driver: the suite finds each


def closes_nothing(outputs: Any) -> None:
    outputs.close = outputs.remaining_ms


def is_never_dark(outputs: Any) -> None:
    outputs.dark = lambda: None


def is_open_for_longer(outputs: Any) -> None:
    truly_open = outputs.open
    outputs.open = lambda jar, for_ms: truly_open(jar, for_ms + 25)


@pytest.mark.parametrize("wired", WIRED)
@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (closes_nothing, closing_gives_what_was_not_used),
        (is_never_dark, dark_ends_everything_and_can_be_repeated),
        (is_open_for_longer, a_pulse_ends_by_itself),
    ],
)
def test_a_planted_bug_is_found(
    wired: str, plant: Callable[[Any], None], check: Callable[[Bench], None], chip: Chip
) -> None:
    bench = DriverBench(*WIRED[wired], chip)
    plant(bench.outputs)

    with pytest.raises(AssertionError):
        check(bench)


def test_a_driver_that_nobody_can_observe_is_named(
    chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(OBSERVERS, "servos")

    with pytest.raises(pytest.fail.Exception, match=r"hal/drivers/servos\.py"):
        DriverBench("servos", WIRINGS["servos"], chip)
