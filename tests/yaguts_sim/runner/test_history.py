"""A thousand histories with faults, and no violation."""

import pytest

from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.runner.history import play
from yaguts_sim.runner.shrink import replay_line, shrunk
from yaguts_sim.server.harness import garbage_collected_rarely, one_thread
from yaguts_sim.setup.script import Script, ScriptedOrder, draw_script
from yaguts_sim.setup.shared import setup_of_this_process

AT_ONCE, SEEDS, AT_A_TIME = 100, 1000, 50
FIRST_SEEDS = [
    *range(0, AT_ONCE, AT_A_TIME),
    *(pytest.param(first, marks=pytest.mark.more) for first in range(AT_ONCE, SEEDS, AT_A_TIME)),
]


@pytest.mark.parametrize("first", FIRST_SEEDS)
def test_no_seed_breaks_a_promise(first: int) -> None:
    with one_thread():
        setup = setup_of_this_process()
        with garbage_collected_rarely():
            for seed in range(first, first + AT_A_TIME):
                result = play(setup, draw_script(seed, {}))
                if result.violations:
                    result = shrunk(setup, result)
                    pytest.fail("\n".join([replay_line(result), result.timeline]))


ONCE_BROKEN = {
    9455: "a bit flips in one copy of the job, and a boot later the other copy is lost",
    14392: "one copy of the job is never written, and later the other one is lost",
    31797: "both copies of the job are lost at once: nobody could have kept it",
    27222: "a cancelled job comes back with a restored server, before the mark says so",
    17024: "the server forgets a dispenser that was claimed after the copy was made",
    34123: "the server's clock goes back by two hours while a job is under way",
    39493: "an old request arrives from a dispenser that has been without power for long",
    51452: "a jar stops giving in its last slice before a cancel",
    71150: "a job that did not fit comes back with a restored server, and fits now",
    32643: "a stopped jar gave less than the whole milliseconds say",
    256420: "a report comes again after a restore, and says less: its record is damaged by now",
    264350: "a cancel is lost with one restore, and the copy of the next one is as old",
    39755: "a job is ordered while the clock is a month ahead, and its acceptance goes unheard",
    131257: "the server is killed while two polls are held for one dispenser",
}


UNKNOWN_THEN = {FaultKind.BOARD_REPLACED: 0.0, FaultKind.TOKEN_REVOKED: 0.0}
"""Kinds of faults that were not drawn yet when these seeds were played."""
WITH_ALL_KINDS = {
    900785: "a kept report is booked, and the job that it is charged to is there after all",
    1007978: "a poll is still held whose board is gone, and the database is asked for it",
    901170: "a bit flips in the only copy of the job, before the second one is written",
}


@pytest.mark.parametrize("seed", [*ONCE_BROKEN, *WITH_ALL_KINDS])
def test_what_once_broke_a_promise_does_so_no_more(seed: int) -> None:
    with one_thread():
        script = draw_script(seed, UNKNOWN_THEN if seed in ONCE_BROKEN else {})
        assert play(setup_of_this_process(), script).violations == ()


def test_a_history_without_faults_ends_with_the_job_booked_and_nothing_short() -> None:
    with one_thread():
        result = play(setup_of_this_process(), Script(1, 1, (ScriptedOrder(500, 7, 0),), ()))
    assert (result.violations, result.jobs, result.shortfall_slices) == ((), 1, 0)


@pytest.mark.parametrize("seed", [0, 7, 138, 988, 131257])
def test_the_same_seed_is_the_same_history_to_the_byte(seed: int) -> None:
    with one_thread():
        once, again = (
            play(setup_of_this_process(), draw_script(seed, {}), tell=True) for _ in range(2)
        )
    assert once.timeline == again.timeline
    assert len(once.timeline) > 1000


def test_leaving_a_fault_out_leaves_the_others_as_they_were() -> None:
    script = draw_script(988, {})
    kept = script.keeping({2, 5})
    assert [fault.number for fault in kept.faults] == [2, 5]
    assert kept.faults[0] == script.faults[2]
