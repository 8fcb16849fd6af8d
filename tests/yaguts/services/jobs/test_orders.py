"""Ordering and cancelling, on a real database."""

import pytest

from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.errors import Busy, JobTooLarge, NotFound, NotPlannable, UnsendableSpice
from yaguts.domain.jobs.job import DoseStatus, Job, JobState
from yaguts.domain.jobs.planning import NoJar, TooLittle
from yaguts.domain.people import Actor
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import handover
from yaguts.services.delivery.job_message import job_message
from yaguts.services.jobs import orders
from yaguts.storage import jars, ledger
from yaguts_wire.limits import MAX_JOB_BYTES

UNTOUCHED = [(FULL, 0)] * 4


def active(kitchen: Furnished) -> Job | None:
    return orders.active(kitchen.site, kitchen.person.id)


def cancel(kitchen: Furnished) -> int:
    return orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)


def test_an_order_is_planned_and_holds_what_it_needs(kitchen: Furnished) -> None:
    job = kitchen.order(people=2, Sal=4.5, Pimenta=0.1)

    assert kitchen.job(job.id) == job
    assert [(i.jar, i.quantity, i.duration) for i in job.doses] == [(1, 9000, 9000), (2, 200, 200)]
    assert kitchen.stocks() == [(FULL, 9000), (FULL, 200), (FULL, 0), (FULL, 0)]
    assert len(job.key) == 32


def test_two_orders_have_nothing_in_common_but_the_recipe(kitchen: Furnished) -> None:
    first = kitchen.order()
    cancel(kitchen)

    assert kitchen.order().key != first.key


def test_an_order_that_is_refused_holds_nothing(kitchen: Furnished) -> None:
    with pytest.raises(NotPlannable) as refused:
        kitchen.order(Sal=101, Canela=1)

    assert refused.value.fields["reasons"] == (
        NoJar("Canela"),
        TooLittle(1, "Sal", Milligrams(101_000), FULL),
    )
    assert kitchen.stocks() == UNTOUCHED
    assert active(kitchen) is None


def test_a_busy_dispenser_takes_no_second_order(kitchen: Furnished) -> None:
    job = kitchen.order()

    with pytest.raises(Busy) as refused:
        kitchen.order()

    assert refused.value.fields["job_id"] == job.id


def test_somebody_elses_recipe_is_unknown(home: Household, kitchen: Furnished) -> None:
    other = Furnished(home, "Bia")

    with pytest.raises(NotFound):
        orders.order(
            kitchen.site,
            kitchen.person.id,
            orders.Order(other.recipe(), 1),
            by=kitchen.actor,
        )


def spellings(name: str, count: int) -> list[str]:
    """Different ways to write one spice, all as long as it is."""
    return [name[:n].upper() + name[n:] for n in range(count)]


def test_a_dispenser_keeps_sixteen_doses(kitchen: Furnished) -> None:
    sixteen = dict.fromkeys(spellings("sal".ljust(20), 2), 1.0)
    sixteen |= {"Sal" + " " * n: 1.0 for n in range(14)}
    kitchen.order(**sixteen)
    cancel(kitchen)

    with pytest.raises(JobTooLarge):
        kitchen.order(**sixteen, Pimenta=1.0)
    assert kitchen.stocks() == UNTOUCHED


def test_a_spice_that_no_dispenser_could_report_is_refused(kitchen: Furnished) -> None:
    """An older database may hold it."""
    with kitchen.site.database.write() as connection:
        jars.change(connection, kitchen.dispenser_id, 1, {"label": "Sal\x1b"}, kitchen.clock())

    with pytest.raises(UnsendableSpice) as refused:
        kitchen.order(**{"Sal\x1b": 1.0})
    assert refused.value.fields["spice"] == "Sal"
    assert kitchen.stocks() == UNTOUCHED


