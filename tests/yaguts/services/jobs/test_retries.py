"""Order once more what a job left undone: that and no more, and once."""

from dataclasses import replace

import pytest

from tests.support.builders import a_report
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.errors import Busy, NotFound, NothingMissing
from yaguts.domain.jobs.job import Job, JobState
from yaguts.domain.jobs.report import Report
from yaguts.domain.people import Actor
from yaguts.domain.units import Milligrams
from yaguts.services.jobs import orders


def with_second_failed(job: Job, fell: int) -> Report:
    """All done but the second item, of which at most so many milligrams fell."""
    report = a_report(job)
    failed = replace(
        report.doses[1],
        done=False,
        fell_at_most_mg=Milligrams(fell),
        fell_at_least_mg=Milligrams(0),
    )
    entries = (report.doses[0], failed, *report.doses[2:])
    return Report(len(entries) - 1, 1, entries)


def test_only_what_surely_did_not_fall_is_ordered(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.0, Pimenta=3.0)
    kitchen.report(job, with_second_failed(job, fell=1200), job.key)

    again = orders.order_missing(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)

    assert [(i.jar, i.spice, i.quantity, i.duration) for i in again.doses] == [
        (2, "Pimenta", 1800, 1800)
    ]
    assert (again.retry_of, again.people, again.recipe_id) == (job.id, job.people, job.recipe_id)
    assert kitchen.jar(2).held == 1800


def test_asked_twice_it_is_one_order(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.0, Pimenta=3.0)
    kitchen.report(job, with_second_failed(job, fell=0), job.key)
    first = orders.order_missing(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)
    orders.cancel(kitchen.site, kitchen.person.id, first.id, by=kitchen.actor)

    second = orders.order_missing(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)

    assert second.id == first.id
    assert kitchen.jar(2).held == 0


def test_nothing_is_missing_of_a_job_that_is_done(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.0)
    kitchen.report(job, key=job.key)

    with pytest.raises(NothingMissing):
        orders.order_missing(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)


def test_a_busy_dispenser_is_not_asked(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.0, Pimenta=3.0)
    kitchen.report(job, with_second_failed(job, fell=0), job.key)
    kitchen.order(Sal=1.0)

    with pytest.raises(Busy):
        orders.order_missing(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)


def test_somebody_elses_job_is_unknown(home: Household, kitchen: Furnished) -> None:
    job = kitchen.order()
    other = Furnished(home, "Bia").person.id

    with pytest.raises(NotFound):
        orders.order_missing(kitchen.site, other, job.id, by=Actor(other))
    with pytest.raises(NotFound):
        orders.cancel(kitchen.site, other, job.id, by=Actor(other))
    assert kitchen.job(job.id).state == JobState.QUEUED


def test_one_job_is_cancelled(kitchen: Furnished) -> None:
    job = kitchen.started()

    assert (
        orders.cancel(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor).state
        == JobState.CANCELLING
    )
    assert (
        orders.cancel(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor).state
        == JobState.CANCELLING
    )


def test_a_job_that_has_ended_stays_as_it_is(kitchen: Furnished) -> None:
    job = kitchen.started()
    kitchen.report(job, key=job.key)

    assert orders.cancel(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor) == kitchen.job(
        job.id
    )
