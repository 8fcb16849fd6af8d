"""The rate that runs onto a scale agree on."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaguts.domain.stock.calibration import (
    FASTEST,
    LENGTHS,
    SLOWEST,
    Evenness,
    Fit,
    Run,
    fit,
    next_length,
    rate_of,
)
from yaguts.domain.units import Milligrams, Milliseconds

durations = st.integers(500, 30_000).map(Milliseconds)
run = st.builds(Run, durations, st.integers(1, 1_000_000).map(Milligrams))
runs = st.lists(run, min_size=3, max_size=8)


def squares(found: list[Run], rate: int) -> int:
    """The sum of the squared errors, in millionths of a milligram."""
    return sum((one.weight * 1_000_000 - rate * one.duration) ** 2 for one in found)


@given(st.lists(durations, min_size=3, max_size=8), st.integers(1, 100))
def test_runs_that_agree_have_no_spread(lengths: list[Milliseconds], mg: int) -> None:
    found = fit([Run(length, Milligrams(length * mg)) for length in lengths])

    assert found is not None
    assert (found.rate, found.spread, found.evenness) == (mg * 1_000_000, 0, Evenness.EVEN)


@given(runs)
def test_no_other_whole_rate_has_smaller_squares(found: list[Run]) -> None:
    best = fit(found)

    if best is not None:
        least = squares(found, best.rate)
        assert least <= min(squares(found, best.rate - 1), squares(found, best.rate + 1))


@given(runs)
def test_the_rate_lies_between_those_of_the_runs(found: list[Run]) -> None:
    best = fit(found)

    if best is not None:
        alone = [rate_of(one) for one in found]
        assert min(alone) - 1 <= best.rate <= max(alone) + 1


@given(runs, st.randoms())
def test_the_order_of_the_runs_is_of_no_consequence(found: list[Run], random: object) -> None:
    shuffled = found.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = fit(found), fit(shuffled)

    assert (one and (one.rate, one.spread)) == (other and (other.rate, other.spread))


@given(runs)
def test_the_spread_bounds_every_run_and_is_that_of_the_outlier(found: list[Run]) -> None:
    best = fit(found)

    if best is not None:
        expected = [Fraction(best.rate * one.duration, 1_000_000) for one in found]
        off = [1000 * abs(one.weight - e) / e for one, e in zip(found, expected, strict=True)]
        assert max(off) <= best.spread < max(off) + 1
        assert -(-off[best.outlier] // 1) == best.spread


@pytest.mark.parametrize(
    ("weights", "spread", "evenness"),
    [
        ((1000, 2050, 3080), 24, Evenness.EVEN),
        ((1100, 2050, 2960), 94, Evenness.FAIR),
        ((400, 2050, 3300), 612, Evenness.UNEVEN),
    ],
)
def test_how_even_the_runs_are(
    weights: tuple[int, int, int], spread: int, evenness: Evenness
) -> None:
    found = fit([Run(t, Milligrams(w)) for t, w in zip(LENGTHS, weights, strict=True)])

    assert found is not None
    assert (found.spread, found.evenness, found.outlier) == (spread, evenness, 0)


@pytest.mark.parametrize("mg", [0, 1, 300_000_000])
def test_nothing_and_far_too_much_are_no_rate(mg: int) -> None:
    assert fit([Run(length, Milligrams(mg)) for length in LENGTHS]) is None


def test_the_slowest_and_the_fastest_are_rates() -> None:
    found = [fit([Run(Milliseconds(1000), Milligrams(mg))]) for mg in (1, 100_000)]

    assert [one and one.rate for one in found] == [SLOWEST, FASTEST]


def test_the_lengths_that_are_proposed_differ() -> None:
    assert [next_length(n) for n in range(4)] == [2000, 4000, 6000, 2000]


@pytest.mark.parametrize(
    ("spread", "word"),
    [
        (0, Evenness.EVEN),
        (50, Evenness.EVEN),
        (51, Evenness.FAIR),
        (120, Evenness.FAIR),
        (121, Evenness.UNEVEN),
    ],
)
def test_the_spread_in_a_word(spread: int, word: Evenness) -> None:
    assert Fit(SLOWEST, spread, 0).evenness == word


@pytest.mark.parametrize("rate", [SLOWEST, FASTEST])
def test_the_slowest_and_the_fastest_rate_are_rates(rate: int) -> None:
    def of(ug_per_s: int) -> Fit | None:
        return fit([Run(Milliseconds(1_000_000), Milligrams(ug_per_s))])

    found = of(rate)
    assert found is not None
    assert found.rate == rate
    assert of(rate - 1 if rate == SLOWEST else rate + 1) is None


def test_the_outlier_is_the_run_that_is_furthest_off_in_thousandths_rounded_up() -> None:
    weights = (1000, 1000, 1101)
    found = fit([Run(Milliseconds(1000), Milligrams(weight)) for weight in weights])

    assert found is not None
    assert (found.rate, found.spread, found.outlier) == (1_033_667, 66, 2)


def test_no_runs_have_no_rate() -> None:
    assert fit([]) is None
