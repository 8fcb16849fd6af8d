"""Who is first, who waits, and from when on a job's time runs."""

from datetime import timedelta

import pytest

from tests.support.builders import NOW, a_job
from yaguts.domain.jobs.job import ACTIVE, JobState
from yaguts.domain.jobs.queue import called, in_front, place, queue_of

UNTIL = NOW + timedelta(minutes=10)


def test_the_line_is_the_active_jobs_in_the_order_of_their_orders() -> None:
    jobs = [a_job(id=number + 1, state=state) for number, state in enumerate(JobState)]

    assert queue_of(reversed(jobs)) == tuple(job for job in jobs if job.state in ACTIVE)


def test_each_dispenser_has_one_job_in_front() -> None:
    running = a_job(id=2, state=JobState.RUNNING)
    elsewhere = a_job(id=4, dispenser_id=2)
    others = [a_job(id=1, state=JobState.CANCELLING), a_job(id=3), a_job(id=5, dispenser_id=2)]

    assert in_front([elsewhere, *others, running]) == (running, elsewhere)


def test_places_count_those_that_wait_for_the_same_dispenser() -> None:
    running, next_one, elsewhere = a_job(id=1, state=JobState.RUNNING), a_job(id=2), a_job(id=3)
    last = a_job(id=4)
    elsewhere = a_job(id=3, dispenser_id=2)
    jobs = [running, next_one, elsewhere, last]

    assert [place(job, jobs) for job in jobs] == [None, 1, 1, 2]


def test_a_jobs_time_begins_when_it_is_called_and_once() -> None:
    waiting = a_job(expires_at=None)
    first = called(waiting, UNTIL)

    assert (first.expires_at, first.version) == (UNTIL, waiting.version + 1)
    assert called(first, UNTIL + timedelta(minutes=1)) is first


@pytest.mark.parametrize("state", sorted(set(JobState) - {JobState.QUEUED, JobState.OFFERED}))
def test_what_does_not_wait_is_not_called(state: JobState) -> None:
    job = a_job(state=state, expires_at=None)

    assert called(job, UNTIL) is job
