"""Calibrate a jar: run, weigh, accept; the rate and the stock are right afterwards."""

from pathlib import Path

import pytest

from tests.support.builders import a_reported_dose, report_of
from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.errors import (
    Busy,
    NotFound,
    NotPossibleNow,
    TooFewRuns,
    UnknownJar,
    UnlabelledJar,
)
from yaguts.domain.jobs.job import Job, JobKind, JobState
from yaguts.domain.people import Actor
from yaguts.domain.stock.ledger import MovementKind, MovementReason
from yaguts.domain.units import Milligrams as Mg
from yaguts.domain.units import Milliseconds as Ms
from yaguts.services.delivery import expiry, handover
from yaguts.services.jobs import calibration, orders
from yaguts.services.jobs.calibration import Calibration
from yaguts.services.pantry import configuration, stock


def look(kitchen: Furnished, jar: int = 1) -> Calibration:
    return calibration.look(kitchen.site, kitchen.person.id, kitchen.dispenser_id, jar)


def order(kitchen: Furnished, seconds: float = 2, jar: int = 1) -> Job:
    return calibration.order_run(
        kitchen.site,
        kitchen.person.id,
        kitchen.dispenser_id,
        jar,
        Ms(round(seconds * 1000)),
        by=kitchen.actor,
    )


def run(kitchen: Furnished, seconds: float = 2, **outcome: object) -> Job:
    """A run that the dispenser has reported."""
    job = order(kitchen, seconds)
    handover.offer(kitchen.site, kitchen.dispenser)
    handover.accept(kitchen.site, kitchen.dispenser, job.id, job.key)
    kitchen.report(
        job, report_of(a_reported_dose(job.doses[0], fell_at_least_mg=Mg(0), **outcome)), job.key
    )
    return kitchen.job(job.id)


def weigh(kitchen: Furnished, job: Job, grams: float) -> Calibration:
    weight = Mg(round(grams * 1000))
    return calibration.weigh(kitchen.site, kitchen.person.id, job.id, weight, by=kitchen.actor)


def accept(kitchen: Furnished) -> None:
    calibration.accept(kitchen.site, kitchen.person.id, kitchen.dispenser_id, 1, by=kitchen.actor)


def uncalibrated(kitchen: Furnished) -> None:
    configuration.set_jars(kitchen.site, kitchen.person.id, [(1, {"rate": None})], by=kitchen.actor)


def test_three_runs_make_a_rate_and_leave_the_stock_right(kitchen: Furnished) -> None:
    uncalibrated(kitchen)

    for seconds, grams in [(2, 1.0), (4, 2.05), (6, 3.08)]:
        weigh(kitchen, run(kitchen, seconds), grams)

    seen = look(kitchen)
    assert seen.fit is not None
    assert (seen.fit.rate, seen.fit.spread) == (512_143, 24)
    assert kitchen.jar().rate is None
    accept(kitchen)
    assert kitchen.jar().rate == 512_143
    assert kitchen.stocks()[0] == (FULL - 6130, 0)
    assert look(kitchen).runs == ()


def test_a_run_is_a_job_by_time_whatever_the_old_rate(kitchen: Furnished) -> None:
    job = order(kitchen, 4)

    assert (job.kind, job.recipe_id) == (JobKind.CALIBRATION, None)
    assert [(i.jar, i.spice, i.quantity, i.duration) for i in job.doses] == [(1, "Sal", 0, 4000)]
    assert kitchen.jar().held == 0


def test_what_was_weighed_is_what_fell(kitchen: Furnished) -> None:
    job = run(kitchen)
    assert (job.doses[0].fell_at_most_mg, kitchen.jar().stock) == (None, None)

    weigh(kitchen, job, 2.1)

    assert kitchen.job(job.id).doses[0].fell_at_most_mg == 2100
    assert kitchen.jar().stock == FULL - 2100
    contents = stock.look_into(kitchen.site, kitchen.person.id, kitchen.dispenser_id, 1)
    line = contents.movements[0].movement
    assert (line.kind, line.reason, line.job_id) == (
        MovementKind.WASTE,
        MovementReason.CALIBRATED,
        job.id,
    )


def test_a_slip_of_the_thumb_is_mended(kitchen: Furnished) -> None:
    job = run(kitchen)
    weigh(kitchen, job, 21)

    seen = weigh(kitchen, job, 2.1)

    assert [one.weight for one in seen.runs] == [2100]
    assert kitchen.jar().stock == FULL - 2100


def test_nothing_may_have_fallen(kitchen: Furnished) -> None:
    weigh(kitchen, run(kitchen), 0)

    assert kitchen.jar().stock == FULL


def test_what_nobody_knew_before_nobody_knows_after(kitchen: Furnished) -> None:
    configuration.set_jars(
        kitchen.site, kitchen.person.id, [(1, {"stock": None})], by=kitchen.actor
    )

    weigh(kitchen, run(kitchen), 2.0)

    assert kitchen.jar().stock is None


def test_a_jar_that_was_weighed_since_is_not_charged_again(kitchen: Furnished) -> None:
    job = run(kitchen)
    configuration.set_jars(
        kitchen.site, kitchen.person.id, [(1, {"stock": Mg(50_000)})], by=kitchen.actor
    )

    weigh(kitchen, job, 2.0)

    assert kitchen.jar().stock == 50_000


