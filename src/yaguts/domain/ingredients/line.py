"""An ingredient line: the food, and how much of it. What is not certain is asked back."""

import re
from dataclasses import dataclass, replace

from yaguts.domain.amounts.folding import fold
from yaguts.domain.amounts.measures import GRAMS, Amount, NotAnAmount, Reading, Unit, Unsure
from yaguts.domain.amounts.reader import read_amount, read_start
from yaguts.domain.ingredients import words

LONGEST = 200
"""A longer line is not read."""
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_KIND_OF_SPOON = re.compile(
    r"\s*[(\[]\s*(?:de\s+)?(ch[aá]|sopa|sobremesa|caf[eé])\s*[)\]]", re.IGNORECASE
)
_SPACES = re.compile(r"\s+")
_UNMEASURED = {Unit.GLASS, Unit.HANDFUL, Unit.DASH}
_LAST_PART = re.compile(r"[\s:,;(–—-]+(?=(?:\d|[½¼¾⅓⅔⅛]|uma?\s|an?\s|meia\s|half\s))")


@dataclass(frozen=True, slots=True)
class IngredientLine:
    """A line that was read.

    `reading`: `NotAnAmount` where the line names no amount, `Unsure` where it has to be asked back.
    `weight`: what stood in brackets beside a volume, as in "1 tbsp (15 g) salt".
    """

    text: str
    food: str
    reading: Reading
    weight: Amount | None = None

    @property
    def asks(self) -> bool:
        """Whether the amount has to be asked back."""
        return isinstance(self.reading, Unsure)


def read_line(text: str, language: str) -> IngredientLine:
    """Read a line. `language`: `pt_BR` or `en`, which tells the decimal mark."""
    line = _tidy(text, language)
    if len(line) > LONGEST:
        return IngredientLine(text, line[:LONGEST], Unsure(()))
    started = read_start(line, language)
    if isinstance(started.reading, NotAnAmount):
        return _without_start(text, line, language)
    said = line[: len(line) - len(started.rest)] if started.rest else line
    read = IngredientLine(text, *_food_and_reading(started.rest, started.reading))
    if _uncertain(said, started.rest):
        read = replace(read, reading=_unsure(read.reading))
    return replace(read, weight=_weight(started.rest, language))


def _uncertain(said: str, rest: str) -> bool:
    """Whether more was said of the amount than was read: `said` is what was read."""
    in_brackets = " ".join(_IN_BRACKETS.findall(rest))
    return bool(
        words.UNCERTAIN.search(fold(f"{said} {in_brackets}").folded)
        or words.EACH.match(fold(rest).folded)
        or _has_digit(_unbracketed(rest))
    )


def _tidy(text: str, language: str) -> str:
    """The line without bullets, doubled spaces and the spellings that nobody else reads."""
    line = words.BULLET.sub("", _SPACES.sub(" ", text).strip())
    line = _KIND_OF_SPOON.sub(r" de \1", line)
    for where, spelled, meant in words.SPELLED_OTHERWISE:
        if where in (language, "both"):
            line = spelled.sub(meant, line)
    line = _cut_start(line, words.APPROXIMATELY)
    between = words.BETWEEN.match(fold(line).folded)
    return f"{between[1]} - {fold(line).after(between.end())}" if between else line


def _without_start(text: str, line: str, language: str) -> IngredientLine:
    """A line that begins with the food: its amount stands at the end, or there is none."""
    vague = words.VAGUE.match(fold(line).folded)
    if vague:
        return IngredientLine(text, _food(fold(line).after(vague.end())), Unsure(()))
    for part in _LAST_PART.finditer(line):
        reading = read_amount(line[part.end() :].strip(" )."), language)
        if not isinstance(reading, NotAnAmount):
            return IngredientLine(text, _food(line[: part.start()]), _certain(reading))
    if _has_digit(_unbracketed(line)):
        return IngredientLine(text, _food(_without_numbers(line)), Unsure(()))
    return IngredientLine(text, _food(line), NotAnAmount())


def _food_and_reading(rest: str, reading: Reading) -> tuple[str, Reading]:
    food = _cut_start(_unbracketed(rest), words.OF)
    vague = words.VAGUE.match(fold(food).folded)
    if vague:
        return _food(fold(food).after(vague.end())), _unsure(reading)
    if not food:
        return "", _unsure(reading)
    return _food(food), _certain(reading)


def _certain(reading: Reading) -> Reading:
    """A glass or a hand is asked back."""
    if not isinstance(reading, Amount):
        return reading
    if reading.unit in _UNMEASURED or reading.quantity == 0:
        return Unsure((reading,))
    return _counted(reading)


def _unsure(reading: Reading) -> Unsure:
    if isinstance(reading, Unsure):
        return reading
    return Unsure((_counted(reading),) if isinstance(reading, Amount) else ())


def _counted(amount: Amount) -> Amount:
    """The amount, which is one of pieces where it names no unit."""
    return replace(amount, unit=Unit.PIECE) if amount.unit is Unit.NONE else amount


def _weight(rest: str, language: str) -> Amount | None:
    for found in _IN_BRACKETS.finditer(rest):
        reading = read_amount(found[1], language)
        if isinstance(reading, Amount) and reading.unit in GRAMS and reading.most is None:
            return reading
    return None


def _food(text: str) -> str:
    """The name of the food, without how it is prepared, what it is for and in what it comes."""
    food = _cut_start(_unbracketed(text).strip(" :;,.-–—"), words.OF)
    food = _cut_end(food, words.TO_TASTE).partition(",")[0].strip()
    for start in (words.CONTAINER, words.OF, words.SIZE, words.PREPARED_BEFORE):
        food = _cut_start(food, start)
    for end in (words.PREPARED_AFTER, words.SIZE_AFTER):
        food = _cut_end(food, end)
    cloves = words.GARLIC_CLOVES.match(fold(food).folded)
    return food[: cloves.end(1)] if cloves else food


def _cut_start(text: str, what: re.Pattern[str]) -> str:
    folded = fold(text)
    found = what.match(folded.folded)
    return folded.after(found.end()) if found else text


def _cut_end(text: str, what: re.Pattern[str]) -> str:
    """The text without its end. A text that is nothing else stays."""
    folded = fold(text)
    found = what.search(folded.folded)
    return text[: folded.origins[found.start()]].strip() if found and found.start() else text


def _unbracketed(text: str) -> str:
    return _IN_BRACKETS.sub("", text).strip()


def _without_numbers(text: str) -> str:
    return _SPACES.sub(" ", re.sub(r"[\d.,/]*\d", "", text)).strip()


def _has_digit(text: str) -> bool:
    return any(one.isdigit() or one.isnumeric() for one in text)
