"""A power cut at every point of a job breaks no promise."""

import pytest

from yaguts_sim.mutants.mutant import active
from yaguts_sim.mutants.table import MUTANTS
from yaguts_sim.runner.exhaustive import (
    FOUR_JARS,
    FOUR_SLICES,
    TWO_JARS,
    Walked,
    run_with,
    walk,
    walk_together,
)
from yaguts_sim.server.harness import garbage_collected_rarely, one_thread
from yaguts_sim.setup.shared import setup_of_this_process


def test_no_power_cut_in_a_job_of_four_jars_breaks_a_promise() -> None:
    with one_thread():
        setup = setup_of_this_process()
        with garbage_collected_rarely():
            result = walk(setup, FOUR_JARS, depth=1)
    assert result.broken == []
    assert result.histories == 1 + result.points
    assert result.points >= 100


@pytest.mark.parametrize(
    "name",
    [
        "report dropped early",
        pytest.param("permission after the slice", marks=pytest.mark.more),
        pytest.param("restarts not counted", marks=pytest.mark.more),
    ],
)
def test_one_power_cut_is_enough_to_find_a_mutant(name: str) -> None:
    with one_thread(), active(MUTANTS[name]):
        result = walk(setup_of_this_process(), FOUR_SLICES, depth=1)
    promises = {violation.promise for _, violations in result.broken for violation in violations}
    assert promises & set(MUTANTS[name].breaks)


def test_cuts_that_count_as_one_leave_the_same_world_behind() -> None:
    with one_thread():
        walked = Walked(setup_of_this_process(), FOUR_SLICES, depth=1)
        several = [faults for faults in run_with(walked, ()).alike if len(faults) > 1]
        for first, *others in several:
            left = run_with(walked, (first,)).left
            for other in others:
                assert run_with(walked, (other,)).left == left, f"{first} is not {other}"
    assert len(several) > 10


@pytest.mark.more
def test_several_processes_walk_the_same_points_as_one() -> None:
    with one_thread():
        alone = walk(setup_of_this_process(), FOUR_SLICES, depth=1)
    together = walk_together(FOUR_SLICES, depth=1, workers=1)
    assert together == alone


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_two_power_cuts_in_a_job_of_two_jars_break_a_promise() -> None:
    result = walk_together(TWO_JARS, depth=2, workers=2)
    assert result.broken == []
    assert result.points >= 3_500
