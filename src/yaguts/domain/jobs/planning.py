"""Turn a recipe, a number of people and the jars into doses, or into every obstacle."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yaguts.domain.recipe import Ingredient, Jar, Recipe, same_spice
from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds, nearest_ratio

LONGEST_OPEN = Milliseconds(180_000)
"""A valve that is open longer in one job, over all its doses, points to a wrong calibration.
Firmware 0.1 closes it there.
"""


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """One jar, a weight and a time. `order` counts from 1."""

    order: int
    jar: int
    spice: str
    quantity: Milligrams
    duration: Milliseconds


@dataclass(frozen=True, slots=True)
class Plan:
    """The doses of an order, and what the cook adds by hand."""

    doses: tuple[PlannedDose, ...]
    by_hand: tuple[Ingredient, ...] = ()


@dataclass(frozen=True, slots=True)
class NoJar:
    """No jar is labelled with this spice."""

    spice: str


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """The board of the dispenser does not have this jar."""

    jar: int
    spice: str


@dataclass(frozen=True, slots=True)
class NotCalibrated:
    """The jar has no rate, so that grams cannot become seconds."""

    jar: int
    spice: str


@dataclass(frozen=True, slots=True)
class TooLittle:
    """The jar holds less than all doses of the recipe together need of it."""

    jar: int
    spice: str
    needed: Milligrams
    present: Milligrams


@dataclass(frozen=True, slots=True)
class NotEmpty:
    """The jar is to be cleaned and is not empty according to the ledger."""

    jar: int
    present: Milligrams


@dataclass(frozen=True, slots=True)
class TooLong:
    """The valve would have to be open longer than `LONGEST_OPEN`, over all doses together."""

    jar: int
    spice: str
    duration: Milliseconds


@dataclass(frozen=True, slots=True)
class TooSmall:
    """The dose rounds to nothing: less than a milligram, or less than a millisecond."""

    spice: str


Obstacle = NoJar | OutOfReach | NotCalibrated | TooLittle | NotEmpty | TooLong | TooSmall
Planned = Plan | tuple[Obstacle, ...]
"""A plan, or every obstacle to it."""


@dataclass(frozen=True, slots=True)
class Need:
    """One ingredient for the people who eat, and the jar that holds it, if there is one."""

    spice: str
    quantity: Milligrams
    jar: Jar | None


def plan(recipe: Recipe, people: int, jars: Sequence[Jar], *, by_hand: bool = False) -> Planned:
    """The plan of a recipe, in the order of its ingredients.

    With `by_hand` the cook adds what no jar holds, as long as something is left to dispense.
    """
    needs = [
        Need(part.spice, quantity_for(part, recipe, people), jar_for(part.spice, jars))
        for part in recipe.ingredients
    ]
    return plan_needs(needs, by_hand=by_hand)


def plan_needs(needs: Sequence[Need], *, by_hand: bool = False) -> Planned:
    """The doses that meet the needs, or every obstacle."""
    served = [need for need in needs if need.jar is not None or not by_hand] or needs
    planned = [_dose(order, need) for order, need in enumerate(served, start=1)]
    doses = tuple(dose for dose in planned if isinstance(dose, PlannedDose))
    reasons = [reason for reason in planned if not isinstance(reason, PlannedDose)]
    reasons += [*_overlong(served), *_shortages(needs)]
    if reasons:
        return tuple(reasons)
    rest = [Ingredient(need.spice, need.quantity) for need in needs if need not in served]
    return Plan(doses, tuple(rest))


def quantity_for(ingredient: Ingredient, recipe: Recipe, people: int) -> Milligrams:
    """How much of the ingredient this many people need."""
    return Milligrams(nearest_ratio(ingredient.quantity * people, recipe.portions))


def jar_for(spice: str, jars: Iterable[Jar]) -> Jar | None:
    """The jar for a spice: one in reach, then a calibrated one, then the lowest number."""
    candidates = [jar for jar in jars if jar.label and same_spice(jar.label, spice)]
    return min(
        candidates, key=lambda jar: (not jar.in_reach, not jar.rate, jar.number), default=None
    )


def pour_time(quantity: Milligrams, rate: MicrogramsPerSecond) -> Milliseconds:
    """How long the valve of a jar with this rate is open for this quantity."""
    return Milliseconds(nearest_ratio(quantity * 1_000_000, rate))


def _dose(order: int, need: Need) -> PlannedDose | NoJar | OutOfReach | NotCalibrated | TooSmall:
    if need.jar is None:
        return NoJar(need.spice)
    if not need.jar.in_reach:
        return OutOfReach(need.jar.number, need.spice)
    if not need.jar.rate:
        return NotCalibrated(need.jar.number, need.spice)
    duration = pour_time(need.quantity, need.jar.rate)
    if need.quantity < 1 or duration < 1:
        return TooSmall(need.spice)
    return PlannedDose(order, need.jar.number, need.spice, need.quantity, duration)


def _overlong(needs: Iterable[Need]) -> list[TooLong]:
    """The jars that would be open too long for all that the needs take from them, by number."""
    return [
        TooLong(jar.number, asked[0].spice, duration)
        for jar, asked in _by_jar(needs)
        if jar.rate and (duration := _open_time(asked, jar.rate)) > LONGEST_OPEN
    ]


def _open_time(asked: Iterable[Need], rate: MicrogramsPerSecond) -> Milliseconds:
    return Milliseconds(sum(pour_time(need.quantity, rate) for need in asked))


def _shortages(needs: Iterable[Need]) -> list[TooLittle]:
    """The jars that hold too little for all that the needs take from them, by number."""
    return [
        TooLittle(jar.number, asked[0].spice, needed, jar.available)
        for jar, asked in _by_jar(needs)
        if jar.available is not None
        and (needed := Milligrams(sum(need.quantity for need in asked))) > jar.available
    ]


def _by_jar(needs: Iterable[Need]) -> list[tuple[Jar, list[Need]]]:
    """The needs that have a jar, together for each jar, by its number."""
    jars: dict[int, Jar] = {}
    asked: defaultdict[int, list[Need]] = defaultdict(list)
    for need in needs:
        if need.jar is not None:
            jars[need.jar.number] = need.jar
            asked[need.jar.number].append(need)
    return [(jars[number], asked[number]) for number in sorted(jars)]
