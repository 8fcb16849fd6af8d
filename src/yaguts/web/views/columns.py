"""Columns of stacked amounts, laid out for a drawing whose size the page decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

LEFT, TOP, WIDTH, HEIGHT = 44, 8, 272, 112
"""Where the columns stand in the drawing, in its units. The scale is written left of them."""
_SHARE_OF_PITCH = 0.7


@dataclass(frozen=True, slots=True)
class Segment:
    """One row's part of a column; `row` counts from 0."""

    row: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """The segments, and the amounts to write beside the lines at these heights."""

    segments: tuple[Segment, ...]
    scale: tuple[tuple[float, int], ...]


def stacked(rows: Sequence[Sequence[int]]) -> Plot:
    """Each row gives a part of every column; the first row stands at the bottom."""
    columns = list(zip(*rows, strict=True))
    top = _round_above(max(map(sum, columns), default=0))
    segments = [
        segment
        for place, column in enumerate(columns)
        for segment in _column(place, column, WIDTH / len(columns), top)
    ]
    scale = tuple((_height(amount, top), amount) for amount in (0, top // 2, top))
    return Plot(tuple(segments), scale)


def _column(place: int, amounts: Sequence[int], pitch: float, top: int) -> list[Segment]:
    ends = list(accumulate(amounts))
    x, width = LEFT + pitch * (place + (1 - _SHARE_OF_PITCH) / 2), pitch * _SHARE_OF_PITCH
    return [
        Segment(row, round(x, 1), _height(end, top), round(width, 1), _thick(amount, top))
        for row, (amount, end) in enumerate(zip(amounts, ends, strict=True))
        if amount
    ]


def _height(amount: int, top: int) -> float:
    return round(TOP + HEIGHT * (1 - amount / top), 1)


def _thick(amount: int, top: int) -> float:
    return round(HEIGHT * amount / top, 1)


def _round_above(amount: int) -> int:
    """The next of 1, 2, 5, 10, 20… grams, in milligrams, so that its half is round too."""
    top = 1000
    while top < amount:
        top = top * 5 // 2 if str(top)[0] == "2" else top * 2
    return top
