"""Bugs to plant, one mechanism each: what the simulator must find, or else it is blind there.

A bug is a few names replaced in the firmware or the server while histories are played. Several
are what version 0.1 really did.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from yaguts_sim.checkers.online import Violation
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.runner.history import play
from yaguts_sim.setup.script import draw_script
from yaguts_sim.setup.shared import SharedSetup

Replaced = tuple[Any, Any, Any]
"""Whose name, which name, and what it means while the bug is planted."""


@dataclass(frozen=True)
class Mutant:
    """`breaks`: the promises of which at least one must be seen broken within `seeds` seeds.

    `rates` makes the faults frequent without which the bug does no harm.
    """

    description: str
    breaks: tuple[str, ...]
    seeds: int
    replacements: Callable[[], list[Replaced]]
    rates: Mapping[FaultKind, float] = field(default_factory=dict[FaultKind, float])


@dataclass(frozen=True)
class Found:
    """The bug was found with the `seeds`-th seed: these promises were broken."""

    seeds: int
    violations: tuple[Violation, ...]


def found_by(setup: SharedSetup, mutant: Mutant) -> Found | None:
    """What it takes to find the bug; None when it stays hidden."""
    with active(mutant):
        for seed in range(mutant.seeds):
            result = play(setup, draw_script(seed, mutant.rates))
            if any(violation.promise in mutant.breaks for violation in result.violations):
                return Found(seed + 1, result.violations)
    return None


@contextmanager
def active(mutant: Mutant) -> Generator[None]:
    """The bug is in while the block runs."""
    before: list[Replaced] = []
    try:
        for owner, name, value in mutant.replacements():
            before.append((owner, name, _replace(owner, name, value)))
        yield
    finally:
        for owner, name, value in reversed(before):
            _replace(owner, name, value)


def _replace(owner: Any, name: Any, value: Any) -> Any:
    """Give a name of a module or a class, or a row of a table, another meaning; the one it had."""
    if isinstance(owner, dict):
        table = cast("dict[Any, Any]", owner)
        before, table[name] = table[name], value
    else:
        before = owner.__dict__[name]
        setattr(owner, name, value)
    return before
