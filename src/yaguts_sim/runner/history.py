"""Play one history from its script until every job has ended."""

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from yaguts_sim.checkers.final import is_quiet, largest_shortfall, violations_of
from yaguts_sim.checkers.online import OnlineChecker, Violation
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S
from yaguts_sim.events.injector import FaultInjector
from yaguts_sim.events.orders import book_orphan_reports, order
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.setup.kitchen import SimKitchen
from yaguts_sim.setup.script import Script
from yaguts_sim.setup.shared import SharedSetup

FAULTS_END_AFTER_S = 32
"""After this time no new fault strikes, and everything must end."""
END_WITHIN_S = 6 * 3600
"""The server's clock may have gone back by hours, which delays the expiry of its jobs."""
_LOOK_EVERY_US = 1 * US_PER_S


@dataclass(frozen=True)
class HistoryResult:
    """The result of a history. `shortfall_slices`: see `largest_shortfall`."""

    script: Script
    violations: tuple[Violation, ...]
    injected: Counter[FaultKind]
    jobs: int
    shortfall_slices: float
    virtual_s: float
    timeline: str


class Recorder(Protocol):
    """Records what happens in a history."""

    def attach(self, kitchen: SimKitchen) -> None:
        """Begin, before anything happens."""

    def finish(self, kitchen: SimKitchen) -> None:
        """End, when everything has happened."""


def play(
    setup: SharedSetup, script: Script, *, tell: bool = False, facts: Recorder | None = None
) -> HistoryResult:
    """Play the whole history. `tell`: give its timeline even without a violation."""
    kitchen = setup.kitchen(script.seed, script.faults, script.boards)
    checker = OnlineChecker(kitchen)
    if facts is not None:
        facts.attach(kitchen)
    try:
        quiet = _run(kitchen, checker, script)
        violations = violations_of(kitchen, checker, quiet=quiet)
        if facts is not None:
            facts.finish(kitchen)
    finally:
        kitchen.close()
    return HistoryResult(
        script,
        tuple(violations),
        kitchen.faults.injected,
        len(checker.booked),
        largest_shortfall(kitchen, checker),
        kitchen.world.now / US_PER_S,
        str(kitchen.timeline) if tell or violations else "",
    )


def _run(kitchen: SimKitchen, checker: OnlineChecker, script: Script) -> bool:
    world = kitchen.world
    FaultInjector(kitchen, checker).plan()
    for wanted in script.orders:
        world.at(wanted.at_ms * US_PER_MS, order, kitchen, wanted.board, wanted.recipe)
    kitchen.start()
    if script.faults:
        world.run(FAULTS_END_AFTER_S * US_PER_S)
    else:
        world.run(max(wanted.at_ms for wanted in script.orders) * US_PER_MS)
    kitchen.end_faults()
    checker.idle_since.clear()
    end = world.now + END_WITHIN_S * US_PER_S
    while world.now < end:
        world.run(world.now + _LOOK_EVERY_US)
        if is_quiet(kitchen, checker):
            book_orphan_reports(kitchen)
            return True
    return False
