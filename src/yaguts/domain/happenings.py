"""What happened to a dispenser, as its board tells it: codes with two numbers each.

A board numbers them within the life of its memory. A power cut begins a new life.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

MOST_KEPT = 40
"""Of each dispenser. The oldest gives way."""
LONGEST_AGE = timedelta(days=30)
"""An older one was told by a clock that was wrong."""


class ToldHappening(NamedTuple):
    """One as a board tells it. `age_s`: how long ago; less than 0 when it does not know."""

    life: int
    number: int
    code: int
    first: int
    second: int
    age_s: int


class Happening(NamedTuple):
    """One that is kept. `at_s`: when it was, in unix seconds; or else when it was heard of."""

    life: int
    number: int
    code: int
    first: int
    second: int
    at_s: int


Kept = Sequence[Sequence[int]]
"""Happenings as they are stored, the oldest first."""


def with_told(kept: Kept, told: Sequence[ToldHappening], now: datetime) -> list[list[int]]:
    """What is kept, and behind it what is new.

    One that is told twice, because the answer was lost, is kept once.
    """
    known = {(life, number) for life, number, *_ in kept}
    new = [one for one in told if (one.life, one.number) not in known]
    return [*map(list, kept), *([*one[:5], _at_s(one, now)] for one in new)][-MOST_KEPT:]


def newest_first(kept: Kept) -> list[Happening]:
    """What is kept, to be read by people."""
    return [Happening(*one) for one in reversed(kept)]


def _at_s(told: ToldHappening, now: datetime) -> int:
    known = 0 <= told.age_s <= LONGEST_AGE.total_seconds()
    return int(now.timestamp()) - (told.age_s if known else 0)
