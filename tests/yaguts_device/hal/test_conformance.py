"""What every board promises of its outputs: each driver of the ESP32, the virtual board, the
simulator's. A check is a function; `OBSERVERS` says how to see which output of a driver is on.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.yaguts_device.hal.chip import Chip, Clock
from tests.yaguts_device.hal.test_boot import boot
from yaguts_device.hal import drivers, virtual
from yaguts_device.hal.drivers import relays
from yaguts_sim.device.board import SimBoard
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.device.machine import Machine
from yaguts_sim.engine.clock import US_PER_MS, Loop, World
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.schedule import FaultSchedule

if TYPE_CHECKING:
    from yaguts_device.hal.board import Outputs

Observer = Callable[[Chip, int], bool]

OBSERVERS: dict[str, Observer] = {
    "relays": lambda chip, jar: chip.is_high(relays.WIRING["relays"][jar - 1]),
    "servos": lambda chip, jar: chip.bus.width_us(jar) > 1_100,
}
"""Whether a jar of the driver is open, as the fake chip shows it."""
CLOCKS_DIFFER_MS = 2
"""A relay may have used so much of what `close` gives as unused."""


class DriverBench:
    """A driver on the fake chip, with the wiring that it has by default."""

    def __init__(self, name: str, chip: Chip) -> None:
        if name not in OBSERVERS:
            pytest.fail(f"hal/drivers/{name}.py: say in OBSERVERS which of its outputs are on")
        self.config = {name: drivers.load(name).WIRING[name]}
        self.chip = chip
        self.outputs: Outputs = drivers.make_outputs(self.config, chip)
        self.outputs.dark()
        self._observe = OBSERVERS[name]

    def now_ms(self) -> int:
        return self.chip.clock.now_ms

    def pass_ms(self, ms: int) -> None:
        self.chip.pass_ms(ms)

    def is_on(self, jar: int) -> bool:
        return self._observe(self.chip, jar)


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


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> Chip:
    clock = Clock().install(monkeypatch)
    monkeypatch.setattr(virtual, "_monotonic_ms", lambda: clock.now_ms)
    return Chip(clock)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", [*JAR_DRIVERS, "virtual", "simulated"])
def test_the_outputs_keep_the_promise(
    name: str, check: Callable[[Bench], None], chip: Chip, tmp_path: Path
) -> None:
    benches: dict[str, Callable[[], Bench]] = {
        "virtual": lambda: VirtualBench(tmp_path, chip.clock),
        "simulated": SimBench,
    }

    check(benches.get(name, lambda: DriverBench(name, chip))())


@pytest.mark.parametrize("name", JAR_DRIVERS)
def test_the_dark_list_of_the_driver_ends_what_a_reset_leaves_on(
    name: str, chip: Chip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bench = DriverBench(name, chip)
    drivers.keep_dark_list(bench.config)
    motor = drivers.make_motor(bench.config, chip)
    for jar in range(1, bench.outputs.jars + 1):
        bench.outputs.open(jar, 500)
        motor.run(75)
        assert on(bench) == [jar]
        assert [chip.is_high(pin) for pin in (25, 14, 12)] == [True, True, False]
        chip.reset()
        boot(chip, monkeypatch)

        assert on(bench) == []
        assert [chip.is_high(pin) for pin in (25, 14, 12)] == [False] * 3
        chip.clock.now_ms += 1_000
        motor = drivers.make_motor(bench.config, chip)


# Bugs planted in a driver: the suite finds each


def closes_nothing(outputs: Any) -> None:
    outputs.close = outputs.remaining_ms


def is_never_dark(outputs: Any) -> None:
    outputs.dark = lambda: None


def is_open_for_longer(outputs: Any) -> None:
    truly_open = outputs.open
    outputs.open = lambda jar, for_ms: truly_open(jar, for_ms + 25)


@pytest.mark.parametrize("name", JAR_DRIVERS)
@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (closes_nothing, closing_gives_what_was_not_used),
        (is_never_dark, dark_ends_everything_and_can_be_repeated),
        (is_open_for_longer, a_pulse_ends_by_itself),
    ],
)
def test_a_planted_bug_is_found(
    name: str, plant: Callable[[Any], None], check: Callable[[Bench], None], chip: Chip
) -> None:
    bench = DriverBench(name, chip)
    plant(bench.outputs)

    with pytest.raises(AssertionError):
        check(bench)


def test_a_driver_that_nobody_can_observe_is_named(
    chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(OBSERVERS, "servos")

    with pytest.raises(pytest.fail.Exception, match=r"hal/drivers/servos\.py"):
        DriverBench("servos", chip)
