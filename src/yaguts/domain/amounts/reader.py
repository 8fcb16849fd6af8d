"""The one reader of amounts: `1 ½ colher de chá`, `2 tsp`, `uma pitada`, `1.250,5 g`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product, starmap

from yaguts.domain.amounts import words
from yaguts.domain.amounts.folding import fold, has_odd_digits
from yaguts.domain.amounts.measures import (
    GRAMS,
    MILLILITRES,
    SMALLER,
    Amount,
    NotAnAmount,
    Reading,
    Unit,
    Unsure,
)
from yaguts.domain.amounts.numbers import values

LONGEST = 200
"""A longer text says no amount."""
_TOKEN = re.compile(r"\d+ ?/ ?\d+|\d*[.,]?\d+(?:[.,]\d+)*|[^\W\d_]+|\S")
_DENOMINATORS = (2, 3, 4, 5, 6, 8, 10, 12, 16)
_NEVER_ALONE = {Unit.PIECE, Unit.MILLILITRE, *GRAMS}
_Values = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Started:
    """What the beginning of a line says, and the rest of the line as it was written."""

    reading: Reading
    rest: str


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int


def read_amount(text: str, language: str) -> Reading:
    """What the whole text says. `language`: `pt_BR` or `en`, which tells the decimal mark."""
    started = read_start(text, language)
    return NotAnAmount() if started.rest.strip(" .") else started.reading


def read_start(line: str, language: str) -> Started:
    """The amount with which a line begins. Without one, the rest is the whole line."""
    nothing = Started(NotAnAmount(), line.strip())
    if len(line) > LONGEST or has_odd_digits(line):
        return nothing
    folded = fold(line)
    tokens = [_Token(found[0], found.start()) for found in _TOKEN.finditer(folded.folded)]
    reader = _Reader(tokens, language)
    readings = reader.sum()
    if not readings:
        return nothing
    rest = "" if reader.ended else folded.after(tokens[reader.place].start)
    reading = readings[0] if len(readings) == 1 else Unsure(readings)
    return Started(reading, rest)


class _Reader:
    """Walks over the tokens. What cannot be read leaves it where it was."""

    def __init__(self, tokens: list[_Token], language: str) -> None:
        self.tokens, self.language, self.place = tokens, language, 0

    @property
    def ended(self) -> bool:
        return self.place >= len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        wanted = self.place + ahead
        return self.tokens[wanted].text if 0 <= wanted < len(self.tokens) else ""

    def skip(self, known: set[str]) -> bool:
        if self.peek() not in known:
            return False
        self.place += 1
        return True

    def sum(self) -> tuple[Amount, ...]:
        """An amount, the sum of two, as in "1 tbsp plus 1 tsp", or the ends of a range."""
        first = self.amount()
        before = self.place
        if gone_on := self.gone_on(first):
            return gone_on
        if first and self.skip(words.PLUS):
            second = self.amount()
            added = tuple(_added(one, other) for one, other in product(first, second))
            if added and None not in added:
                return tuple(each for each in added if each is not None)
        elif first and self.skip(words.UNTIL):
            second = self.amount()
            if second and all(_kind(one, other) for one, other in product(first, second)):
                return tuple(dict.fromkeys((*first, *second)))
        self.place = before
        return first

    def gone_on(self, first: tuple[Amount, ...]) -> tuple[Amount, ...]:
        """The sum of the first amount and one of a smaller unit right behind it: "1 lb 2 oz"."""
        before = self.place
        apart = self.peek() in words.ABOUT or self.peek(-1) in words.OF
        second = () if not first or apart else self.amount()
        pairs = list(product(first, second))
        if pairs and all(starmap(_goes_on, pairs)):
            return tuple(filter(None, starmap(_added, pairs)))
        self.place = before
        return ()

    def amount(self) -> tuple[Amount, ...]:
        start = self.place
        while self.peek() in words.ABOUT:
            self.place += 1
        before = self.place
        numbers = self.range()
        if not numbers:  # "pinch", but neither "leaf" nor "kg": the unit alone is one of it.
            if before > start:
                return ()  # "umas pitadas"
            alone = self.unit((Fraction(1),), None)
            return () if any(one.unit in _NEVER_ALONE for one in alone) else alone
        low, most = numbers
        with_unit = self.unit(low, most)
        if not with_unit and self.tokens[before].text in words.ARTICLES and low == (1,):
            return ()  # "a gosto"
        return with_unit or tuple(Amount(each, Unit.NONE, most) for each in low)

    def range(self) -> tuple[_Values, Fraction | None] | None:
        """A number, or the ends of a range."""
        low = self.number()
        if not low:
            return None
        before = self.place
        if self.skip(words.TIMES):
            times = self.number()
            if times:
                return tuple(one * other for one, other in product(low, times)), None
        elif self.skip(words.UNTIL):
            high = self.number()
            if len(low) == len(high) == 1 and low[0] < high[0]:
                return low, high[0]
        self.place = before
        return low, None

    def number(self) -> _Values:
        """What a number can mean: in digits, in words, with a fraction, in dozens."""
        found = self.plain_number()
        if found and self.skip(words.DOZEN):
            return tuple(each * 12 for each in found)
        return found

    def plain_number(self) -> _Values:
        if self.half():
            return (Fraction(1, 2),)
        if self.quarter():
            return (Fraction(1, 4),)
        fraction = self.fraction()
        if fraction is not None:
            return (fraction,)
        found = self.whole_number()
        if len(found) != 1 or found[0].denominator != 1:
            return found
        parts = self.parts()
        if parts:
            return (found[0] / parts,)
        return self.grouped(found[0]) or (found[0] + self.and_a_part(),)

    def half(self) -> bool:
        """Take "half", "half a", "half-", "a half" and "one-half"."""
        before = self.place
        if words.WHOLE.get(self.peek()) == 1:
            self.place += 1
            self.skip({"-"})
        if not self.skip(words.HALF):
            self.place = before
            return False
        after = self.peek(1)
        if after not in words.WHOLE and not after[:1].isdecimal():  # "meia a uma colher"
            self.skip({"-", *words.ARTICLES})
        return True

    def quarter(self) -> bool:
        """Take "quarter" where a unit follows, as in "quarter of a cup"."""
        before = self.place
        if not self.skip(words.QUARTER):
            return False
        self.skip({"-"})
        after = self.place
        if self.skip(words.OF):
            self.skip(words.ARTICLES)
        is_of_unit = bool(self.unit_words())
        self.place = after if is_of_unit else before
        return is_of_unit

    def parts(self) -> int:
        """Take "quarters" and "-quarters": what divides the number before it. 0: nothing does."""
        hyphen = int(self.peek() == "-")
        divisor = words.PARTS.get(self.peek(hyphen), 0)
        if divisor:
            self.place += hyphen + 1
        return divisor

    def whole_number(self) -> _Values:
        token = self.peek()
        if token in words.WHOLE:
            return (self.in_words(),)
        found: _Values = ()
        if token[-1:].isdecimal() and "/" not in token:
            found = values(token, self.language)
        self.place += bool(found)
        return found

    def in_words(self) -> Fraction:
        """Take a number of words: "cento e vinte e cinco", "two hundred and five"."""
        number = words.WHOLE[self.peek()]
        self.place += 1
        if number < 10 and self.skip(words.HUNDRED):
            number *= 100
        while added := self.in_words_below(_room(number)):
            number += added
        return number

    def in_words_below(self, room: int) -> Fraction:
        """Take what a number of words adds to the one before it. 0: nothing does."""
        before = self.place
        if not self.skip(words.AND):
            self.skip({"-"})
        number = words.WHOLE.get(self.peek(), Fraction(0))
        fits = number < room and self.peek() not in words.ARTICLES
        self.place += 1
        if number and fits and not self.parts():  # "vinte e um quarto"
            return number
        self.place = before
        return Fraction(0)

    def fraction(self) -> Fraction | None:
        """A fraction as cooks write it: 1/2, 3/4."""
        above, slash, below = self.peek().partition("/")
        if not slash or not below or int(below) not in _DENOMINATORS or int(above) > 99:
            return None
        self.place += 1
        return Fraction(int(above), int(below))

    def grouped(self, number: Fraction) -> _Values:
        """`1 400`: a thousand and four hundred, or one of four hundred."""
        token = self.peek()
        if not (re.fullmatch(r"\d{3}", token) and 1 <= number <= 999):
            return ()
        self.place += 1
        thousands = number * 1000 + int(token)
        return (thousands, number * int(token)) if int(token) else (thousands,)

    def and_a_part(self) -> Fraction:
        """What follows a whole number: `1/2`, `e meia`, `and a half`, `-1/2`."""
        before = self.place
        joined = self.skip(words.AND) or self.skip({"-"})
        if joined and self.half():
            return Fraction(1, 2)
        if joined and "/" in self.peek(1):  # "2 and a 1/2"
            self.skip(words.ARTICLES)
        fraction = self.fraction()
        number = words.WHOLE.get(self.peek(), Fraction(0)) if joined else Fraction(0)
        if fraction is None and number:
            self.place += 1
            parts = self.parts()
            fraction = number / parts if parts else None
        if fraction is not None and 0 < fraction < 1:
            return fraction
        self.place = before
        return Fraction(0)

    def unit(self, low: _Values, most: Fraction | None) -> tuple[Amount, ...]:
        """The amounts of the unit that stands here."""
        before = self.place
        if self.skip(words.OF):  # "um quarto de colher", "a quarter of a cup"
            self.skip(words.ARTICLES)
        heaped = self.beside()
        part = self.part_amid()
        units = self.unit_words()
        if not units:
            self.place = before
            return ()
        heaped = self.beside() or heaped
        part = part or self.part_after()
        self.skip(words.OF)
        read = [_so_many(each, most, part, *unit) for each, unit in product(low, units)]
        if heaped:
            read += [each.times(Fraction(2)) for each in read]
        return tuple(read)

    def part_amid(self) -> Fraction:
        """Take the part out of "1 colher e meia de cha", where it parts the unit."""
        if (self.peek(),) not in words.UNITS:
            return Fraction(0)
        unit = self.place
        self.place += 1
        part = self.part_after()
        del self.tokens[unit + 1 : self.place]
        self.place = unit
        return part

    def part_after(self) -> Fraction:
        """The part that "e meia" adds to the unit before it, unless it is of another unit."""
        before = self.place
        part = self.and_a_part() if self.peek() in words.AND else Fraction(0)
        after = self.place
        if self.skip(words.OF):
            self.skip(words.ARTICLES)
        self.beside()
        of_another = bool(part and self.unit_words())
        self.place = before if of_another else after
        return Fraction(0) if of_another else part

    def beside(self) -> bool:
        """Skip what says how full the spoon is: whether it is heaped."""
        heaped = False
        while self.peek() in words.LEVEL | words.HEAPED:
            heaped = heaped or self.peek() in words.HEAPED
            self.place += 1
        return heaped

    def unit_words(self) -> tuple[tuple[Unit, int], ...]:
        """The unit of two words that stands here, or else of one: `colheres (de chá)`."""
        places = list(self.words_ahead())
        for length in (2, 1):
            said = tuple(self.tokens[place].text for place in places[:length])
            units = words.UNITS.get(said, ()) if len(said) == length else ()
            end = places[length - 1] + 1 if units else 0
            if units and not (said[0] in words.ALSO_SPICES and end >= len(self.tokens)):
                self.place = end
                while self.skip({".", ")"}):
                    pass
                return units
        return ()

    def words_ahead(self) -> Iterator[int]:
        """Where the next two words stand, without what may stand between them."""
        found, place = 0, self.place
        while place < len(self.tokens) and found < 2:
            token = self.tokens[place].text
            if found and token in words.AMID | words.LEVEL:
                place += 1
                continue
            yield place
            found, place = found + 1, place + 1


def _so_many(
    low: Fraction, most: Fraction | None, part: Fraction, unit: Unit, factor: int
) -> Amount:
    """So many of the unit and a part of it: in a range, the part belongs to the upper end."""
    if most is None:
        return Amount((low + part) * factor, unit)
    return Amount(low * factor, unit, (most + part) * factor)


def _room(number: Fraction) -> int:
    """What is below this can be added to a number in words: to "twenty" what is below ten."""
    if number >= 100 and number % 100 == 0:
        return 100
    return 10 if number % 100 >= 20 and number % 10 == 0 else 0


def _goes_on(one: Amount, other: Amount) -> bool:
    """Whether the other one goes on, as in "1 lb 2 oz". In "1 lb 450 g" it says the same again."""
    if other.unit not in SMALLER.get(one.unit, ()):
        return False
    kind = _kind(one, other)
    return kind is not None and other.quantity * kind[other.unit] < kind[one.unit]


def _added(one: Amount, other: Amount) -> Amount | None:
    """The sum of two weights, or of two volumes."""
    kind = _kind(one, other)
    if kind is None or one.most is not None or other.most is not None:
        return None
    unit = Unit.GRAM if kind is GRAMS else Unit.MILLILITRE
    return Amount(one.quantity * kind[one.unit] + other.quantity * kind[other.unit], unit)


def _kind(one: Amount, other: Amount) -> Mapping[Unit, Fraction] | None:
    """The table that both units stand in, if both are weights or both are volumes."""
    kinds = (kind for kind in (GRAMS, MILLILITRES) if one.unit in kind and other.unit in kind)
    return next(kinds, None)
