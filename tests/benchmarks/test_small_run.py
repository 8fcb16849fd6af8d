"""A smaller run of the benchmark: no figure that is steady is half as good as the page says."""

import pytest

from benchmarks.__main__ import SMALL_PARTS, measured
from benchmarks.harness.figures import halved, kept
from benchmarks.harness.page import PAGE, between
from tests.support.components import micropython


@pytest.mark.more
def test_nothing_is_half_as_good_as_it_was() -> None:
    figures = measured(SMALL_PARTS, small=True)

    assert len({figure.what for figure in figures}) == len(figures)
    assert sum(figure.steady for figure in figures) == 4
    assert halved(figures, kept(between(PAGE.read_text("utf-8")))) == []


@pytest.mark.more
def test_a_tap_reaches_the_relay() -> None:
    micropython()
    middle, worst = measured(["tap_to_relay"], small=True)

    assert 0 < middle.value <= worst.value
