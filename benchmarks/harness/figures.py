"""A figure that is measured, what is wanted of it, and the table in which all of them stand."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HEAD = (
    "| what | measured | wanted | times as good | how |",
    "|---|---|---|---|---|",
)
HALVED = 0.5
_ROW = re.compile(r"\| ([^|]+) \| (-?[\d.,]+)[^|]* \|")


@dataclass(frozen=True)
class Figure:
    """One row. `wanted` is the bound, if there is one; `steady`: other work hardly changes it."""

    what: str
    value: float
    unit: str
    how: str
    wanted: float | None = None
    at_most: bool = True
    steady: bool = False

    def times_as_good(self, other: float) -> float:
        """How many times as good this figure is as another value of it."""
        better, worse = (other, self.value) if self.at_most else (self.value, other)
        return better / max(worse, 1e-9)

    @property
    def is_as_wanted(self) -> bool:
        """Whether it keeps its bound."""
        if self.wanted is None:
            return True
        return self.value <= self.wanted if self.at_most else self.value >= self.wanted

    def row(self) -> str:
        """The figure as a row of a table of Markdown."""
        wanted = good = "–"
        if self.wanted is not None:
            bound = "at most" if self.at_most else "at least"
            wanted = f"{bound} {_plain(self.wanted)}{self.unit}"
            good = f"{self.times_as_good(self.wanted):.2f}" if self.wanted else "–"
        measured = f"{_plain(self.value)}{self.unit}"
        return f"| {self.what} | {measured} | {wanted} | {good} | {self.how} |"


def table(figures: Iterable[Figure]) -> str:
    """All figures, in Markdown."""
    return "\n".join([*HEAD, *(figure.row() for figure in figures)])


def kept(page: str) -> Mapping[str, float]:
    """The measured values in a table of a page, by what they are."""
    return {what: float(value.replace(",", "")) for what, value in _ROW.findall(page)}


def halved(now: Sequence[Figure], before: Mapping[str, float]) -> list[str]:
    """The steady figures that are less than half as good as they were, a sentence each."""
    return [
        f"{figure.what}: {_plain(figure.value)}{figure.unit}, was {_plain(before[figure.what])}"
        for figure in now
        if figure.steady and figure.what in before
        if figure.times_as_good(before[figure.what]) < HALVED
    ]


def _plain(value: float) -> str:
    """Three digits that count, and no exponent."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
