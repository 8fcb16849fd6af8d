"""A mutant: a bug planted in one mechanism, which the simulator must find.

It replaces a few names in the firmware or the server while histories are played. Several mutants
are bugs of version 0.1.
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
"""A module, class or table; a name in it; its value while the mutant is active."""


@dataclass(frozen=True)
class Mutant:
    """A bug. One of the promises in `breaks` must be broken within `seeds` seeds.

    `rates` makes the faults frequent without which it does no harm. `rare_before`: where the search
    begins that has no time for all of them. No seed before it was seen to find the bug.
    """

    description: str
    breaks: tuple[str, ...]
    seeds: int
    replacements: Callable[[], list[Replaced]]
    rates: Mapping[FaultKind, float] = field(default_factory=dict[FaultKind, float])
    rare_before: int = 0


@dataclass(frozen=True)
class Found:
    """A mutant was found: after how many seeds, and by which violations."""

    seeds: int
    violations: tuple[Violation, ...]


def found_by(setup: SharedSetup, mutant: Mutant, first: int = 0) -> Found | None:
    """How soon the mutant is found from the first seed on; None when it is not."""
    with active(mutant):
        for seed in range(first, mutant.seeds):
            result = play(setup, draw_script(seed, mutant.rates))
            if any(violation.promise in mutant.breaks for violation in result.violations):
                return Found(seed + 1, result.violations)
    return None


@contextmanager
def active(mutant: Mutant) -> Generator[None]:
    """Keep the mutant active while the block runs."""
    before: list[Replaced] = []
    try:
        for owner, name, value in mutant.replacements():
            before.append((owner, name, _replace(owner, name, value)))
        yield
    finally:
        for owner, name, value in reversed(before):
            _replace(owner, name, value)


def _replace(owner: Any, name: Any, value: Any) -> Any:
    """Set a name of a module or class, or a row of a table. Its old value."""
    if isinstance(owner, dict):
        table = cast("dict[Any, Any]", owner)
        before, table[name] = table[name], value
    else:
        before = owner.__dict__[name]
        setattr(owner, name, value)
    return before
