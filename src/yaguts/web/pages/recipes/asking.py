"""What the page of imports asks of a line, as buttons: this spice or that, so much or so much."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from yaguts.domain.amounts.weight import weight_of
from yaguts.domain.ingredients.line import read_line
from yaguts.domain.ingredients.sorting import MOST_MG, Adds, Why
from yaguts.domain.recipe import search_key
from yaguts.domain.units import Milligrams, nearest
from yaguts.translations.amounts import grams
from yaguts.web.amounts.measures import amount_text
from yaguts.web.amounts.typed import UNVERIFIED, Choice, SentAmount, each_reading, sent_amount
from yaguts.web.forms import whole
from yaguts.web.pages.recipes.brought import (
    Brought,
    Row,
    sorted_row,
    to_hand,
    to_machine,
    with_row,
)
from yaguts.web.pages.recipes.checking import Known

_MOST = 4
_SHORTEST_WORD = 4
_SPICE, _AMOUNT, _HAND, _MACHINE = "spice", "amount", "hand", "machine"


@dataclass(frozen=True, slots=True)
class RowQuestions:
    """The buttons beside a row. `hand` moves its line to what the hand adds."""

    spices: tuple[Choice, ...]
    amounts: tuple[Choice, ...]
    hand: str


def asked_of(
    draft: Brought, n: int, known: Known, choices: Mapping[str, Sequence[Choice]]
) -> tuple[list[RowQuestions], list[str]]:
    """The buttons of each row, and the value of the button of each line of the hand's.

    `choices`: the answers to what is asked back of amounts that stand there.
    """
    rows = [
        RowQuestions(
            tuple(Choice(_value(n, place, _SPICE, one), one) for one in _alike(row, known.spices)),
            tuple(
                Choice(_value(n, place, _AMOUNT, one.value), one.label)
                for one in (choices.get(f"amount{place}") or _amounts(row, known))
            ),
            _value(n, place, _HAND),
        )
        for place, row in enumerate(draft.rows)
    ]
    return rows, [_value(n, place, _MACHINE) for place in range(len(draft.by_hand))]


def chosen(drafts: Sequence[Brought], choice: str, known: Known) -> list[Brought]:
    """The recipes after a button."""
    at, _, rest = choice.partition("|")
    where, _, rest = rest.partition("|")
    what, _, value = rest.partition("|")
    n = whole(at, 0, len(drafts) - 1)
    if n is None:
        return list(drafts)
    draft = drafts[n]
    place = whole(where, 0, len(draft.by_hand if what == _MACHINE else draft.rows) - 1)
    if place is None:
        return list(drafts)
    after = _after(draft, place, what, value, known)
    return [after if each is draft else each for each in drafts]


def _after(draft: Brought, place: int, what: str, value: str, known: Known) -> Brought:
    if what == _MACHINE:
        return to_machine(draft, place, known)
    row = draft.rows[place]
    if what == _HAND:
        return to_hand(draft, place)
    if what == _AMOUNT:
        return with_row(draft, place, _of_amount(row, value))
    if what == _SPICE:
        return with_row(draft, place, _of_spice(row, value, known))
    return draft


def _of_amount(row: Row, value: str) -> Row:
    """The row with the answer to what was asked of its amount."""
    amount = sent_amount(value).text
    return replace(row, amount=amount, adds=Adds.MACHINE, why="", sure=value)


def _of_spice(row: Row, spice: str, known: Known) -> Row:
    """The row with another spice. A volume that was measured by the former one is measured anew;
    what the cook has typed stays.
    """
    before = sorted_row(row.line, replace(known, spices=(row.spice,)))
    if row.amount and (before is None or row.amount != before.amount):
        return replace(row, spice=spice[:60], sure="")
    food = read_line(row.line, known.language).food
    line = row.line.casefold().replace(food.casefold(), spice)
    read = sorted_row(line, replace(known, spices=(spice,))) if line else None
    amount = read.amount if read is not None else row.amount
    adds = Adds.MACHINE if amount else Adds.ASKED
    why = read.why if read else ""
    return replace(row, spice=spice[:60], amount=amount, adds=adds, why=why, sure="")


def _value(n: int, place: int, what: str, value: str = "") -> str:
    return f"{n}|{place}|{what}|{value}"


def _alike(row: Row, spices: Sequence[str]) -> list[str]:
    """The kitchen's spices that share a word with the line and are not the row's own."""
    words = {word for word in search_key(row.line).split() if len(word) >= _SHORTEST_WORD}
    own, by_word = search_key(row.spice), _by_word(tuple(spices))
    found = {one: None for word in words for one in by_word.get(word, ())}
    return sorted(one for one in found if search_key(one) != own)[:_MOST]


@lru_cache(maxsize=16)
def _by_word(spices: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    """The spices that have a word in their name, by the word."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in spices:
        for word in search_key(one).split():
            found[word].append(one)
    return dict(found)


def _amounts(row: Row, known: Known) -> list[Choice]:
    """The readings of a line whose amount is asked back, each with its weight. What is more than a
    recipe may ask for is none.
    """
    if row.amount:
        return []
    found: dict[str, Choice] = {}
    for one in each_reading(read_line(row.line, known.language).reading):
        weight = weight_of(one, row.spice, known.weighed)
        if weight is not None and weight.grams * 1000 <= MOST_MG:
            text = amount_text(one, known.language)
            in_grams = grams(Milligrams(nearest(weight.grams * 1000)), known.language)
            guessed = row.why == Why.DENSITY  # The page says so beside the button.
            value = SentAmount(text).yes_to(UNVERIFIED) if guessed else text
            found[text] = Choice(value, text if one.grams is not None else f"{text} · {in_grams}")
    return list(found.values())[:_MOST]
