"""A simulated kitchen for stories: people act, and a test reads the scales and the ledger."""

from collections.abc import Callable, Mapping, Sequence

from yaguts_sim.checkers.final import is_quiet, violations_of
from yaguts_sim.checkers.online import OnlineChecker, Violation, fell_mg
from yaguts_sim.engine.clock import US_PER_S
from yaguts_sim.events.orders import order
from yaguts_sim.faults.kinds import Fault
from yaguts_sim.setup.shared import SharedSetup
from yaguts_wire import words as w
from yaguts_wire.shapes import DoseReport, JobOffer


class Story:
    """One kitchen, from when it is switched on. `faults`: those that strike at a point."""

    def __init__(self, setup: SharedSetup, faults: Sequence[Fault] = (), boards: int = 1) -> None:
        self.kitchen = setup.kitchen(1, faults, boards)
        self.checker = OnlineChecker(self.kitchen)
        self.dispenser = self.kitchen.machines[0]
        self.kitchen.start()
        self.wait(1)

    def cook(self, recipe: int, board: int = 0) -> None:
        """Order the recipe of this number."""
        order(self.kitchen, board, recipe, ())

    def cook_new(self, grams: Mapping[str, float]) -> None:
        """Write a recipe for one person and order it."""
        parts = [{w.SPICE: spice, w.QUANTITY: much} for spice, much in grams.items()]
        body = {w.NAME: "Festa", w.PORTIONS: 1, w.INGREDIENTS: parts}
        recipe = self.kitchen.person.get("POST", "/receitas/", body)["id"]
        self.kitchen.person.get("POST", "/jobs", {w.RECIPE_ID: recipe, w.PEOPLE: 1})

    def fill_up(self, grams: float) -> None:
        """Fill every jar of the first dispenser and book it."""
        device, numbers = self.kitchen.initial.device_ids[0], range(1, self.dispenser.jars + 1)
        jars = [{w.JAR: number, w.STOCK_G: grams} for number in numbers]
        self.kitchen.person.get("PUT", f"/devices/{device}/jars", jars)
        self.checker.refills += len(jars)

    def wait(self, seconds: float) -> None:
        self.kitchen.world.run(self.kitchen.world.now + int(seconds * US_PER_S))

    def until(self, done: Callable[[], bool], within_s: int = 1800) -> None:
        """Let time pass until `done()`. Fails after `within_s`."""
        end = self.kitchen.world.now + within_s * US_PER_S
        assert self.kitchen.world.run(end, done), f"not so within {within_s} s"

    def until_jar_is_open(self, jar: int) -> None:
        self.until(lambda: jar in self.dispenser.scales.open_jars)

    def until_quiet(self, within_s: int = 1800) -> None:
        """Wait until every job has ended and every dispenser waits for the next one."""
        for _ in range(within_s):
            if self.states and is_quiet(self.kitchen, self.checker):
                return
            self.wait(1)
        raise AssertionError(f"{self.states} after {within_s} s")

    @property
    def states(self) -> list[str]:
        """The state of each job, the oldest first."""
        return [state for (state,) in self.kitchen.host.rows("SELECT state FROM jobs ORDER BY id")]

    def fell_mg(self, jar: int) -> float:
        """What fell from a jar of the first dispenser, in milligrams."""
        jobs = self.checker.jobs.values()
        return float(sum(fell_mg(self.dispenser, job, jar) for job in jobs if _uses(job, jar)))

    def charged_mg(self, jar: int) -> int:
        """What a jar of the first dispenser was charged, in milligrams."""
        device = self.kitchen.initial.device_ids[0]
        sql = "SELECT -sum(amount_mg) FROM movements WHERE kind = 'settle' AND jar = ?"
        return self.kitchen.host.rows(f"{sql} AND dispenser_id = ?", jar, device)[0][0]

    def outcome(self, jar: int) -> DoseReport:
        """The dose of a jar in the only report."""
        (booking,) = self.checker.booked.values()
        return next(o for o in booking.report["doses"] if o["jar"] == jar)

    def end(self) -> list[Violation]:
        """End the history. Its violations."""
        broken = violations_of(self.kitchen, self.checker, quiet=True)
        self.kitchen.close()
        return broken


Begin = Callable[..., Story]
"""Begins a story with some faults: the fixture `begin`."""


def _uses(job: JobOffer, jar: int) -> bool:
    return any(dose["jar"] == jar for dose in job["doses"])
