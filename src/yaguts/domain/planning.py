"""Turn a recipe, a number of people and the jars at hand into doses, or say all reasons why not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yaguts.domain.recipe import Ingredient, Jar, Recipe, same_spice
from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds, nearest

LONGEST_DOSE = Milliseconds(180_000)
"""A valve open for longer than this points to a wrong calibration; firmware 0.1 cuts it there."""


@dataclass(frozen=True, slots=True)
class Dose:
    """One jar, so many milligrams, so many milliseconds. `order` counts from 1."""

    order: int
    jar: int
    spice: str
    quantity: Milligrams
    duration: Milliseconds


@dataclass(frozen=True, slots=True)
class Plan:
    """What a dispenser is to do, dose after dose."""

    doses: tuple[Dose, ...]


@dataclass(frozen=True, slots=True)
class NoJar:
    """No jar is labelled with this spice."""

    spice: str


@dataclass(frozen=True, slots=True)
class NotCalibrated:
    """The jar's rate is not known, so that grams cannot become seconds."""

    jar: int
    spice: str


@dataclass(frozen=True, slots=True)
class TooLittle:
    """The jar holds less than the recipe needs of it, all its doses together."""

    jar: int
    spice: str
    needed: Milligrams
    present: Milligrams


@dataclass(frozen=True, slots=True)
class TooLong:
    """The valve would have to stay open longer than `LONGEST_DOSE`."""

    jar: int
    spice: str
    duration: Milliseconds


@dataclass(frozen=True, slots=True)
class TooSmall:
    """The dose rounds to nothing: less than a milligram, or less than a millisecond."""

    spice: str


Reason = NoJar | NotCalibrated | TooLittle | TooLong | TooSmall


def plan(recipe: Recipe, people: int, jars: Sequence[Jar]) -> Plan | tuple[Reason, ...]:
    """The plan, or all the reasons why there is none, in the order of the recipe."""
    doses: list[Dose] = []
    reasons: list[Reason] = []
    for order, ingredient in enumerate(recipe.ingredients, start=1):
        planned = _dose(order, ingredient, Fraction(people, recipe.portions), jars)
        if isinstance(planned, Dose):
            doses.append(planned)
        else:
            reasons.append(planned)
    reasons += _shortages(doses, jars)
    return tuple(reasons) if reasons else Plan(tuple(doses))


def jar_for(spice: str, jars: Iterable[Jar]) -> Jar | None:
    """The jar that serves a spice: a calibrated one first, then the lowest number."""
    candidates = [jar for jar in jars if jar.label and same_spice(jar.label, spice)]
    return min(candidates, key=lambda jar: (not jar.rate, jar.number), default=None)


def pour_time(quantity: Milligrams, rate: MicrogramsPerSecond) -> Milliseconds:
    """How long the valve of a jar with this rate is open for this quantity."""
    return Milliseconds(nearest(Fraction(quantity * 1_000_000, rate)))


def _dose(
    order: int, ingredient: Ingredient, share: Fraction, jars: Sequence[Jar]
) -> Dose | NoJar | NotCalibrated | TooLong | TooSmall:
    jar = jar_for(ingredient.spice, jars)
    if jar is None:
        return NoJar(ingredient.spice)
    if not jar.rate:
        return NotCalibrated(jar.number, ingredient.spice)
    quantity = Milligrams(nearest(ingredient.quantity * share))
    duration = pour_time(quantity, jar.rate)
    if quantity < 1 or duration < 1:
        return TooSmall(ingredient.spice)
    if duration > LONGEST_DOSE:
        return TooLong(jar.number, ingredient.spice, duration)
    return Dose(order, jar.number, ingredient.spice, quantity, duration)


def _shortages(doses: Iterable[Dose], jars: Iterable[Jar]) -> list[TooLittle]:
    needed: dict[int, int] = defaultdict(int)
    spices: dict[int, str] = {}
    for dose in doses:
        needed[dose.jar] += dose.quantity
        spices.setdefault(dose.jar, dose.spice)
    return [
        TooLittle(jar.number, spices[jar.number], Milligrams(needed[jar.number]), jar.available)
        for jar in jars
        if jar.available is not None and needed.get(jar.number, 0) > jar.available
    ]