def test_what_does_not_fit_the_dispensers_buffer_is_refused(kitchen: Furnished) -> None:
    longest = "a" * 16 + "鹽" * 44  # 60 characters, 148 bytes
    with kitchen.site.database.write() as connection:
        columns = {"label": longest}
        jars.change(connection, kitchen.dispenser_id, 1, columns, kitchen.clock())

    sizes: list[int] = []
    with pytest.raises(JobTooLarge):
        for doses in range(1, 17):
            job = kitchen.order(**dict.fromkeys(spellings(longest, doses), 0.1))
            sizes.append(len(job_message(job, job.created_at)))
            cancel(kitchen)

    assert MAX_JOB_BYTES - 300 < max(sizes) <= MAX_JOB_BYTES
    assert kitchen.stocks() == UNTOUCHED


def test_cancelled_before_anybody_started_nothing_is_held(kitchen: Furnished) -> None:
    job = kitchen.order()
    handover.offer(kitchen.site, kitchen.dispenser)

    assert cancel(kitchen) == 1
    assert kitchen.stocks() == UNTOUCHED
    assert kitchen.job(job.id).state == JobState.CANCELED
    assert active(kitchen) is None


def test_cancelled_while_it_runs_a_job_waits_for_the_dispensers_word(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)

    assert cancel(kitchen) == 1
    assert cancel(kitchen) == 0
    assert kitchen.job(job.id).state == JobState.CANCELLING
    assert kitchen.jar().held == 4500
    assert active(kitchen) is None


def test_a_dispenser_that_is_asked_to_stop_can_be_ordered_from(kitchen: Furnished) -> None:
    kitchen.started(Sal=60)
    cancel(kitchen)

    with pytest.raises(NotPlannable):  # 60 g may have fallen already
        kitchen.order(Sal=41)
    kitchen.order(Sal=40)


def test_nothing_to_cancel_is_no_error(kitchen: Furnished) -> None:
    assert cancel(kitchen) == 0


def test_an_order_makes_way_for_itself_when_the_one_before_has_expired(kitchen: Furnished) -> None:
    first = kitchen.order(Sal=60)
    kitchen.clock.passes(minutes=10)

    second = kitchen.order(Sal=60)

    assert kitchen.job(first.id).state == JobState.FAILED
    assert kitchen.job(second.id).state == JobState.QUEUED
    assert kitchen.jar().held == 60_000


def test_a_person_sees_only_her_own_jobs(home: Household, kitchen: Furnished) -> None:
    job = kitchen.order()
    other = Furnished(home, "Bia")

    assert orders.find(kitchen.site, kitchen.person.id, job.id) == job
    for person, job_id in ((other.person, job.id), (kitchen.person, 99)):
        with pytest.raises(NotFound):
            orders.find(kitchen.site, person.id, job_id)
    assert orders.active(kitchen.site, other.person.id) is None
    assert orders.cancel_active(kitchen.site, other.person.id, by=Actor(other.person.id)) == 0


def test_unknown_stock_is_held_too_and_counts_when_it_is_weighed(kitchen: Furnished) -> None:
    with kitchen.site.database.write() as connection:
        ledger.correct(connection, kitchen.dispenser_id, 1, None, kitchen.clock())
    job = kitchen.order(Sal=4.5)

    assert job.doses[0].status == DoseStatus.PENDING
    assert (kitchen.jar().stock, kitchen.jar().held) == (None, 4500)


def test_what_the_hand_adds_is_kept_with_the_job(kitchen: Furnished) -> None:
    recipe = kitchen.recipe(Louro=1.5, Sal=4.0, Canela=0.5)

    job = orders.order(
        kitchen.site,
        kitchen.person.id,
        orders.Order(recipe, 2, by_hand=True),
        by=kitchen.actor,
    )

    by_hand = orders.by_hand(kitchen.site, kitchen.person.id, job.id)
    assert [(part.spice, part.quantity) for part in by_hand] == [("Louro", 3000), ("Canela", 1000)]
    assert [(dose.order, dose.spice) for dose in job.doses] == [(1, "Sal")]
    with pytest.raises(NotFound):
        orders.by_hand(kitchen.site, kitchen.person.id + 1, job.id)
