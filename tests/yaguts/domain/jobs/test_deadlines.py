"""What time does to a job."""

from datetime import timedelta

import pytest

from tests.support.builders import NOW, a_job
from yaguts.domain.jobs.deadlines import LONGEST_SILENCE, overdue, silent_at
from yaguts.domain.jobs.job import FINAL, UNDER_WAY, WAITING, JobEvent, JobState

INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize("state", sorted(WAITING))
def test_a_job_that_nobody_starts_expires(state: JobState) -> None:
    job = a_job(state=state)

    assert overdue(job, job.expires_at - INSTANT) is None
    assert overdue(job, job.expires_at) == JobEvent.EXPIRED


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_a_job_under_way_has_its_longest_run_and_a_margin(state: JobState) -> None:
    job = a_job(state=state, heard_at=NOW + timedelta(minutes=3))
    silent = NOW + timedelta(minutes=3) + job.longest_run + LONGEST_SILENCE

    assert silent_at(job) == silent
    assert overdue(job, silent - INSTANT) is None
    assert overdue(job, silent) == JobEvent.FELL_SILENT


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_job_that_has_ended_has_time(state: JobState) -> None:
    assert overdue(a_job(state=state), NOW + timedelta(days=365)) is None
