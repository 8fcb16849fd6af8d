"""Several jobs wait for one dispenser: in order, one at a time, each with its own time to live."""

import asyncio

import pytest

from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.errors import Busy, NotFound, NotPlannable, NotPossibleNow, QueueFull
from yaguts.domain.jobs.job import Job, JobState
from yaguts.domain.jobs.queue import MOST_JOBS
from yaguts.domain.people import Actor
from yaguts.services.delivery import expiry, handover, long_poll
from yaguts.services.dispensers import settings
from yaguts.services.jobs import orders
from yaguts.services.jobs.watch import watch
from yaguts.services.pantry.kitchen import look


@pytest.fixture(autouse=True)
def _queue(kitchen: Furnished) -> None:
    set_queues(kitchen, queues=True)


def set_queues(kitchen: Furnished, *, queues: bool) -> None:
    settings.configure(
        kitchen.site,
        kitchen.person.id,
        kitchen.dispenser_id,
        {"queues": queues},
        by=kitchen.actor,
    )


def asked(kitchen: Furnished, queue: bool | None, **grams: float) -> Job:
    wanted = orders.Order(kitchen.recipe(**grams), 1, queue=queue)
    return orders.order(kitchen.site, kitchen.person.id, wanted, by=kitchen.actor)


def offered(kitchen: Furnished, holding: str = "") -> Job | None:
    return handover.offer(kitchen.site, kitchen.dispenser, holding)


def accept(kitchen: Furnished, job: Job) -> None:
    handover.accept(kitchen.site, kitchen.dispenser, job.id, job.key)


def cancel(kitchen: Furnished, job: Job) -> None:
    orders.cancel(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)


def test_the_order_may_say_otherwise_than_the_dispenser(kitchen: Furnished) -> None:
    first = kitchen.order()

    with pytest.raises(Busy) as refused:
        asked(kitchen, queue=False)
    assert refused.value.fields["job_id"] == first.id
    set_queues(kitchen, queues=False)
    with pytest.raises(Busy):
        asked(kitchen, queue=None)
    asked(kitchen, queue=True)


def test_stock_is_held_from_the_order_on(kitchen: Furnished) -> None:
    kitchen.order(Sal=60)
    kitchen.order(Sal=30)

    assert kitchen.stocks()[0] == (FULL, 90_000)
    with pytest.raises(NotPlannable):
        kitchen.order(Sal=11)


def test_a_line_has_an_end(kitchen: Furnished) -> None:
    for _ in range(MOST_JOBS):
        kitchen.order(Sal=0.1)

    with pytest.raises(QueueFull):
        kitchen.order(Sal=0.1)


def test_firmware_0_1_is_given_one_job_after_the_other(kitchen: Furnished) -> None:
    ordered = [kitchen.order() for _ in range(3)]

    for job in ordered:
        fetched = handover.fetch(kitchen.site, kitchen.dispenser)
        assert fetched is not None
        assert fetched.id == job.id
        assert handover.fetch(kitchen.site, kitchen.dispenser) is None
        kitchen.report(fetched)


def test_firmware_0_2_is_offered_one_job_after_the_other(kitchen: Furnished) -> None:
    ordered = [kitchen.order() for _ in range(3)]

    for job in ordered:
        assert [one and one.id for one in (offered(kitchen), offered(kitchen))] == [job.id] * 2
        accept(kitchen, job)
        assert offered(kitchen) is None
        kitchen.report(job, key=job.key)


def test_what_is_not_first_cannot_be_accepted(kitchen: Furnished) -> None:
    first, second = kitchen.order(), kitchen.order()

    with pytest.raises(NotPossibleNow):
        accept(kitchen, second)
    cancel(kitchen, first)
    expiry.sweep(kitchen.site)
    accept(kitchen, second)