def test_a_run_that_was_put_aside_counts_no_more_but_stays_charged(kitchen: Furnished) -> None:
    good = [run_and_weigh(kitchen, 1.0) for _ in range(3)]
    bad = run_and_weigh(kitchen, 0.1)
    assert len(look(kitchen).measured) == 4

    seen = calibration.put_aside(kitchen.site, kitchen.person.id, bad.id)

    assert [one.job.id for one in seen.runs] == [job.id for job in good]
    assert kitchen.jar().stock == FULL - 3100
    with pytest.raises(NotFound):
        weigh(kitchen, bad, 1.0)


def run_and_weigh(kitchen: Furnished, grams: float) -> Job:
    job = run(kitchen)
    weigh(kitchen, job, grams)
    return job


def test_a_run_that_is_not_weighed_leaves_the_stock_unknown(kitchen: Furnished) -> None:
    calibration.put_aside(kitchen.site, kitchen.person.id, run(kitchen).id)

    weigh(kitchen, run(kitchen), 2.0)

    assert kitchen.jar().stock is None


def test_one_run_after_the_other(kitchen: Furnished) -> None:
    job = order(kitchen)
    with pytest.raises(Busy):
        order(kitchen)
    with pytest.raises(NotPossibleNow):
        weigh(kitchen, job, 1.0)
    with pytest.raises(NotPossibleNow):
        calibration.put_aside(kitchen.site, kitchen.person.id, job.id)
    orders.cancel(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)

    fallen = run(kitchen)

    with pytest.raises(NotPossibleNow):
        order(kitchen)
    weigh(kitchen, fallen, 1.0)
    order(kitchen)


@pytest.mark.parametrize("outcome", [{"resumes": 1}, {"done": False, "error": "interrompido"}])
def test_a_run_that_was_interrupted_is_weighed_and_says_nothing(
    kitchen: Furnished, outcome: dict[str, object]
) -> None:
    for _ in range(3):
        weigh(kitchen, run(kitchen, **outcome), 1.0)

    assert (look(kitchen).measured, look(kitchen).fit) == ((), None)
    assert kitchen.jar().stock == FULL - 3000


def test_too_few_runs_are_no_calibration(kitchen: Furnished) -> None:
    for _ in range(2):
        run_and_weigh(kitchen, 1.0)
    with pytest.raises(TooFewRuns):
        accept(kitchen)
    run_and_weigh(kitchen, 1.0)
    accept(kitchen)
    with pytest.raises(TooFewRuns):
        accept(kitchen)


def test_a_run_that_nobody_has_weighed_is_not_forgotten(kitchen: Furnished) -> None:
    for _ in range(3):
        run_and_weigh(kitchen, 1.0)
    last = run(kitchen)
    with pytest.raises(NotPossibleNow):
        accept(kitchen)

    weigh(kitchen, last, 1.0)
    accept(kitchen)

    assert kitchen.jar().stock == FULL - 4000


def test_a_jar_from_which_nothing_falls_has_no_rate(kitchen: Furnished) -> None:
    for _ in range(3):
        run_and_weigh(kitchen, 0)
    with pytest.raises(TooFewRuns):
        accept(kitchen)


def test_another_spice_begins_anew(kitchen: Furnished) -> None:
    run_and_weigh(kitchen, 1.0)
    stock.assign(
        kitchen.site,
        kitchen.person.id,
        kitchen.dispenser_id,
        1,
        "Cominho",
        by=kitchen.actor,
    )
    assert look(kitchen).runs == ()

    stock.assign(kitchen.site, kitchen.person.id, kitchen.dispenser_id, 1, None, by=kitchen.actor)
    with pytest.raises(UnlabelledJar):
        order(kitchen)


def test_it_goes_on_after_a_restart_and_beside_another_jars(
    tmp_path: Path, database_url: str, kitchen: Furnished
) -> None:
    run_and_weigh(kitchen, 1.0)
    order(kitchen, jar=2)
    kitchen.clock.passes(hours=1)
    expiry.sweep(kitchen.site)

    again = Household(tmp_path, migrated=True, database_url=database_url)
    seen, other = look(kitchen.at(again)), look(kitchen.at(again), 2)
    again.close()

    assert [one.weight for one in seen.runs] == [1000]
    assert [one.job.state for one in other.runs] == [JobState.FAILED]
    assert kitchen.jar(2).stock == FULL


def test_what_is_not_there_or_not_theirs(home: Household, kitchen: Furnished) -> None:
    bia = Furnished(home, "Bia").person.id
    job = run(kitchen)
    with pytest.raises(UnknownJar):
        look(kitchen, 9)
    with pytest.raises(NotFound):
        calibration.look(kitchen.site, bia, kitchen.dispenser_id, 1)
    with pytest.raises(NotFound):
        calibration.weigh(kitchen.site, bia, job.id, Mg(1), by=Actor(bia))
    with pytest.raises(NotFound):
        calibration.put_aside(kitchen.site, bia, job.id)
    recipe = kitchen.order(Pimenta=1)
    with pytest.raises(NotFound):
        weigh(kitchen, recipe, 1)
