"""What a dispenser asks after an outage, and what counts as an answer."""

import pytest

from tests.support.builders import a_job
from yaguts.domain.errors import NotPossibleNow
from yaguts.domain.jobs.job import JobState
from yaguts.domain.jobs.resume_consent import asked, told_to_go_on

RUNNING = a_job(state=JobState.RUNNING, asks=True)


def test_a_question_is_answered_once_and_for_itself() -> None:
    waiting = asked(RUNNING, 5)
    assert (waiting.paused, waiting.may_go_on) == (True, False)
    assert waiting.version == RUNNING.version + 1

    told = told_to_go_on(waiting)
    assert (told.paused, told.may_go_on) == (False, True)
    assert told_to_go_on(told) is told
    assert asked(told, 5) is told


def test_what_was_said_to_an_earlier_question_answers_no_later_one() -> None:
    later = asked(told_to_go_on(asked(RUNNING, 5)), 9)

    assert (later.paused, later.may_go_on) == (True, False)


def test_a_late_message_about_an_earlier_question_takes_no_answer_back() -> None:
    told = told_to_go_on(asked(asked(RUNNING, 5), 9))

    assert asked(asked(told, 5), 9).may_go_on


def test_who_goes_on_asks_nothing_any_more() -> None:
    going_on = asked(told_to_go_on(asked(RUNNING, 5)), None)

    assert (going_on.paused, going_on.may_go_on) == (False, False)
    with pytest.raises(NotPossibleNow):
        told_to_go_on(going_on)


@pytest.mark.parametrize("state", sorted(set(JobState) - {JobState.RUNNING}))
def test_only_a_running_job_can_go_on(state: JobState) -> None:
    job = a_job(state=state, asks=True, question=5)

    assert not job.paused
    with pytest.raises(NotPossibleNow):
        told_to_go_on(job)
