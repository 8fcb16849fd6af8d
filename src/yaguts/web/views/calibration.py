"""A calibration as a drawing: the runs as dots, and the line of the rate."""

from dataclasses import dataclass

from yaguts.domain.stock.calibration import Evenness
from yaguts.domain.units import Milligrams
from yaguts.services.jobs.calibration import Calibration

WIDTH, HEIGHT = 300, 150
A_DOSE = Milligrams(5_000)
"""The spread is told for a dose of this size, a teaspoon."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Dots and the line's end in a drawing of `WIDTH` by `HEIGHT`, from the upper left corner.

    `error`: how far a dose of `A_DOSE` may be off. `outlier`: the number of the run that differs
    most, from 1, or None.
    """

    dots: tuple[tuple[int, int], ...]
    end: tuple[int, int]
    error: Milligrams
    outlier: int | None


def drawn(seen: Calibration) -> Drawing | None:
    """The drawing, or None while there is no rate."""
    fit = seen.fit
    if fit is None:
        return None
    longest = max(run.duration for run in seen.measured)
    expected = fit.rate * longest // 1_000_000
    most = max(expected, *(run.weight for run in seen.measured))
    counting = [n for n, run in enumerate(seen.runs, start=1) if run.measured is not None]
    return Drawing(
        dots=tuple(
            (WIDTH * run.duration // longest, HEIGHT - HEIGHT * run.weight // most)
            for run in seen.measured
        ),
        end=(WIDTH, HEIGHT - HEIGHT * expected // most),
        error=Milligrams(A_DOSE * fit.spread // 1000),
        outlier=None if fit.evenness == Evenness.EVEN else counting[fit.outlier],
    )
