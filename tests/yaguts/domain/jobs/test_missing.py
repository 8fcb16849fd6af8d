"""What a job that has ended left undone."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.builders import a_job
from yaguts.domain.jobs.job import DoseStatus, Failure, Job, JobState
from yaguts.domain.jobs.missing import missing
from yaguts.domain.units import Milligrams


def ended(state: JobState, **changes: Any) -> Job:
    """A job of two items: the first is done, the second as `changes` say."""
    job = a_job(doses=2)
    first, second = job.doses
    first = replace(first, status=DoseStatus.DONE, fell_at_most_mg=first.quantity)
    second = replace(second, status=DoseStatus.FAILED, **changes)
    return replace(job, state=state, doses=(first, second))


def amounts(job: Job) -> list[tuple[int, int]]:
    return [(dose.order, amount) for dose, amount in missing(job)]


def test_what_fell_at_most_is_not_missing() -> None:
    half = Milligrams(a_job(doses=2).doses[1].quantity // 2)
    job = ended(JobState.DONE_PARTIAL, fell_at_most_mg=half, fell_at_least_mg=Milligrams(0))

    assert amounts(job) == [(2, job.doses[1].quantity - half)]


@pytest.mark.parametrize("failure", [Failure.EXPIRED, Failure.CANCELLED])
def test_nothing_fell_of_a_job_that_never_started(failure: Failure) -> None:
    job = ended(JobState.FAILED, failure=failure)

    assert amounts(job) == [(2, job.doses[1].quantity)]


@pytest.mark.parametrize("failure", [Failure.UNCONFIRMED, Failure.NO_REPORT])
def test_of_what_nobody_reported_nothing_is_missing_for_sure(failure: Failure) -> None:
    assert amounts(ended(JobState.FAILED, failure=failure)) == []


def test_nothing_is_missing_yet_of_a_job_that_goes_on() -> None:
    assert amounts(ended(JobState.RUNNING)) == []
    assert amounts(ended(JobState.CANCELLING)) == []


def test_nothing_is_missing_of_an_item_that_got_all() -> None:
    quantity = a_job(doses=2).doses[1].quantity
    assert amounts(ended(JobState.DONE_PARTIAL, fell_at_most_mg=quantity)) == []
