"""What time does to a job, and what a clock that was wrong does not."""

from datetime import timedelta

import pytest

from tests.support.builders import NOW, a_job
from yaguts.domain.clock import SKEW
from yaguts.domain.jobs.deadlines import (
    LONGEST_SILENCE,
    heard_in_the_future,
    in_time,
    overdue,
    patience,
)
from yaguts.domain.jobs.job import FINAL, UNDER_WAY, WAITING, JobEvent, JobState

INSTANT = timedelta(microseconds=1)
LIFE = timedelta(minutes=10)
DAY = timedelta(days=1)


@pytest.mark.parametrize("state", sorted(WAITING))
def test_a_job_that_nobody_starts_expires(state: JobState) -> None:
    job = a_job(state=state)

    assert overdue(job, job.expires_at - INSTANT, LIFE) is None
    assert overdue(job, job.expires_at, LIFE) == JobEvent.EXPIRED


@pytest.mark.parametrize("state", sorted(WAITING))
def test_a_deadline_further_ahead_than_possible_is_over(state: JobState) -> None:
    another_servers = a_job(state=state, expires_at=NOW + LIFE + SKEW)
    wrong = a_job(state=state, expires_at=NOW + LIFE + SKEW + INSTANT)

    assert in_time(another_servers, NOW, LIFE)
    assert not in_time(wrong, NOW, LIFE)
    assert overdue(another_servers, NOW, LIFE) is None
    assert overdue(wrong, NOW, LIFE) == JobEvent.EXPIRED


def test_a_job_that_is_not_first_has_time_and_may_not_start() -> None:
    job = a_job(expires_at=None)

    assert overdue(job, NOW + DAY, LIFE) is None
    assert not in_time(job, NOW, LIFE)


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_a_job_under_way_has_its_longest_run_and_a_margin(state: JobState) -> None:
    job = a_job(state=state, heard_at=NOW + timedelta(minutes=3))
    silent = NOW + timedelta(minutes=3) + job.longest_run + LONGEST_SILENCE

    assert patience(job) == job.longest_run + LONGEST_SILENCE
    assert overdue(job, silent - INSTANT, LIFE) is None
    assert overdue(job, silent, LIFE) == JobEvent.FELL_SILENT


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_nobody_knows_for_how_long_a_job_heard_in_the_future_is_silent(state: JobState) -> None:
    another_servers = a_job(state=state, heard_at=NOW + SKEW)
    wrong = a_job(state=state, heard_at=NOW + SKEW + INSTANT)

    assert not heard_in_the_future(another_servers, NOW)
    assert heard_in_the_future(wrong, NOW)
    assert overdue(wrong, NOW, LIFE) is None


@pytest.mark.parametrize("state", sorted({*WAITING, *FINAL}))
def test_of_a_job_that_is_not_under_way_nobody_waits_to_hear(state: JobState) -> None:
    assert not heard_in_the_future(a_job(state=state, heard_at=NOW + DAY), NOW)


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_job_that_has_ended_has_time(state: JobState) -> None:
    assert overdue(a_job(state=state), NOW + timedelta(days=365), LIFE) is None
