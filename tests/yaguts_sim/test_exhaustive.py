"""Every point at which the power can fail during a job, one after the other."""

import pytest

from yaguts_sim.exhaustive import FOUR_JARS, FOUR_SLICES, TWO_JARS, walk
from yaguts_sim.premises import one_thread
from yaguts_sim.stage import the_stage


@pytest.mark.parametrize(
    ("recipe", "least"), [(FOUR_JARS, 180), (TWO_JARS, 140), (FOUR_SLICES, 90)]
)
def test_no_single_power_cut_breaks_a_promise(recipe: int, least: int) -> None:
    with one_thread():
        result = walk(the_stage(), recipe, depth=1)
    assert result.broken == []
    assert result.points >= least
