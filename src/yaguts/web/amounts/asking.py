"""What is asked back about an amount for a jar. Each raises `Refusal` until it is confirmed."""

from collections.abc import Iterable

from starlette.datastructures import FormData

from yaguts.domain.amounts.unusual import (
    is_unusual_dose,
    is_unusual_fall,
    is_unusual_level,
    is_unusual_rate,
    is_unusual_refill,
)
from yaguts.domain.jobs.smallest_dose import is_below_smallest, smallest_dose
from yaguts.domain.recipe import Jar
from yaguts.domain.stock.ledger import BookedMovement, MovementKind
from yaguts.domain.units import NOTHING, MicrogramsPerSecond, Milligrams
from yaguts.translations import Language
from yaguts.translations.amounts import grams, grams_at_most, grams_per_second
from yaguts.translations.pages import page_text
from yaguts.web.amounts.typed import asked_back, unusual
from yaguts.web.forms import amount_of, insist_on_clear


def ask_refill(
    form: FormData,
    jar: Jar,
    movements: Iterable[BookedMovement],
    poured: Milligrams,
    language: Language,
) -> None:
    """Ask about a refill that is far from those before, or that the jar cannot hold."""
    if is_unusual_refill(poured, _amounts(movements, MovementKind.REFILL)):
        _ask(form, poured, language, "amount.unusual")
    _ask_over_capacity(form, jar, Milligrams((jar.stock or NOTHING) + poured), poured, language)


def ask_level(form: FormData, jar: Jar, weighed: Milligrams, language: Language) -> None:
    """Ask about a weighing that is far from what is booked, or that the jar cannot hold."""
    if is_unusual_level(weighed, jar.stock):
        if jar.stock:
            booked = grams(jar.stock, language)
            _ask(form, weighed, language, "amount.unusual_level", booked=booked)
        else:
            _ask(form, weighed, language, "amount.unusual")
    _ask_over_capacity(form, jar, weighed, weighed, language)


def ask_capacity(form: FormData, jar: Jar, capacity: Milligrams, language: Language) -> None:
    """Ask about a capacity that is less than what is in the jar."""
    if jar.stock is not None and jar.stock > capacity:
        stock = grams(jar.stock, language)
        _ask(form, capacity, language, "amount.under_stock", stock=stock)


def ask_dose(
    form: FormData,
    jar: Jar,
    movements: Iterable[BookedMovement],
    dose: Milligrams,
    language: Language,
) -> None:
    """Ask about a dose that is far from those before, or that the jar cannot pour well."""
    if is_unusual_dose(dose, _amounts(movements, MovementKind.SETTLE)):
        _ask(form, dose, language, "amount.unusual")
    if jar.rate and is_below_smallest(dose, jar.rate):
        smallest = grams_at_most(smallest_dose(jar.rate), language)
        _ask(form, dose, language, "amount.small", jar=jar.number, smallest=smallest)


def ask_fall(
    form: FormData, fell: Milligrams, expected: Milligrams | None, language: Language
) -> None:
    """Ask about the weight of a run that is far from what the rate says."""
    if expected is not None and is_unusual_fall(fell, expected):
        _ask(form, fell, language, "amount.unusual_fall", expected=grams(expected, language))


def ask_rate(form: FormData, jar: Jar, rate: MicrogramsPerSecond, language: Language) -> None:
    """Ask about a rate that is far from the jar's rate before."""
    if jar.rate is not None and is_unusual_rate(rate, jar.rate):
        told, before = (
            page_text(language, "jar.rate", rate=grams_per_second(each, language))
            for each in (rate, jar.rate)
        )
        question = asked_back(amount_of(form), told, language, "amount.unusual_rate", before=before)
        insist_on_clear(question)


def _ask_over_capacity(
    form: FormData, jar: Jar, inside: Milligrams, typed: Milligrams, language: Language
) -> None:
    if jar.capacity is not None and inside > jar.capacity:
        told = {
            "inside": grams_at_most(inside, language),
            "capacity": grams(jar.capacity, language),
        }
        _ask(form, typed, language, "amount.over_capacity", **told)


def _ask(form: FormData, amount: Milligrams, language: Language, key: str, **facts: object) -> None:
    insist_on_clear(unusual(amount_of(form), amount, language, key, **facts))


def _amounts(movements: Iterable[BookedMovement], kind: MovementKind) -> list[Milligrams]:
    """How much each movement of this kind moved."""
    moved = (line.movement for line in movements)
    return [Milligrams(abs(each.amount)) for each in moved if each.kind == kind]
