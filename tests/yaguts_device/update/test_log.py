"""What the board's log says of an update."""

import pytest

from yaguts_sim.updates.cases import ALL, GOOD, REFUSED
from yaguts_sim.updates.updated import NEW, Case, UpdatedDispenser, old_release

SILENT = next(case for case in ALL if case.name == "silent")


def log_of(case: Case) -> str:
    dispenser = UpdatedDispenser(case, old_release())
    assert dispenser.play() == []
    return str(dispenser.machine.timeline)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_it_says_that_a_release_is_refused_and_why(case: Case) -> None:
    assert f"update: release {case.release.number} is refused: {case.ends[1]}" in log_of(case)


def test_it_says_how_far_a_good_one_is() -> None:
    log = log_of(GOOD)

    steps = ["is fetched", "is whole and starts", "works and stays"]
    places = [log.index(f"update: release {NEW} {step}") for step in steps]
    assert places == sorted(places)
    assert "refused" not in log


def test_it_says_that_it_goes_back() -> None:
    assert f"update: release {NEW} hears no server: back to the one before" in log_of(SILENT)
