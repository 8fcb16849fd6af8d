"""Cut the power at every point of a job, and again at every point of what follows, and again.

A point is a flash operation (and each way in which the cut may leave it), a moment before or after
a relay edge, or a network step. Nothing is drawn: the points are walked one by one.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import click

from yaguts_sim.clock import US_PER_MS, US_PER_S
from yaguts_sim.faults import Fault, Kind, Trigger
from yaguts_sim.flash import Torn
from yaguts_sim.orders import order
from yaguts_sim.premises import one_thread
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
_WAYS = {
    Trigger.FLASH: (Kind.CUT_IN_FLASH, tuple(Torn)),
    Trigger.EDGE: (Kind.CUT_AT_EDGE, ("",)),
    Trigger.LINE: (Kind.CUT_ON_LINE, ("",)),
}


@dataclass
class Walk:
    """What a walk over all points has found."""

    points: int = 0
    histories: int = 0
    broken: list[tuple[tuple[Fault, ...], list[Violation]]] = field(
        default_factory=list[tuple[tuple[Fault, ...], list[Violation]]]
    )


@dataclass(frozen=True)
class _Run:
    violations: list[Violation]
    at_fault: Counter[Trigger]
    at_end: Counter[Trigger]


def main() -> None:
    """One cut in a four-jar job, two in a job of two jars, three in a jar of four slices."""
    broken = False
    with one_thread():
        for name, recipe, depth in WALKS:
            result = walk(the_stage(), recipe, depth)
            told = f"{result.points} points, {len(result.broken)} broken"
            click.echo(f"{name}, power cut {depth} times: {told}")
            for faults, violations in result.broken[:3]:
                click.echo(f"  {[str(fault) for fault in faults]}: {violations[0]}")
            broken = broken or bool(result.broken)
    sys.exit(1 if broken else 0)


def walk(stage: Stage, recipe: int, depth: int) -> Walk:
    """Every sequence of up to `depth` power cuts during one job of the recipe."""
    result = Walk()
    _explore(stage, recipe, (), depth, result)
    return result


def _explore(
    stage: Stage, recipe: int, faults: tuple[Fault, ...], depth: int, result: Walk
) -> None:
    run = _run(stage, recipe, faults)
    result.histories += 1
    if run.violations:
        result.broken.append((faults, run.violations))
    if len(faults) == depth:
        return
    for fault in _points(len(faults), run.at_fault, run.at_end):
        result.points += 1
        _explore(stage, recipe, (*faults, fault), depth, result)


def _points(number: int, since: Counter[Trigger], until: Counter[Trigger]) -> Iterator[Fault]:
    for trigger, (kind, modes) in _WAYS.items():
        for at in range(since[trigger], until[trigger]):
            for mode in modes:
                yield Fault(number, kind, trigger, at, 0, DARK_MS, mode)


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
    return _Run(violations, machine.counts_at_fault, machine.counts)


if __name__ == "__main__":
    main()
