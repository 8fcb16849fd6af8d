"""The script of a history: orders and faults, all drawn from the seed before it begins."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from yaguts_sim.faults.draw import draw
from yaguts_sim.faults.kinds import Fault, FaultKind, Trigger

SHARE_AIMED_AT_THE_ORDER = 0.25


@dataclass(frozen=True, slots=True)
class Script:
    """A history to be played. `rates`: the unusual rates of faults with which it was drawn."""

    seed: int
    boards: int
    orders: tuple["ScriptedOrder", ...]
    faults: tuple[Fault, ...]
    rates: Mapping[FaultKind, float] = field(default_factory=dict[FaultKind, float])

    def keeping(self, numbers: Collection[int]) -> "Script":
        """The same history with only some of its faults."""
        kept = tuple(fault for fault in self.faults if fault.number in numbers)
        return replace(self, faults=kept)


@dataclass(frozen=True, slots=True)
class ScriptedOrder:
    """An order. `recipe`: see `events.orders`."""

    at_ms: int
    recipe: int
    board: int


def random_stream(seed: int, name: str) -> Random:
    """The random numbers of one part of a history, independent of the other parts."""
    return Random(f"{seed} {name}")


def draw_script(seed: int, rates: Mapping[FaultKind, float]) -> Script:
    """The script of a seed."""
    random = random_stream(seed, "script")
    boards = 2 if random.random() < 0.2 else 1
    first = ScriptedOrder(
        random.randrange(3_000), random.randrange(1_000), random.randrange(boards)
    )
    faults = draw(random_stream(seed, "faults"), boards, rates)
    aimed = tuple(_aimed(fault, first, random) for fault in faults)
    return Script(seed, boards, (first,), aimed, rates)


def _aimed(fault: Fault, first: ScriptedOrder, random: Random) -> Fault:
    """Move some timed faults to when the order is on its way to the dispenser."""
    if fault.trigger is not Trigger.TIME or random.random() > SHARE_AIMED_AT_THE_ORDER:
        return fault
    return replace(fault, at=first.at_ms + random.randrange(400))
