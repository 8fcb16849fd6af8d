"""What is asked back about the amounts of a recipe before it is saved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yaguts.domain.amounts.measures import Amount
from yaguts.domain.amounts.spoons import WeighedSpoon
from yaguts.domain.amounts.unusual import is_unusual_share
from yaguts.domain.amounts.weight import weight_of
from yaguts.domain.ingredients.line import read_line
from yaguts.domain.jobs.planning import jar_for
from yaguts.domain.jobs.smallest_dose import is_below_smallest, smallest_dose
from yaguts.domain.recipe import Ingredient, Jar, Recipe, search_key
from yaguts.domain.units import nearest
from yaguts.services.pantry import configuration, recipes
from yaguts.translations import Language
from yaguts.translations.amounts import grams_at_most
from yaguts.web.amounts.measures import amount_text
from yaguts.web.amounts.typed import SentAmount, TypedAmount, unusual
from yaguts.web.visit import Visit


@dataclass(frozen=True, slots=True)
class TypedPart:
    """A spice as somebody typed it. `place`: where it stands in the form. `line`: what a recipe
    from elsewhere said.
    """

    place: int
    spice: str
    amount: SentAmount
    line: str = ""


@dataclass(frozen=True, slots=True)
class Usual:
    """What amounts are compared with: the jars of the default dispenser, and of each spice the most
    milligrams a person in the kitchen's other recipes.
    """

    jars: Sequence[Jar]
    shares: Mapping[str, Fraction]


def usual(visit: Visit, recipe_id: int | None = None) -> Usual:
    """What is usual in the kitchen, without this recipe."""
    jars = configuration.jars_of(visit.site, visit.kitchen_id)
    return Usual(jars, recipes.largest_shares(visit.site, visit.kitchen_id, recipe_id))


def asked_of_parts(
    known: Usual, recipe: Recipe, parts: Sequence[TypedPart], language: Language
) -> list[TypedAmount]:
    """The question about each ingredient of what was typed, or an empty one."""
    return [
        _asked(known, recipe, ingredient, part.amount, language)
        for part, ingredient in zip(parts, recipe.ingredients, strict=True)
    ]


def volume_in(
    line: str, part: Ingredient, weighed: Collection[WeighedSpoon], language: Language
) -> str | None:
    """The volume that a line says, or None unless it weighs what is stored."""
    said = read_line(line, language).reading
    if not isinstance(said, Amount) or said.millilitres is None or said.most is not None:
        return None
    weight = weight_of(said, part.spice, weighed)
    same = weight is not None and nearest(weight.grams * 1000) == part.quantity
    return amount_text(said, language) if same else None


def told_of_small(jar: Jar, language: Language) -> dict[str, object]:
    """The facts of the sentence about an amount that is too little for the jar."""
    smallest = grams_at_most(smallest_dose(jar.rate), language) if jar.rate else ""
    return {"jar": jar.number, "smallest": smallest}


def _asked(
    known: Usual, recipe: Recipe, part: Ingredient, sent: SentAmount, language: Language
) -> TypedAmount:
    before = known.shares.get(search_key(part.spice))
    if is_unusual_share(part.quantity, recipe.portions, () if before is None else (before,)):
        question = unusual(sent, part.quantity, language)
        if question.problem:
            return question
    jar = jar_for(part.spice, known.jars)
    if jar is None or not jar.rate or not is_below_smallest(part.quantity, jar.rate):
        return TypedAmount()
    told = told_of_small(jar, language)
    return unusual(sent, part.quantity, language, "amount.small", **told)
