"""Cut the power at every point of a job, and again at every point of what follows.

A point is a flash operation (with each way in which the cut may leave it), a moment before or after
a relay edge, or a network step. Nothing is random: the walk visits every point. Of several points
after which the world is the same, it visits one.

- In a write, "old kept" leaves what "before" leaves: the old value. A number is never half written,
  and half of a new blob is none: both read as vanished. A new key cannot vanish. An erased key is
  gone or not.
- A dispenser's flash, what fell, its connections, what it has sent and the random numbers it has
  drawn outlive its power. Two cuts are the same if none of these changed in between, no time passed
  and nobody else did anything (`Machine.moment`): for example before a flash operation and after
  the one before it.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
from multiprocessing import get_context

import click

from yaguts_sim.checkers.final import is_quiet, violations_of
from yaguts_sim.checkers.online import OnlineChecker, Violation
from yaguts_sim.device.flash import FlashKey, SimFlash
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S
from yaguts_sim.events.orders import order
from yaguts_sim.faults.kinds import Fault, FaultKind, Torn, Trigger
from yaguts_sim.server.harness import garbage_collected_rarely, one_thread
from yaguts_sim.setup.kitchen import SimKitchen
from yaguts_sim.setup.shared import SharedSetup, setup_of_this_process

SEED, SEED_BEFORE = 1, 2
FOUR_JARS, TWO_JARS, FOUR_SLICES = 7, 4, 2
"""Recipes of the kitchen: see `initial_data`."""
WALKS = (("four jars", FOUR_JARS, 1), ("two jars", TWO_JARS, 2), ("four slices", FOUR_SLICES, 3))
DARK_MS = 700
_STEP_US = 250 * US_PER_MS
_END_WITHIN_US = 1500 * US_PER_S
_KINDS = {Trigger.EDGE: FaultKind.CUT_AT_EDGE, Trigger.LINE: FaultKind.CUT_ON_LINE}


@dataclass
class Walk:
    """The result of a walk over all points."""

    points: int = 0
    histories: int = 0
    broken: list[tuple[tuple[Fault, ...], list[Violation]]] = field(
        default_factory=list[tuple[tuple[Fault, ...], list[Violation]]]
    )

    def merge(self, other: "Walk") -> None:
        """Add the result of another part of the walk."""
        self.points += other.points
        self.histories += other.histories
        self.broken += other.broken


@dataclass(frozen=True)
class Replay:
    """A job that was played to its end with some cuts.

    `alike`: the possible next cuts, grouped by the world that they leave.
    `left`: what fell, the flash and the ledger at the end.
    """

    violations: list[Violation]
    alike: Sequence[Sequence[Fault]]
    left: tuple[object, ...]

    @property
    def points(self) -> list[Fault]:
        """One cut of each group."""
        return [faults[0] for faults in self.alike]


@click.command()
@click.option(
    "--only", type=click.Choice([name for name, _, _ in WALKS]), help="One walk of three."
)
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Processes.")
def main(only: str | None, workers: int) -> None:
    """One cut in a four-jar job, two in a job of two jars, three in a jar of four slices."""
    broken = False
    for name, recipe, depth in WALKS:
        if only in (None, name):
            result = walk_together(recipe, depth, workers)
            broken = broken or bool(result.broken)
            _print_walk(name, depth, result)
    sys.exit(1 if broken else 0)


def _print_walk(name: str, depth: int, result: Walk) -> None:
    told = f"{result.points} points, {len(result.broken)} broken"
    click.echo(f"{name}, power cut up to {depth} times: {told}")
    for faults, violations in result.broken[:3]:
        click.echo(f"  {[str(fault) for fault in faults]}: {violations[0]}")


def walk(setup: SharedSetup, recipe: int, depth: int) -> Walk:
    """Every sequence of up to `depth` power cuts during one job of the recipe."""
    result = Walk()
    _explore(Walked(setup, recipe, depth), (), result)
    return result


def walk_together(recipe: int, depth: int, workers: int) -> Walk:
    """The same walk in several processes: each takes what follows a first cut."""
    result = Walk()
    with one_thread():
        run = run_with(_walked(recipe, depth), ())
    _note(result, (), run)
    result.points += len(run.points)
    with get_context("spawn").Pool(workers) as pool:
        for part in pool.imap_unordered(_below, zip(run.points, repeat(recipe), repeat(depth))):
            result.merge(part)
    return result


def _below(start: tuple[Fault, int, int]) -> Walk:
    fault, recipe, depth = start
    result = Walk()
    with one_thread():
        walked = _walked(recipe, depth)
        with garbage_collected_rarely():
            _explore(walked, (fault,), result)
    return result


class Walked:
    """The job of a walk. Its dispenser has served another job, so that its flash has old values."""

    def __init__(self, setup: SharedSetup, recipe: int, depth: int) -> None:
        self.setup, self.recipe, self.depth = setup, recipe, depth
        kitchen = setup.kitchen(SEED_BEFORE, (), boards=1)
        _cook(kitchen, OnlineChecker(kitchen), recipe)
        kitchen.close()
        self.flash = kitchen.machines[0].flash.copy()


@cache
def _walked(recipe: int, depth: int) -> Walked:
    """The same, cached: its dispenser has to serve a job first."""
    return Walked(setup_of_this_process(), recipe, depth)


def _explore(walked: Walked, faults: tuple[Fault, ...], result: Walk) -> None:
    run = run_with(walked, faults)
    _note(result, faults, run)
    if len(faults) == walked.depth:
        return
    for fault in run.points:
        result.points += 1
        _explore(walked, (*faults, fault), result)


def _note(result: Walk, faults: tuple[Fault, ...], run: Replay) -> None:
    result.histories += 1
    if run.violations:
        result.broken.append((faults, run.violations))


class _PointRecorder:
    """Records the points that a dispenser passes after so many cuts."""

    def __init__(self, kitchen: SimKitchen, cuts: int) -> None:
        self.alike: dict[tuple[int, ...], list[Fault]] = {}
        self._cuts = cuts
        self._faults = kitchen.faults
        self._machine = kitchen.machines[0]
        self._machine.on_point = self._record

    def _record(self, trigger: Trigger, count: int, what: str, key: FlashKey | None) -> None:
        if self._faults.injected.total() < self._cuts:
            return
        moment = self._machine.moment()
        if key is None:
            self._note(_KINDS[trigger], trigger, count, moment)
            return
        self._note(FaultKind.CUT_IN_FLASH, trigger, count, moment, Torn.BEFORE)
        for number, way in enumerate(_ways_to_tear(what, key, self._machine.flash)):
            self._note(FaultKind.CUT_IN_FLASH, trigger, count, (*moment, number), way)
        self._note(
            FaultKind.CUT_IN_FLASH, trigger, count, self._machine.moment(written=1), Torn.AFTER
        )

    def _note(
        self, kind: FaultKind, trigger: Trigger, count: int, moment: tuple[int, ...], way: str = ""
    ) -> None:
        fault = Fault(self._cuts, kind, trigger, count, 0, DARK_MS, way)
        self.alike.setdefault(moment, []).append(fault)


def _ways_to_tear(operation: str, key: FlashKey, flash: SimFlash) -> tuple[Torn, ...]:
    """What a cut during the operation may leave, besides the old and the new value."""
    old = flash.values.get(key)
    if operation == "erase" or old is None:
        return ()
    return (Torn.GONE, Torn.HALF) if isinstance(old, bytes) else (Torn.GONE,)


def run_with(walked: Walked, faults: tuple[Fault, ...]) -> Replay:
    """Play the job with these power cuts."""
    kitchen = walked.setup.kitchen(SEED, faults, 1, (walked.flash,))
    checker, passing = OnlineChecker(kitchen), _PointRecorder(kitchen, len(faults))
    quiet = _cook(kitchen, checker, walked.recipe)
    violations = violations_of(kitchen, checker, quiet=quiet)
    kitchen.close()
    machine = kitchen.machines[0]
    booked = kitchen.host.rows("SELECT jar, kind, amount_mg FROM movements")
    left = (tuple(machine.scales.openings), machine.flash.values, booked)
    return Replay(violations, tuple(passing.alike.values()), left)


def _cook(kitchen: SimKitchen, checker: OnlineChecker, recipe: int) -> bool:
    """Order the recipe and wait for its end. Whether it came."""
    world = kitchen.world
    kitchen.start()
    world.run(1 * US_PER_S)
    order(kitchen, 0, recipe, ())
    while world.now <= _END_WITHIN_US:
        world.run(world.now + _STEP_US)
        if is_quiet(kitchen, checker):
            return True
    return False


if __name__ == "__main__":
    main()
