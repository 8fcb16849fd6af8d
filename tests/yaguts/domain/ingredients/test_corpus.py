"""The lines of the corpora, which were written before the reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from yaguts.domain.amounts.measures import GRAMS, MILLILITRES, Amount, Unit, Unsure
from yaguts.domain.ingredients.line import IngredientLine, read_line
from yaguts.domain.recipe import search_key

HERE = Path(__file__).parent
CORPORA = sorted(HERE.glob("corpus*.txt"))
RIGHT = Fraction(95, 100)
UNITS = {
    "g": (Unit.GRAM, 1),
    "kg": (Unit.KILOGRAM, 1),
    "mg": (Unit.MILLIGRAM, 1),
    "ml": (Unit.MILLILITRE, 1),
    "l": (Unit.MILLILITRE, 1000),
    "tsp": (Unit.TEASPOON, 1),
    "tbsp": (Unit.TABLESPOON, 1),
    "dessert_spoon": (Unit.DESSERT_SPOON, 1),
    "coffee_spoon": (Unit.COFFEE_SPOON, 1),
    "cup": (Unit.CUP, 1),
    "pinch": (Unit.PINCH, 1),
    "piece": (Unit.PIECE, 1),
    "none": (Unit.PIECE, 1),
}


@dataclass(frozen=True)
class Expected:
    """A row of a corpus."""

    language: str
    line: str
    food: str
    amount: str
    unit: str

    @property
    def reading(self) -> Amount | None:
        """What the row expects, where it expects an amount."""
        if not self.amount or self.amount == "?":
            return None
        unit, factor = UNITS[self.unit]
        low, _, high = self.amount.partition("..")
        return Amount(Fraction(low) * factor, unit, Fraction(high) * factor if high else None)


def rows(corpus: Path) -> Iterator[Expected]:
    """The rows of a corpus."""
    for line in corpus.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            language, *fields = (field.strip() for field in line.split("|"))
            yield Expected("en" if language.startswith("en") else "pt_BR", *fields)


def right(read: IngredientLine, expected: Expected) -> bool:
    """Whether food, amount and unit are those that the row expects."""
    return _key(read.food) == _key(expected.food) and _amount_right(read, expected)


def wrong_by_a_factor(read: IngredientLine, expected: Expected) -> bool:
    """Whether an amount was read without a question, and is not the expected one."""
    if not isinstance(read.reading, Amount) or expected.amount in ("", "?"):
        return False
    return not _amount_right(read, expected)


@pytest.mark.parametrize("corpus", CORPORA, ids=lambda path: path.stem)
def test_most_lines_are_read_and_none_is_silently_wrong(corpus: Path) -> None:
    read = [(row, read_line(row.line, row.language)) for row in rows(corpus)]
    missed = [f"{row} -> {line}" for row, line in read if not right(line, row)]
    assert 1 - Fraction(len(missed), len(read)) >= RIGHT, "\n".join(missed)
    assert not [f"{row} -> {line}" for row, line in read if wrong_by_a_factor(line, row)]


def test_half_of_the_corpora_is_portuguese() -> None:
    languages = [row.language for corpus in CORPORA for row in rows(corpus)]
    assert len(languages) >= 300
    assert 0.45 < languages.count("pt_BR") / len(languages) < 0.55


def _amount_right(read: IngredientLine, expected: Expected) -> bool:
    wanted = expected.reading
    if wanted is None:
        return isinstance(read.reading, Unsure) == (expected.amount == "?") and not isinstance(
            read.reading, Amount
        )
    got = read.reading
    return isinstance(got, Amount) and _plain(got) == _plain(wanted)


def _plain(amount: Amount) -> tuple[str, Fraction, Fraction | None]:
    """Kind, quantity and end of the range, in grams or millilitres where it is of those."""
    for kind, sizes in (("weight", GRAMS), ("volume", MILLILITRES)):
        if amount.unit in sizes:
            size = sizes[amount.unit]
            most = None if amount.most is None else amount.most * size
            return kind, round(amount.quantity * size, 3), most
    return amount.unit.value, amount.quantity, amount.most


def _key(food: str) -> str:
    return " ".join(search_key(food).replace("-", " ").split())