def test_the_time_to_live_begins_when_the_turn_has_come(kitchen: Furnished) -> None:
    first, second = kitchen.started(), kitchen.order()
    kitchen.clock.passes(minutes=9)
    handover.progress(kitchen.site, kitchen.dispenser, first.id, told(first))
    kitchen.clock.passes(minutes=9)
    assert expiry.sweep(kitchen.site) == 0
    kitchen.report(first, key=first.key)
    expiry.sweep(kitchen.site)

    kitchen.clock.passes(minutes=9, seconds=59)
    assert expiry.sweep(kitchen.site) == 0
    kitchen.clock.passes(seconds=1)
    assert expiry.sweep(kitchen.site) == 1
    assert (kitchen.job(second.id).state, kitchen.jar().held) == (JobState.FAILED, 0)


def told(job: Job) -> handover.ReportedProgress:
    dose = job.doses[0]
    return handover.ReportedProgress(job.key, dose.order, dose.jar, dose.quantity, dose.status)


def test_an_offer_begins_it_too(kitchen: Furnished) -> None:
    first, second = kitchen.order(), kitchen.order()
    cancel(kitchen, first)

    offered(kitchen)

    until = kitchen.clock.now + kitchen.site.settings.job_time_to_live
    assert kitchen.job(second.id).expires_at == until


def test_one_may_be_taken_out_of_the_line(kitchen: Furnished) -> None:
    running, second, third = kitchen.started(Sal=1), kitchen.order(Sal=2), kitchen.order(Sal=4)

    cancel(kitchen, second)

    assert kitchen.job(second.id).state == JobState.CANCELED
    assert kitchen.stocks()[0] == (FULL, 5000)
    kitchen.report(running, key=running.key)
    assert offered(kitchen) == kitchen.job(third.id)


def test_to_stop_without_naming_a_job_ends_the_whole_line(kitchen: Furnished) -> None:
    running, second = kitchen.started(), kitchen.order()

    assert orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor) == 2
    assert kitchen.job(running.id).state == JobState.CANCELLING
    assert kitchen.job(second.id).state == JobState.CANCELED


def test_an_expired_job_makes_way_for_the_next_one(kitchen: Furnished) -> None:
    first, second = kitchen.order(), kitchen.order()
    kitchen.clock.passes(minutes=10)

    third = kitchen.order()

    states = [kitchen.job(job.id).state for job in (first, second, third)]
    assert states == ["failed", "queued", "queued"]
    assert offered(kitchen) == kitchen.job(second.id)


def test_places_are_shown_and_the_first_is_the_active_one(kitchen: Furnished) -> None:
    running, second, third = kitchen.started(), kitchen.order(), kitchen.order()
    person = kitchen.person.id

    assert orders.active(kitchen.site, person) == running
    assert orders.active_jobs(kitchen.site, person) == (running, second, third)
    seen = look(kitchen.site, person)
    assert seen.active is not None
    assert (seen.active.job, seen.active.place) == (running, None)
    assert [(one.job, one.place) for one in seen.queue] == [(second, 1), (third, 2)]
    watched = [watch(kitchen.site, person, job.id) for job in (running, second, third)]
    assert [(one.place, one.behind) for one in watched] == [(None, 2), (1, 1), (2, 0)]


def test_a_held_poll_is_woken_when_the_job_in_front_ends(kitchen: Furnished) -> None:
    kitchen.configure(polls_look_again_s=30)
    first, second = kitchen.fetched(), kitchen.order()

    async def poll() -> Job | None:
        async def stays() -> bool:
            return False

        polling = asyncio.create_task(
            long_poll.wait_for_job(kitchen.site, kitchen.dispenser, "", 20, stays)
        )
        await asyncio.sleep(0.05)
        await asyncio.to_thread(kitchen.report, first)
        return await asyncio.wait_for(polling, 5)

    given = asyncio.run(poll())
    assert given is not None
    assert given.id == second.id


def test_the_setting_is_its_owners(home: Household, kitchen: Furnished) -> None:
    other = Furnished(home, "Bia")

    with pytest.raises(NotFound):
        settings.configure(
            kitchen.site,
            other.person.id,
            kitchen.dispenser_id,
            {"queues": True},
            by=Actor(other.person.id),
        )
