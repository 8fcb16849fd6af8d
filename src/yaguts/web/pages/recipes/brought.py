"""Recipes as they stand on the page of imports: from what was found, and from the form again."""

from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from yaguts.api.schemas.recipes import MOST_INGREDIENTS
from yaguts.domain.ingredients.line import read_line
from yaguts.domain.ingredients.sorting import Adds, Why, sort_line
from yaguts.domain.recipe_files.found import FoundLine, FoundRecipe
from yaguts.translations.amounts import plain_grams
from yaguts.web.amounts.of_recipes import TypedPart
from yaguts.web.amounts.typed import SentAmount, sent_amount
from yaguts.web.forms import typed, typed_all
from yaguts.web.pages.recipes.checking import Known, TypedRecipe


@dataclass(frozen=True, slots=True)
class Row:
    """A spice that the machine adds, or could. `line` is what the recipe said, and `sure` the
    answer to what was asked of the amount.
    """

    line: str
    adds: str
    spice: str
    amount: str
    why: str = ""
    sure: str = ""

    @property
    def sent(self) -> SentAmount:
        """The amount, with what was confirmed of it."""
        sent = sent_amount(self.sure)
        return sent if sent.text == self.amount else SentAmount(self.amount)


@dataclass(frozen=True, slots=True)
class Brought:
    """A recipe as it stands on the page. `by_hand` are the lines that no jar gives. `skipped`: the
    cook leaves it out.
    """

    name: str
    portions: str
    rows: tuple[Row, ...]
    by_hand: tuple[str, ...]
    skipped: bool = False

    @property
    def as_shown(self) -> "Brought":
        """With its rows in the order of the page, which is how they come back."""
        rows = sorted(self.rows, key=lambda row: row.adds != Adds.MACHINE)
        return replace(self, rows=tuple(rows))

    @property
    def with_amounts(self) -> list[int]:
        """The places of the rows that the machine adds. One that was asked back and has no amount
        is added by hand.
        """
        return [
            place
            for place, row in enumerate(self.rows)
            if row.amount or (row.adds == Adds.MACHINE and row.spice)
        ]

    @property
    def hand_lines(self) -> tuple[str, ...]:
        """What the hand adds in the end, in the recipe's own words."""
        machine = set(self.with_amounts)
        asked = (row.line for place, row in enumerate(self.rows) if place not in machine)
        return (*filter(None, asked), *self.by_hand)

    @property
    def as_typed(self) -> TypedRecipe:
        """The recipe as it would be stored."""
        rows = ((place, self.rows[place]) for place in self.with_amounts)
        parts = [TypedPart(place, row.spice, row.sent, row.line) for place, row in rows]
        return TypedRecipe(self.name, self.portions, parts, self.hand_lines)


def brought(recipe: FoundRecipe, known: Known) -> Brought:
    """The recipe with its lines sorted."""
    rows: list[Row] = []
    by_hand: list[str] = []
    for line in recipe.lines:
        row = _row(line, known)
        if row is None or len(rows) >= MOST_INGREDIENTS:
            by_hand.append(line.text)
        else:
            rows.append(row)
    return Brought(recipe.name[:120], recipe.portions, tuple(rows), tuple(by_hand))


def _row(line: FoundLine, known: Known) -> Row | None:
    """The row of a line, or None where a hand adds it."""
    if line.by_hand:
        return None
    if line.spice:
        return Row(line.text, Adds.MACHINE, line.spice, line.grams)
    return sorted_row(line.text, known)


def sorted_row(text: str, known: Known) -> Row | None:
    """The row of a line as it was written, or None where a hand adds it."""
    read = sort_line(read_line(text, known.language), known.spices, known.weighed)
    if read.adds is Adds.HAND:
        return None
    amount = "" if read.quantity is None else plain_grams(read.quantity, known.language)
    return Row(text, read.adds, read.spice[:60], amount, read.why or "")


def typed_drafts(form: FormData, most: int) -> list[Brought]:
    """The recipes as somebody typed them."""
    return [_typed(form, n) for n in range(min(len(typed_all(form, "recipe")), most))]


def _typed(form: FormData, n: int) -> Brought:
    names = ("line", "adds", "spice", "amount", "why")
    fields = zip(*(typed_all(form, f"r{n}-{name}") for name in names), strict=False)
    rows = tuple(
        Row(
            line,
            Adds.MACHINE if adds == Adds.MACHINE else Adds.ASKED,
            spice,
            amount,
            why,
            typed(form, f"r{n}-sure-{place}"),
        )
        for place, (line, adds, spice, amount, why) in enumerate(fields)
        if why in {"", *Why}
    )
    return Brought(
        typed(form, f"r{n}-name"),
        typed(form, f"r{n}-portions"),
        rows,
        tuple(typed_all(form, f"r{n}-hand")),
        bool(typed(form, f"r{n}-skip")),
    )


def with_row(draft: Brought, place: int, row: Row) -> Brought:
    """The recipe with another row at this place."""
    rows = (row if at == place else each for at, each in enumerate(draft.rows))
    return replace(draft, rows=tuple(rows))


def to_hand(draft: Brought, place: int) -> Brought:
    """The recipe with this row's line added by hand."""
    rows = tuple(row for at, row in enumerate(draft.rows) if at != place)
    return replace(draft, rows=rows, by_hand=(*draft.by_hand, draft.rows[place].line))


def to_machine(draft: Brought, place: int, known: Known) -> Brought:
    """The recipe with this line of the hand's added by the machine, as far as it says how."""
    text = draft.by_hand[place]
    food = read_line(text, known.language).food[:60]
    known = replace(known, spices=(*known.spices, food))
    row = sorted_row(text, known) or Row(text, Adds.ASKED, food, "")
    by_hand = tuple(line for at, line in enumerate(draft.by_hand) if at != place)
    return replace(draft, rows=(*draft.rows, row), by_hand=by_hand)
