"""Cut the power at every point of a job, and again at every point of what follows, and again.

A point is a flash operation (and each way in which the cut may leave it), a moment before or after
a relay edge, or a network step. Nothing is drawn: the points are walked one by one.

Of the ways in which a cut leaves a write, those are walked that leave different flash behind. "Old
kept" leaves what "before" leaves: the old value is read. A number is never half written, and half
of a blob that was not there before is none: both read as vanished. An erased key is gone or not.
Everything else about two such cuts is the same, so what follows them is the same, too.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from multiprocessing import get_context

import click

from yaguts_sim.clock import US_PER_MS, US_PER_S
from yaguts_sim.faults import Fault, Kind, Trigger
from yaguts_sim.flash import Key, Torn
from yaguts_sim.orders import order
from yaguts_sim.premises import one_thread, swept_rarely
from yaguts_sim.promises import broken_promises, is_quiet
from yaguts_sim.stage import Stage, the_stage
from yaguts_sim.witness import Violation, Witness

SEED = 1
FOUR_JARS, TWO_JARS, FOUR_SLICES = 7, 4, 2
"""Recipes of the kitchen: see `furnish`."""
WALKS = (("four jars", FOUR_JARS, 1), ("two jars", TWO_JARS, 2), ("four slices", FOUR_SLICES, 3))
DARK_MS = 700
_STEP_US = 250 * US_PER_MS
_END_WITHIN_US = 1500 * US_PER_S
_OF_A_CELL = (Torn.BEFORE, Torn.GONE, Torn.AFTER)
_OF_A_BLOB = (Torn.BEFORE, Torn.GONE, Torn.HALF, Torn.AFTER)
_OF_AN_ERASURE = (Torn.BEFORE, Torn.AFTER)
_BLOBS = ("job_", "token_")


@dataclass
class Walk:
    """What a walk over all points has found."""

    points: int = 0
    histories: int = 0
    broken: list[tuple[tuple[Fault, ...], list[Violation]]] = field(
        default_factory=list[tuple[tuple[Fault, ...], list[Violation]]]
    )

    def merge(self, other: "Walk") -> None:
        """Add what was found below another point."""
        self.points += other.points
        self.histories += other.histories
        self.broken += other.broken


@dataclass(frozen=True)
class _Run:
    violations: list[Violation]
    at_fault: Counter[Trigger]
    at_end: Counter[Trigger]
    flash_operations: Sequence[tuple[str, Key]]


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
            _tell(name, depth, result)
    sys.exit(1 if broken else 0)


def _tell(name: str, depth: int, result: Walk) -> None:
    told = f"{result.points} points, {len(result.broken)} broken"
    click.echo(f"{name}, power cut up to {depth} times: {told}")
    for faults, violations in result.broken[:3]:
        click.echo(f"  {[str(fault) for fault in faults]}: {violations[0]}")


def walk(stage: Stage, recipe: int, depth: int) -> Walk:
    """Every sequence of up to `depth` power cuts during one job of the recipe."""
    result = Walk()
    _explore(stage, recipe, (), depth, result)
    return result


def walk_together(recipe: int, depth: int, workers: int) -> Walk:
    """The same walk, what lies below each first cut in a process of its own."""
    result = Walk()
    with one_thread():
        run = _run(the_stage(), recipe, ())
    _note(result, (), run)
    first = list(_points(0, run))
    result.points += len(first)
    with get_context("spawn").Pool(workers) as pool:
        for part in pool.imap_unordered(_below, zip(first, repeat(recipe), repeat(depth))):
            result.merge(part)
    return result


def _below(start: tuple[Fault, int, int]) -> Walk:
    fault, recipe, depth = start
    result = Walk()
    with one_thread():
        stage = the_stage()
        with swept_rarely():
            _explore(stage, recipe, (fault,), depth, result)
    return result


def _explore(
    stage: Stage, recipe: int, faults: tuple[Fault, ...], depth: int, result: Walk
) -> None:
    run = _run(stage, recipe, faults)
    _note(result, faults, run)
    if len(faults) == depth:
        return
    for fault in _points(len(faults), run):
        result.points += 1
        _explore(stage, recipe, (*faults, fault), depth, result)


def _note(result: Walk, faults: tuple[Fault, ...], run: _Run) -> None:
    result.histories += 1
    if run.violations:
        result.broken.append((faults, run.violations))


def _points(number: int, run: _Run) -> Iterator[Fault]:
    """Where the power can be cut after the cuts that the run has had."""
    since, until = run.at_fault, run.at_end
    for at in range(since[Trigger.FLASH], until[Trigger.FLASH]):
        for way in _ways(*run.flash_operations[at]):
            yield Fault(number, Kind.CUT_IN_FLASH, Trigger.FLASH, at, 0, DARK_MS, way)
    for at in range(since[Trigger.EDGE], until[Trigger.EDGE]):
        yield Fault(number, Kind.CUT_AT_EDGE, Trigger.EDGE, at, 0, DARK_MS)
    for at in range(since[Trigger.LINE], until[Trigger.LINE]):
        yield Fault(number, Kind.CUT_ON_LINE, Trigger.LINE, at, 0, DARK_MS)


def _ways(operation: str, key: Key) -> tuple[Torn, ...]:
    if operation == "erase":
        return _OF_AN_ERASURE
    return _OF_A_BLOB if key[1].startswith(_BLOBS) else _OF_A_CELL


def _run(stage: Stage, recipe: int, faults: tuple[Fault, ...]) -> _Run:
    kitchen = stage.kitchen(SEED, faults, boards=1)
    witness = Witness(kitchen)
    machine, world = kitchen.machines[0], kitchen.world
    kitchen.start()
    world.run(1 * US_PER_S)
    order(kitchen, 0, recipe, ())
    while True:
        world.run(world.now + _STEP_US)
        quiet = is_quiet(kitchen, witness)
        if quiet or world.now > _END_WITHIN_US:
            break
    violations = broken_promises(kitchen, witness, quiet=quiet)
    kitchen.close()
    return _Run(violations, machine.counts_at_fault, machine.counts, machine.flash_operations)


if __name__ == "__main__":
    main()
