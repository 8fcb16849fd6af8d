"""A dose by hand, a purge, a cleaning: jobs like any other, and books that stay honest."""

from dataclasses import replace

import pytest

from tests.support.builders import a_report, a_reported_dose, report_of
from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.errors import Busy, NotFound, NothingMissing, NotPlannable, UnknownJar
from yaguts.domain.jobs.job import Job, JobKind, JobState
from yaguts.domain.people import Actor
from yaguts.domain.stock.ledger import MovementKind, MovementReason
from yaguts.domain.units import Milligrams as Mg
from yaguts.domain.units import Milliseconds as Ms
from yaguts.services.delivery import expiry, handover
from yaguts.services.jobs import history, maintenance, orders
from yaguts.services.pantry import configuration, stock


def dose(kitchen: Furnished, grams: float, jar: int = 1) -> Job:
    amount = Mg(round(grams * 1000))
    return maintenance.order_dose(
        kitchen.site,
        kitchen.person.id,
        kitchen.dispenser_id,
        jar,
        amount,
        by=kitchen.actor,
    )


def purge(kitchen: Furnished, seconds: int, jar: int = 1) -> Job:
    duration = Ms(seconds * 1000)
    return maintenance.order_purge(
        kitchen.site,
        kitchen.person.id,
        kitchen.dispenser_id,
        jar,
        duration,
        by=kitchen.actor,
    )


def clean(kitchen: Furnished, *jars: int) -> Job:
    return maintenance.order_cleaning(
        kitchen.site, kitchen.person.id, kitchen.dispenser_id, jars, by=kitchen.actor
    )


def start(kitchen: Furnished, job: Job) -> Job:
    handover.offer(kitchen.site, kitchen.dispenser)
    handover.accept(kitchen.site, kitchen.dispenser, job.id, job.key)
    return kitchen.job(job.id)


def run(kitchen: Furnished, job: Job) -> Job:
    """The job, after the dispenser has done all of it."""
    kitchen.report(start(kitchen, job), key=job.key)
    return kitchen.job(job.id)


def configure(kitchen: Furnished, number: int, **change: Mg | None) -> None:
    changes = [(number, configuration.JarChange(**change))]  # type: ignore[typeddict-item]
    configuration.set_jars(kitchen.site, kitchen.person.id, changes, by=kitchen.actor)


def latest(kitchen: Furnished, number: int = 1) -> tuple[MovementKind, MovementReason, int]:
    contents = stock.look_into(kitchen.site, kitchen.person.id, kitchen.dispenser_id, number)
    line = contents.movements[0].movement
    return line.kind, line.reason, line.amount


def test_a_dose_is_planned_held_and_charged(kitchen: Furnished) -> None:
    job = dose(kitchen, 2.5)

    assert (job.kind, job.recipe_id, job.people) == (JobKind.DOSE, None, 1)
    assert kitchen.jar().held == 2500
    assert run(kitchen, job).state == JobState.DONE
    assert kitchen.stocks()[0] == (FULL - 2500, 0)
    assert latest(kitchen) == (MovementKind.SETTLE, MovementReason.REPORTED, -2500)
    assert history.consumption(kitchen.site, kitchen.person.id)[0].total == 2500


def test_a_dose_that_failed_is_made_up_for_from_the_same_jar(kitchen: Furnished) -> None:
    configure(kitchen, 2, label="Sal")  # type: ignore[arg-type]
    job = start(kitchen, dose(kitchen, 4.0, jar=2))
    entry = a_reported_dose(
        job.doses[0], done=False, fell_at_most_mg=Mg(1000), fell_at_least_mg=Mg(900)
    )
    kitchen.report(job, report_of(entry), job.key)

    again = orders.order_missing(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)

    assert (again.kind, again.retry_of) == (JobKind.DOSE, job.id)
    assert [(item.jar, item.quantity) for item in again.doses] == [(2, 3000)]


def test_a_purge_is_waste_and_no_use(kitchen: Furnished) -> None:
    run(kitchen, purge(kitchen, 10))

    assert kitchen.stocks()[0] == (FULL - 10_000, 0)
    assert latest(kitchen) == (MovementKind.WASTE, MovementReason.CLEARED, -10_000)
    assert history.consumption(kitchen.site, kitchen.person.id) == ()


