"""A report is booked in one transaction, once, whenever it comes and whatever it says."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.support.builders import a_report, a_reported_dose, report_of
from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.errors import NotSignedIn
from yaguts.domain.jobs.job import DoseStatus, Failure, JobState
from yaguts.domain.jobs.report import Report
from yaguts.domain.stock.ledger import balance, held
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import expiry, reports
from yaguts.services.delivery.reports import Received
from yaguts.services.jobs import orders
from yaguts.services.runtime.hub import job_topic
from yaguts.storage import ledger
from yaguts.storage.tables import unclaimed_reports


def insist_on_balance(kitchen: Furnished) -> None:
    """Every jar's totals are the sums of its movements."""
    with kitchen.site.database.read() as connection:
        booked = ledger.history(connection, kitchen.dispenser_id)
    sums = [[line for line in booked if line.jar == number] for number in (1, 2, 3, 4)]
    assert kitchen.stocks() == [(balance(lines), held(lines)) for lines in sums]


def unclaimed(kitchen: Furnished) -> int:
    with kitchen.site.database.read() as connection:
        return connection.execute(select(func.count()).select_from(unclaimed_reports)).scalar_one()


def test_a_report_takes_from_the_stock_what_fell(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5, Pimenta=1.5)

    ended = kitchen.report(job, a_report(job, failed=(2,)))

    assert ended == kitchen.job(job.id)
    assert (ended.state, ended.reported, ended.stock_deducted) == (
        JobState.DONE_PARTIAL,
        True,
        True,
    )
    assert kitchen.stocks()[:2] == [(FULL - 4500, 0), (FULL, 0)]
    insist_on_balance(kitchen)


def test_a_report_is_booked_once_however_often_it_comes(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)

    answers = [kitchen.report(job) for _ in range(5)]

    assert all(answer == answers[0] for answer in answers)
    assert kitchen.jar().stock == FULL - 4500


def test_a_repeat_may_say_anything(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)
    booked = kitchen.report(job)

    assert kitchen.report(job, Report(9, 9)) == booked
    nonsense = report_of(a_reported_dose(job.doses[0], fell_at_most_mg=Milligrams(-50_000)))
    assert kitchen.report(job, nonsense) == booked
    assert kitchen.jar().stock == FULL - 4500


def test_threads_with_one_report_book_it_once(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: kitchen.report(job), range(16)))

    assert all(answer == answers[0] for answer in answers)
    assert kitchen.stocks()[0] == (FULL - 4500, 0)
    insist_on_balance(kitchen)


def test_what_contradicts_the_job_charges_the_plan_at_most_and_is_kept(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5, Pimenta=1.5)
    first, second = job.doses
    half_true = report_of(
        a_reported_dose(first, fell_at_most_mg=Milligrams(4000)),
        a_reported_dose(second, fell_at_most_mg=Milligrams(-50_000)),
    )

    ended = kitchen.report(job, half_true)

    assert ended is not None
    assert (ended.state, ended.review) == (JobState.DONE_PARTIAL, True)
    assert [(dose.fell_at_least_mg, dose.fell_at_most_mg) for dose in ended.doses] == [
        (4000, 4000),
        (0, 1500),
    ]
    assert kitchen.stocks()[:2] == [(FULL - 4000, 0), (FULL - 1500, 0)]
    assert unclaimed(kitchen) == 1
    insist_on_balance(kitchen)
    assert kitchen.report(job, half_true) == ended
    assert unclaimed(kitchen) == 1


def test_the_upper_bound_is_charged(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)
    entry = a_reported_dose(
        job.doses[0],
        done=False,
        fell_at_most_mg=Milligrams(2500),
        fell_at_least_mg=Milligrams(2000),
        resumes=3,
    )

    ended = kitchen.report(job, report_of(entry))

    assert ended is not None
    dose = ended.doses[0]
    assert (ended.state, dose.fell_at_most_mg, dose.fell_at_least_mg, dose.resumes) == (
        "failed",
        2500,
        2000,
        3,
    )
    assert kitchen.jar().stock == FULL - 2500


def test_what_fell_of_a_cancelled_job_is_charged(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5, Pimenta=1.5)
    orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)

    ended = kitchen.report(job, a_report(job, failed=(2,)))

    assert ended is not None
    assert (ended.state, ended.stock_deducted) == (JobState.CANCELED, True)
    assert kitchen.stocks()[:2] == [(FULL - 4500, 0), (FULL, 0)]


def test_a_late_report_is_still_booked(kitchen: Furnished) -> None:
    job = kitchen.fetched(Sal=4.5)
    kitchen.clock.passes(hours=3)
    expiry.sweep(kitchen.site)
    assert kitchen.job(job.id).failure == Failure.UNCONFIRMED
    assert kitchen.stocks()[0] == (FULL, 0)

    ended = kitchen.report(job)

    assert ended is not None
    assert (ended.state, ended.failure, ended.doses[0].failure) == (JobState.DONE, None, None)
    assert kitchen.stocks()[0] == (FULL - 4500, 0)
    insist_on_balance(kitchen)


def test_a_late_report_is_booked_beside_the_next_job(kitchen: Furnished) -> None:
    first = kitchen.fetched(Sal=4.5)
    kitchen.clock.passes(hours=3)
    second = kitchen.started(Sal=1)

    kitchen.report(first)
    kitchen.report(second)

    assert kitchen.stocks()[0] == (FULL - 5500, 0)


