"""The amounts that people type: read, turned into grams, and asked back where they are unclear."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from yaguts.domain.amounts.measures import Amount, NotAnAmount, Reading, Unit, Unsure
from yaguts.domain.amounts.reader import read_amount, read_start
from yaguts.domain.amounts.spoons import WeighedSpoon
from yaguts.domain.amounts.weight import SpiceWeight, weight_of
from yaguts.domain.amounts.words import SECONDS
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.units import Milligrams, nearest
from yaguts.translations import Language
from yaguts.translations.amounts import exact_grams
from yaguts.translations.amounts import grams as in_grams
from yaguts.translations.pages import page_text
from yaguts.web.amounts.measures import amount_text

LONGEST_WRITTEN = 60
_CONFIRMED = "!"
UNVERIFIED = "amount.unverified"
"""The key of the question whether the spoon of a spice weighs what the table guesses."""


@dataclass(frozen=True, slots=True)
class SentAmount:
    """The text of an amount, and the keys of the questions about it that somebody answered with
    yes.
    """

    text: str
    confirmed: tuple[str, ...] = ()

    def yes_to(self, key: str) -> str:
        """What the answer yes to one more question sends."""
        return _CONFIRMED.join((self.text, *self.confirmed, key))


def sent_amount(value: str) -> SentAmount:
    """The amount that a choice sends."""
    text, *confirmed = value.split(_CONFIRMED)
    return SentAmount(text, tuple(confirmed))


class Choice(NamedTuple):
    """A reading to choose. The value is sent, the label is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """`number` is in grams, as programs write it; None for an empty field.

    `written` is what was typed, when that was a volume. `problem` says what is asked, and `choices`
    are the answers to it.
    """

    number: str | None = None
    written: str | None = None
    problem: str = ""
    choices: tuple[Choice, ...] = ()


def typed_grams(
    sent: SentAmount,
    language: Language,
    spice: str | None = None,
    weighed: Collection[WeighedSpoon] = (),
) -> TypedAmount:
    """What was sent for an amount of the spice. `weighed`: the kitchen's weighed spoons."""
    if not sent.text:
        return TypedAmount()
    reading = read_amount(sent.text, language)
    if isinstance(reading, NotAnAmount):
        return TypedAmount(problem=page_text(language, "amount.unreadable"))
    readings = each_reading(reading)
    weights = [weight_of(one, spice or "", weighed) for one in readings]
    if len(readings) == 1 or not any(weights):
        return _weighed(sent, readings[0], language, weights[0])
    choices = tuple(_choice(amount_text(one, language)) for one in readings)
    return TypedAmount(problem=page_text(language, "amount.which"), choices=choices)


def typed_number(text: str, language: Language) -> TypedAmount:
    """What was typed for seconds or for a rate: a number that counts nothing else."""
    started = read_start(text, language)
    readings = each_reading(started.reading) if not isinstance(started.reading, NotAnAmount) else ()
    if started.rest.casefold() not in SECONDS or any(
        one.unit not in (Unit.NONE, Unit.GRAM) for one in readings
    ):
        readings = ()
    if len(readings) == 1:
        return TypedAmount(_decimal(readings[0].quantity, 6))
    if not text:
        return TypedAmount()
    if not readings:
        return TypedAmount(problem=page_text(language, "amount.unreadable_number"))
    texts = (amount_text(one, language).removesuffix(" g") for one in readings)
    return TypedAmount(
        problem=page_text(language, "amount.which"),
        choices=tuple(_choice(each) for each in texts),
    )


def unusual(
    sent: SentAmount,
    amount: Milligrams,
    language: Language,
    key: str = "amount.unusual",
    **facts: object,
) -> TypedAmount:
    """The question whether so much is meant. `key`: the sentence, and `facts` fill its gaps."""
    return asked_back(sent, exact_grams(amount, language), language, key, **facts)


def asked_back(
    sent: SentAmount, shown: str, language: Language, key: str, **facts: object
) -> TypedAmount:
    """The question whether what was sent is right, or none where this was confirmed already.
    `shown`: how it was understood.
    """
    if key in sent.confirmed:
        return TypedAmount()
    label = page_text(language, "amount.yes", amount=shown)
    problem = page_text(language, key, amount=shown, **facts)
    return TypedAmount(problem=problem, choices=(Choice(sent.yes_to(key), label),))


def each_reading(reading: Reading) -> tuple[Amount, ...]:
    """The readings, and both ends of a range."""
    if isinstance(reading, NotAnAmount):
        return ()
    readings = reading.readings if isinstance(reading, Unsure) else (reading,)
    ends = ((one.quantity, one.most) for one in readings)
    units = (one.unit for one in readings)
    return tuple(
        Amount(each, unit)
        for (low, high), unit in zip(ends, units, strict=True)
        for each in ((low,) if high is None else (low, high))
    )


def as_written(part: Ingredient, recipe: Recipe, people: int, language: Language) -> str:
    """A volume for so many people: `2 colheres de chá`. "" for what was written in grams."""
    if part.written is None:
        return ""
    reading = read_amount(part.written, language)
    if isinstance(reading, Amount):
        return amount_text(reading.times(Fraction(people, recipe.portions)), language)
    return part.written if people == recipe.portions else ""


def _weighed(
    sent: SentAmount, amount: Amount, language: Language, weight: SpiceWeight | None
) -> TypedAmount:
    if weight is None:
        known = amount.millilitres is not None
        return TypedAmount(
            problem=page_text(language, "amount.no_density" if known else "amount.no_weight")
        )
    if weight.sure or UNVERIFIED in sent.confirmed:
        written = None if amount.millilitres is None else sent.text[:LONGEST_WRITTEN]
        return TypedAmount(_number(weight.grams), written)
    mg = Milligrams(nearest(weight.grams * 1000))
    label = f"{amount_text(amount, language)} · {in_grams(mg, language)}"
    problem = page_text(language, UNVERIFIED)
    return TypedAmount(problem=problem, choices=(Choice(sent.yes_to(UNVERIFIED), label),))


def _choice(text: str) -> Choice:
    return Choice(text, text)


def _number(weight: Fraction) -> str:
    """To the milligram. Less than half of one stays as it is, to be refused."""
    rounded = Fraction(nearest(weight * 1000), 1000)
    return _decimal(rounded or weight, 3 if rounded else 6)


def _decimal(value: Fraction, places: int) -> str:
    return f"{float(value):.{places}f}"
