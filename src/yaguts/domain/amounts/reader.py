"""The one reader of amounts: `1 ½ colher de chá`, `2 tsp`, `uma pitada`, `1.250,5 g`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from yaguts.domain.amounts import words
from yaguts.domain.amounts.folding import fold, has_odd_digits
from yaguts.domain.amounts.measures import (
    GRAMS,
    MILLILITRES,
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


_PART = re.compile("[1-9]/[2-9]")


class _Reader:
    """Walks over the tokens. What cannot be read leaves it where it was."""

    def __init__(self, tokens: list[_Token], language: str) -> None:
        self.tokens, self.language, self.place = tokens, language, 0

    @property
    def ended(self) -> bool:
        return self.place >= len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        wanted = self.place + ahead
        return self.tokens[wanted].text if wanted < len(self.tokens) else ""

    def skip(self, known: set[str]) -> bool:
        if self.peek() not in known:
            return False
        self.place += 1
        return True

    def sum(self) -> tuple[Amount, ...]:
        """An amount, or the sum of two: "1 tbsp plus 1 tsp"."""
        first = self.amount()
        before = self.place
        if first and self.skip(words.PLUS):
            second = self.amount()
            added = tuple(_added(one, other) for one, other in product(first, second))
            if added and None not in added:
                return tuple(each for each in added if each is not None)
        self.place = before
        return first

    def amount(self) -> tuple[Amount, ...]:
        while self.peek() in words.ABOUT:
            self.place += 1
        before = self.place
        numbers = self.range()
        if not numbers:  # "pinch", but neither "leaf" nor "kg": the unit alone is one of it.
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
        if self.peek() in words.HALF:
            self.place += 1
            self.skip(words.ARTICLES)
            return (Fraction(1, 2),)
        fraction = self.fraction()
        if fraction is not None:
            return (fraction,)
        found = self.whole_number()
        if len(found) != 1 or found[0].denominator != 1:
            return found
        if self.peek() in words.PARTS:
            self.place += 1
            return (found[0] / words.PARTS[self.tokens[self.place - 1].text],)
        return self.grouped(found[0]) or (found[0] + self.and_a_part(),)

    def whole_number(self) -> _Values:
        token = self.peek()
        found: _Values = (words.WHOLE[token],) if token in words.WHOLE else ()
        if token[-1:].isdecimal() and "/" not in token:
            found = values(token, self.language)
        self.place += bool(found)
        return found

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
        if joined and self.peek(1) not in words.PARTS:
            self.skip(words.ARTICLES)
        if joined and self.skip(words.HALF):
            return Fraction(1, 2)
        fraction = self.fraction()
        if joined and self.peek() in words.WHOLE and self.peek(1) in words.PARTS:
            fraction = words.WHOLE[self.peek()] / words.PARTS[self.peek(1)]
            self.place += 2
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
        half = self.and_a_half()
        units = self.unit_words()
        if not units:
            self.place = before
            return ()
        heaped = self.beside() or heaped
        self.skip(words.OF)
        read = [
            Amount((each + half) * factor, unit, None if most is None else most * factor)
            for each, (unit, factor) in product(low, units)
        ]
        if heaped:
            read += [each.times(Fraction(2)) for each in read]
        return tuple(read)

    def and_a_half(self) -> Fraction:
        """Take the part out of "1 colher e meia de cha", where it parts the unit."""
        if (self.peek(),) not in words.UNITS or self.peek(1) not in words.AND:
            return Fraction(0)
        part = "1/2" if self.peek(2) in words.HALF else self.peek(2)
        if not _PART.fullmatch(part) or Fraction(part) >= 1:
            return Fraction(0)
        del self.tokens[self.place + 1 : self.place + 3]
        return Fraction(part)

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
            if found and token in {"(", ".", "de"} | words.LEVEL:
                place += 1
                continue
            yield place
            found, place = found + 1, place + 1


def _added(one: Amount, other: Amount) -> Amount | None:
    """The sum of two weights, or of two volumes."""
    if one.most is None and other.most is None:
        for kind, unit in ((GRAMS, Unit.GRAM), (MILLILITRES, Unit.MILLILITRE)):
            if one.unit in kind and other.unit in kind:
                return Amount(
                    one.quantity * kind[one.unit] + other.quantity * kind[other.unit], unit
                )
    return None