def test_what_a_dispenser_gave_up_before_it_was_accepted_costs_nothing(kitchen: Furnished) -> None:
    job = kitchen.order(Sal=4.5)
    given_up = report_of(
        a_reported_dose(
            job.doses[0], done=False, fell_at_most_mg=Milligrams(0), fell_at_least_mg=Milligrams(0)
        )
    )

    ended = kitchen.report(job, given_up, key=job.key)

    assert ended is not None
    assert (ended.state, ended.stock_deducted) == (JobState.FAILED, False)
    assert kitchen.stocks()[0] == (FULL, 0)


def test_a_lost_log_is_booked_by_its_count(kitchen: Furnished) -> None:
    job = kitchen.fetched(Sal=4.5, Pimenta=1.5)

    ended = kitchen.report(job, Report(1, 7))

    assert ended is not None
    assert (ended.state, ended.review) == (JobState.DONE_PARTIAL, True)
    assert [dose.status for dose in ended.doses] == [DoseStatus.DONE, DoseStatus.FAILED]
    assert kitchen.stocks()[:2] == [(FULL - 4500, 0), (FULL, 0)]


def test_without_a_key_nobody_elses_job_is_changed(home: Household, kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)
    other = Furnished(home, "Bia")

    for said in (a_report(job), Report(None, None, all_done=True), Report(None, None)):
        assert other.report(job, said) is None
    reports.still_running(other.site, other.dispenser, job.id)
    assert kitchen.job(job.id) == job
    assert kitchen.stocks()[0] == (FULL, 4500)
    assert other.stocks()[0] == (FULL, 0)


def test_without_a_key_the_report_of_an_unknown_job_is_kept(kitchen: Furnished) -> None:
    job = replace(kitchen.started(Sal=4.5), id=99)

    assert [kitchen.report(job) for _ in range(3)] == [None] * 3
    assert unclaimed(kitchen) == 1
    kitchen.report(job, body_hash="1" * 64)
    kitchen.report(replace(job, id=98))
    assert unclaimed(kitchen) == 3


def test_with_a_key_the_report_of_an_unknown_job_is_kept(kitchen: Furnished) -> None:
    job = replace(kitchen.started(Sal=4.5), id=99)

    assert [kitchen.report(job, key=job.key, itens=1) for _ in range(3)] == [None] * 3
    assert unclaimed(kitchen) == 1


def test_the_report_of_an_earlier_job_with_the_same_id_is_not_this_jobs(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)

    assert kitchen.report(job, key="0" * 32) is None

    assert kitchen.job(job.id) == job
    assert unclaimed(kitchen) == 1


@pytest.mark.parametrize("done", [True, False])
def test_firmware_up_to_0_1_3_ends_a_job_with_a_word(kitchen: Furnished, done: bool) -> None:
    job = kitchen.fetched(Sal=4.5, Pimenta=1.5)
    for _ in range(2):
        error = None if done else "travou"
        kitchen.report(job, Report(None, None, all_done=done, error=error))

    ended = kitchen.job(job.id)
    assert (ended.state, ended.error) == (("done", None) if done else ("failed", "travou"))
    charged = [4500, 1500] if done else [0, 0]
    assert kitchen.stocks()[:2] == [(FULL - mg, 0) for mg in charged]


def test_running_is_a_sign_of_life(kitchen: Furnished) -> None:
    job = kitchen.fetched(Sal=4.5)
    kitchen.clock.passes(minutes=1)

    reports.still_running(kitchen.site, kitchen.dispenser, job.id)

    assert kitchen.job(job.id).heard_at == kitchen.clock.now


def test_nobody_hears_of_a_report_before_it_is_durable(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = kitchen.started(Sal=4.5)
    seen: list[tuple[str, str]] = []

    def publish(topic: str, _event: object) -> None:
        seen.append((topic, kitchen.job(job.id).state))

    monkeypatch.setattr(kitchen.site.hub, "publish", publish)
    kitchen.report(job)

    assert (job_topic(job.id), JobState.DONE) in seen
    assert {state for _, state in seen} == {JobState.DONE}


@pytest.mark.parametrize("is_renewed", [True, False])
def test_a_token_that_was_revoked_meanwhile_books_nothing(
    kitchen: Furnished, is_renewed: bool
) -> None:
    job, caller = kitchen.started(Sal=4.5), kitchen.dispenser
    kitchen.clock.passes(minutes=1)
    kitchen.revoke_token(is_renewed=is_renewed)

    with pytest.raises(NotSignedIn):
        reports.complete(kitchen.site, caller, job.id, Received(a_report(job), job.key, "", {}))
    with pytest.raises(NotSignedIn):
        reports.still_running(kitchen.site, caller, job.id)
    assert kitchen.job(job.id) == job
    assert unclaimed(kitchen) == 0


def test_only_the_dispenser_of_a_job_says_that_it_still_runs(
    home: Household, kitchen: Furnished
) -> None:
    job = kitchen.fetched(Sal=4)
    kitchen.clock.now += timedelta(minutes=1)

    other = Furnished(home, "Bia")
    for caller, job_id in ((other.dispenser, job.id), (kitchen.dispenser, 99)):
        reports.still_running(kitchen.site, caller, job_id)
        assert kitchen.job(job.id).heard_at == job.heard_at

    reports.still_running(kitchen.site, kitchen.dispenser, job.id)
    assert kitchen.job(job.id).heard_at == kitchen.clock()
