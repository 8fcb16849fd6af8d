"""What a page showed of an order, compared with what would be poured by now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from yaguts.domain.errors import NotAsShown
from yaguts.domain.jobs.planning import Plan, Planned
from yaguts.domain.recipe import search_key
from yaguts.domain.units import NOTHING, Milligrams


@dataclass(frozen=True, slots=True)
class Portion:
    """What a dish gets of a spice: from a jar, or by hand."""

    spice: str
    quantity: Milligrams
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A portion before and now. Nothing: there was none, or there is none."""

    spice: str
    by_hand: bool
    before: Milligrams
    now: Milligrams


def insist_on_as_shown(planned: Planned, shown: Iterable[Portion]) -> Planned:
    """The plan, if it pours what was shown. Raises `NotAsShown` with the differences.

    Names that look the same, the order and the jars do not count: the dish is the same.
    """
    if isinstance(planned, Plan) and (found := differences(shown, portions(planned))):
        raise NotAsShown(now=found)
    return planned


def portions(plan: Plan) -> tuple[Portion, ...]:
    """What the dish gets by a plan."""
    dispensed = [Portion(dose.spice, dose.quantity) for dose in plan.doses]
    added = [Portion(part.spice, part.quantity, by_hand=True) for part in plan.by_hand]
    return (*dispensed, *added)


def differences(before: Iterable[Portion], now: Iterable[Portion]) -> tuple[Difference, ...]:
    """Each spice of which the dish gets another amount, or in another way."""
    names: dict[tuple[str, bool], str] = {}
    sums = _sums(before, names), _sums(now, names)
    return tuple(
        Difference(name, key[1], sums[0][key], sums[1][key])
        for key, name in names.items()
        if sums[0][key] != sums[1][key]
    )


def _sums(
    parts: Iterable[Portion], names: dict[tuple[str, bool], str]
) -> defaultdict[tuple[str, bool], Milligrams]:
    sums: defaultdict[tuple[str, bool], Milligrams] = defaultdict(lambda: NOTHING)
    for part in parts:
        key = search_key(part.spice), part.by_hand
        names[key] = part.spice
        sums[key] = Milligrams(sums[key] + part.quantity)
    return sums
