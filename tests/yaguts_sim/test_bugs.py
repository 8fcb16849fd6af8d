"""Each planted bug is found: a checker that never fails would prove nothing."""

import pytest

from yaguts_sim.bugs import found_by
from yaguts_sim.firmware_bugs import FIRMWARE_BUGS
from yaguts_sim.premises import one_thread
from yaguts_sim.server_bugs import SERVER_BUGS
from yaguts_sim.stage import the_stage

pytestmark = pytest.mark.long

BUGS = {**FIRMWARE_BUGS, **SERVER_BUGS}


def test_there_are_more_than_thirty() -> None:
    assert len(BUGS) >= 30


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name: str) -> None:
    with one_thread():
        found = found_by(the_stage(), BUGS[name])
    assert found is not None, f"{BUGS[name].story}: not found within {BUGS[name].seeds} seeds"
