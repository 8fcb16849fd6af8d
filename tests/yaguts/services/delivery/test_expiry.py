"""What time ends, and what it leaves alone."""

from datetime import timedelta

from tests.support.kitchen.furnished import FULL, Furnished
from yaguts.domain.jobs.deadlines import LONGEST_SILENCE
from yaguts.domain.jobs.job import Failure, JobState
from yaguts.services.delivery import handover
from yaguts.services.delivery.expiry import sweep
from yaguts.services.jobs import orders

LIFE = timedelta(minutes=10)


def passes(kitchen: Furnished, time: timedelta) -> None:
    kitchen.clock.passes(seconds=time.total_seconds())


def test_a_job_that_nobody_fetches_expires_and_gives_back_what_it_held(kitchen: Furnished) -> None:
    job = kitchen.order(Sal=4.5)
    passes(kitchen, LIFE - timedelta(seconds=1))
    assert sweep(kitchen.site) == 0

    passes(kitchen, timedelta(seconds=1))
    assert sweep(kitchen.site) == 1

    ended = kitchen.job(job.id)
    assert (ended.state, ended.failure) == (JobState.FAILED, Failure.EXPIRED)
    assert ended.finished_at == kitchen.clock.now
    assert kitchen.stocks()[0] == (FULL, 0)
    assert sweep(kitchen.site) == 0


def test_a_started_job_has_its_longest_run_and_a_margin(kitchen: Furnished) -> None:
    job = kitchen.fetched(Sal=100)
    passes(kitchen, job.longest_run + LONGEST_SILENCE - timedelta(seconds=1))
    assert sweep(kitchen.site) == 0

    passes(kitchen, timedelta(seconds=1))
    assert sweep(kitchen.site) == 1

    ended = kitchen.job(job.id)
    assert (ended.state, ended.failure) == (JobState.FAILED, Failure.UNCONFIRMED)
    assert kitchen.stocks()[0] == (FULL, 0)


def test_whoever_is_heard_of_has_time(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)
    for _ in range(5):
        passes(kitchen, LONGEST_SILENCE)
        told = handover.ReportedProgress(job.key, 1, 1, job.doses[0].quantity, job.doses[0].status)
        handover.progress(kitchen.site, kitchen.dispenser, job.id, told)
        assert sweep(kitchen.site) == 0

    assert kitchen.job(job.id).state == JobState.RUNNING


def test_a_cancelled_job_whose_dispenser_never_answers_ends_too(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)
    orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)
    passes(kitchen, job.longest_run + LONGEST_SILENCE)

    assert sweep(kitchen.site) == 1
    assert kitchen.job(job.id).state == JobState.CANCELED
    assert kitchen.stocks()[0] == (FULL, 0)


def test_one_sweep_ends_all_that_is_over(kitchen: Furnished) -> None:
    cancelled = kitchen.started(Sal=1)
    orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)
    expired = kitchen.order(Sal=1)
    passes(kitchen, timedelta(hours=1))

    assert sweep(kitchen.site) == 2
    assert [kitchen.job(job.id).state for job in (cancelled, expired)] == ["canceled", "failed"]