def test_a_purge_takes_no_more_than_is_there(kitchen: Furnished) -> None:
    configure(kitchen, 1, stock=Mg(4000))
    job = purge(kitchen, 60)
    assert kitchen.jar().available == 0

    after = run(kitchen, job)

    assert kitchen.stocks()[0] == (0, 0)
    assert (after.doses[0].fell_at_least_mg, after.doses[0].fell_at_most_mg) == (4000, 4000)


def test_while_a_jar_is_purged_nothing_of_it_can_be_ordered(kitchen: Furnished) -> None:
    configure(kitchen, 1, stock=Mg(4000))
    orders.cancel(
        kitchen.site,
        kitchen.person.id,
        start(kitchen, purge(kitchen, 60)).id,
        by=kitchen.actor,
    )

    with pytest.raises(NotPlannable):
        dose(kitchen, 1.0)


def test_nobody_misses_what_was_not_purged(kitchen: Furnished) -> None:
    job = start(kitchen, purge(kitchen, 10))
    kitchen.report(job, a_report(job, failed=(1,)), job.key)

    with pytest.raises(NothingMissing):
        orders.order_missing(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)


def test_a_jar_of_unknown_rate_that_ran_holds_nobody_knows_how_much(kitchen: Furnished) -> None:
    configure(kitchen, 1, rate=None)
    job = purge(kitchen, 5)
    assert (job.doses[0].quantity, kitchen.jar().stock) == (0, FULL)

    after = run(kitchen, job)

    assert (after.doses[0].fell_at_most_mg, after.stock_deducted) == (None, False)
    assert kitchen.jar().stock is None


def test_a_jar_that_may_have_run_is_no_better_known(kitchen: Furnished) -> None:
    configure(kitchen, 1, rate=None)
    start(kitchen, purge(kitchen, 5))

    kitchen.clock.passes(hours=1)
    expiry.sweep(kitchen.site)

    assert kitchen.jar().stock is None


def test_a_jar_that_never_ran_is_as_it_was(kitchen: Furnished) -> None:
    configure(kitchen, 1, rate=None)
    purge(kitchen, 5)

    kitchen.clock.passes(hours=1)
    expiry.sweep(kitchen.site)
    purge(kitchen, 5)
    orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)

    assert kitchen.jar().stock == FULL


def test_firmware_0_1_runs_by_time_too(kitchen: Furnished) -> None:
    configure(kitchen, 1, rate=None)
    purge(kitchen, 5)
    job = handover.fetch(kitchen.site, kitchen.dispenser)
    assert job is not None

    kitchen.report(job)

    assert kitchen.job(job.id).state == JobState.DONE
    assert kitchen.jar().stock is None


def test_an_empty_jar_stays_empty_when_it_is_cleaned(kitchen: Furnished) -> None:
    for number in (1, 2):
        configure(kitchen, number, stock=Mg(0))
    configure(kitchen, 3, stock=None)

    after = run(kitchen, clean(kitchen, 3, 1, 2, 1))

    assert [item.jar for item in after.doses] == [1, 2, 3] * 3
    assert [jar for jar, _ in kitchen.stocks()] == [0, 0, None, FULL]
    assert [item.fell_at_most_mg for item in after.doses] == [0, 0, None] * 3


def test_a_jar_without_a_label_can_be_cleaned(kitchen: Furnished) -> None:
    stock.assign(kitchen.site, kitchen.person.id, kitchen.dispenser_id, 1, None, by=kitchen.actor)
    job = start(kitchen, clean(kitchen, 1))
    called = [replace(a_reported_dose(item), spice="sem rótulo") for item in job.doses]

    kitchen.report(job, report_of(*called), job.key)

    assert kitchen.job(job.id).state == JobState.DONE


def test_a_full_jar_is_not_cleaned(kitchen: Furnished) -> None:
    with pytest.raises(NotPlannable):
        clean(kitchen, 1)
    assert orders.active(kitchen.site, kitchen.person.id) is None


def test_what_cannot_be_is_refused(home: Household, kitchen: Furnished) -> None:
    bia = Furnished(home, "Bia").person.id
    with pytest.raises(UnknownJar):
        purge(kitchen, 5, jar=9)
    with pytest.raises(NotFound):
        maintenance.order_dose(kitchen.site, bia, kitchen.dispenser_id, 1, Mg(1000), by=Actor(bia))
    purge(kitchen, 5)
    with pytest.raises(Busy):
        dose(kitchen, 1.0)
