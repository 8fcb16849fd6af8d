"""Jobs without a recipe, and what they leave of the stock."""

from dataclasses import replace

import pytest

from tests.support.builders import a_dose, a_jar, a_job
from yaguts.domain.errors import UnknownJar
from yaguts.domain.jobs.job import Job, JobKind, JobState
from yaguts.domain.jobs.maintenance import calibration_run, cleaning, dose, jar_numbered, purge
from yaguts.domain.jobs.missing import surely_missing
from yaguts.domain.jobs.planning import (
    LONGEST_OPEN,
    NotCalibrated,
    NotEmpty,
    Plan,
    TooLittle,
    TooLong,
)
from yaguts.domain.jobs.report import Report, settle_doses
from yaguts.domain.stock.ledger import MovementKind, MovementReason, holds, releases, settlements
from yaguts.domain.stock.waste import capped_by_stock, jars_of_unknown_stock
from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds


def planned(plan: object) -> list[tuple[int, int, int, int]]:
    assert isinstance(plan, Plan)
    return [(each.order, each.jar, each.quantity, each.duration) for each in plan.doses]


def test_a_dose_is_so_many_grams_of_its_own_jar() -> None:
    jar = a_jar(3, rate=MicrogramsPerSecond(500_000))

    assert planned(dose(jar, Milligrams(1500))) == [(1, 3, 1500, 3000)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rate": None}, NotCalibrated(1, "Sal")),
        ({"stock": 1000}, TooLittle(1, "Sal", Milligrams(2000), Milligrams(1000))),
        ({"rate": 1000}, TooLong(1, "Sal", Milliseconds(2_000_000))),
    ],
)
def test_a_dose_has_the_reasons_of_a_recipe(changes: dict[str, int], reason: object) -> None:
    assert dose(a_jar(**changes), Milligrams(2000)) == (reason,)


def test_a_purge_is_worth_what_the_rate_says_however_little_is_left() -> None:
    jar = a_jar(rate=MicrogramsPerSecond(333_333), stock=Milligrams(5))

    assert planned(purge(jar, LONGEST_OPEN)) == [(1, 1, 60_000, 180_000)]


def test_what_nobody_knows_is_no_amount() -> None:
    assert planned(purge(a_jar(rate=None), Milliseconds(2000))) == [(1, 1, 0, 2000)]
    assert planned(calibration_run(a_jar(), Milliseconds(4000))) == [(1, 1, 0, 4000)]


def test_the_jars_of_a_cleaning_take_turns() -> None:
    jars = [a_jar(number, stock=stock) for number, stock in [(1, 0), (3, None)]]

    assert planned(cleaning(jars)) == [(n, jar, 0, 1000) for n, jar in enumerate([1, 3] * 3, 1)]


@pytest.mark.parametrize(("jars", "pulses"), [(5, 15), (6, 12), (9, 9), (16, 16)])
def test_a_cleaning_fits_the_journal(jars: int, pulses: int) -> None:
    empty = [a_jar(number, stock=None) for number in range(1, jars + 1)]

    assert len(planned(cleaning(empty))) == pulses


def test_a_jar_is_emptied_before_it_is_cleaned() -> None:
    jars = [a_jar(1, stock=0), a_jar(2, stock=1), a_jar(4)]

    assert cleaning(jars) == (NotEmpty(2, Milligrams(1)), NotEmpty(4, Milligrams(100_000)))


def test_a_jar_that_is_not_there() -> None:
    with pytest.raises(UnknownJar):
        jar_numbered([a_jar(1)], 2)


def a_purge(quantity: int = 1000, **changes: int | None) -> Job:
    item = a_dose(quantity=Milligrams(quantity), **changes)
    return replace(a_job(state=JobState.RUNNING, kind=JobKind.PURGE), doses=(item,))


@pytest.mark.parametrize(
    ("stock", "bounds"),
    [
        (5000, (600, 1000)),
        (800, (600, 800)),
        (500, (500, 500)),
        (0, (0, 0)),
        (-3, (0, 0)),
        (None, (0, 1000)),
    ],
)
def test_no_more_falls_than_was_in_the_jar(stock: int | None, bounds: tuple[int, int]) -> None:
    ran = a_purge(fell_at_most_mg=1000, fell_at_least_mg=600)

    item = capped_by_stock(ran, {1: stock}).doses[0]

    assert (item.fell_at_least_mg, item.fell_at_most_mg) == bounds


@pytest.mark.parametrize("done", [True, False])
def test_nobody_knows_what_fell_by_time_unless_the_jar_was_empty(done: bool) -> None:
    job = a_purge(quantity=0)
    ran = settle_doses(job, Report(None, None, all_done=done))

    assert (ran.doses[0].fell_at_most_mg, ran.doses[0].fell_at_least_mg) == (None, None)
    assert jars_of_unknown_stock(capped_by_stock(ran, {1: Milligrams(5)})) == {1}
    assert jars_of_unknown_stock(capped_by_stock(ran, {1: None})) == {1}
    assert jars_of_unknown_stock(capped_by_stock(ran, {1: Milligrams(0)})) == set()


def test_what_runs_by_time_promises_itself_nothing() -> None:
    job = a_purge(quantity=0)

    assert holds(job) == releases(job) == settlements(job) == ()


@pytest.mark.parametrize(
    ("kind", "charge"),
    [
        (JobKind.RECIPE, (MovementKind.SETTLE, MovementReason.REPORTED)),
        (JobKind.DOSE, (MovementKind.SETTLE, MovementReason.REPORTED)),
        (JobKind.PURGE, (MovementKind.WASTE, MovementReason.CLEARED)),
        (JobKind.CLEANING, (MovementKind.WASTE, MovementReason.CLEARED)),
        (JobKind.CALIBRATION, (MovementKind.WASTE, MovementReason.CALIBRATED)),
    ],
)
def test_what_fell_is_used_or_wasted(
    kind: JobKind, charge: tuple[MovementKind, MovementReason]
) -> None:
    item = a_dose(fell_at_most_mg=Milligrams(7), fell_at_least_mg=Milligrams(7))

    [line] = settlements(replace(a_job(state=JobState.DONE, kind=kind), doses=(item,)))

    assert ((line.kind, line.reason), line.amount) == (charge, -7)


@pytest.mark.parametrize("kind", JobKind)
def test_only_what_a_dish_lacks_is_missing(kind: JobKind) -> None:
    job = a_job(state=JobState.FAILED, kind=kind)

    assert bool(surely_missing(job)) == (kind in (JobKind.RECIPE, JobKind.DOSE))
