"""A report against its job: what is booked, and what contradicts it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import a_job, a_report, a_reported_dose, report_of
from yaguts.domain.jobs.job import Dose, DoseStatus, Failure, Job, JobEvent
from yaguts.domain.jobs.report import (
    Contradiction,
    Report,
    ReportedDose,
    contradiction,
    event_of,
    most_reportable,
    settle_doses,
)
from yaguts.domain.units import Milligrams

JOB = a_job(doses=3)  # 1 g from jar 1, 2 g from jar 2, 3 g from jar 3


def fallen(job: Job) -> list[tuple[str, int | None, int | None]]:
    return [(dose.status, dose.fell_at_most_mg, dose.fell_at_least_mg) for dose in job.doses]


def test_what_was_done_fell_and_what_failed_in_firmware_01_did_not() -> None:
    report = a_report(JOB, failed=(2,))
    job = settle_doses(JOB, report)

    assert fallen(job) == [("done", 1000, 1000), ("failed", 0, 0), ("done", 3000, 3000)]
    assert [dose.error for dose in job.doses] == [None, "motor travado", None]
    assert event_of(job, report) == JobEvent.REPORTED_PARTLY


def test_firmware_02_says_between_what_and_what_fell() -> None:
    first, second, third = JOB.doses
    report = report_of(
        a_reported_dose(first, fell_at_least_mg=Milligrams(1000)),
        a_reported_dose(
            second, done=False, fell_at_most_mg=Milligrams(1500), fell_at_least_mg=Milligrams(1200)
        ),
        a_reported_dose(third, fell_at_least_mg=Milligrams(2900), resumes=2),
    )

    job = settle_doses(JOB, report)

    assert fallen(job) == [("done", 1000, 1000), ("failed", 1500, 1200), ("done", 3000, 2900)]
    assert job.doses[2].resumes == 2


@pytest.mark.parametrize(
    ("failed", "event"),
    [
        ((), JobEvent.REPORTED_DONE),
        ((1, 3), JobEvent.REPORTED_PARTLY),
        ((1, 2, 3), JobEvent.REPORTED_FAILED),
    ],
)
def test_what_the_items_amount_to(failed: tuple[int, ...], event: JobEvent) -> None:
    report = a_report(JOB, failed)

    assert event_of(settle_doses(JOB, report), report) == event


@pytest.mark.parametrize("failed", [(1,), (1, 2, 3)])
def test_what_was_stopped_at_the_dispenser_is_neither_partly_done_nor_failed(
    failed: tuple[int, ...],
) -> None:
    """The server had asked for nothing: the report alone says it."""
    doses = [
        a_reported_dose(dose, done=dose.order not in failed, stopped_here=dose.order in failed)
        for dose in JOB.doses
    ]
    report = report_of(*doses)

    assert event_of(settle_doses(JOB, report), report) == JobEvent.REPORTED_STOPPED


def test_before_0_1_4_entries_name_no_item_and_are_matched_by_jar() -> None:
    twice = replace(JOB, doses=(JOB.doses[0], replace(JOB.doses[0], id=9, order=2)))
    entries = [a_reported_dose(dose, order=None) for dose in twice.doses]
    entries[1] = replace(entries[1], done=False)

    job = settle_doses(twice, report_of(*entries))

    assert [dose.status for dose in job.doses] == [DoseStatus.DONE, DoseStatus.FAILED]


@pytest.mark.parametrize(("completed", "done"), [(0, 0), (1, 1), (3, 3), (7, 3)])
def test_a_lost_log_is_taken_by_its_count_and_marked_for_review(completed: int, done: int) -> None:
    report = Report(completed, 9)
    job = settle_doses(JOB, report)

    assert [dose.status for dose in job.doses] == ["done"] * done + ["failed"] * (3 - done)
    assert [dose.failure for dose in job.doses[done:]] == [Failure.NO_REPORT] * (3 - done)
    assert [dose.fell_at_most_mg for dose in job.doses[done:]] == [0] * (3 - done)
    assert job.review
    assert event_of(job, report) == JobEvent.REPORTED_PARTLY


def test_of_an_item_the_log_leaves_out_anything_may_have_fallen() -> None:
    report = report_of(a_reported_dose(JOB.doses[0]))
    job = settle_doses(JOB, report)

    assert fallen(job) == [("done", 1000, 1000), ("failed", 2000, 0), ("failed", 3000, 0)]
    assert [dose.failure for dose in job.doses] == [None, Failure.NO_REPORT, Failure.NO_REPORT]
    assert job.review
    assert event_of(job, report) == JobEvent.REPORTED_PARTLY


def test_what_the_server_had_assumed_is_forgotten() -> None:
    assumed = tuple(replace(dose, failure=Failure.UNCONFIRMED) for dose in JOB.doses)
    job = settle_doses(replace(JOB, doses=assumed), a_report(JOB))

    assert [dose.failure for dose in job.doses] == [None] * 3


def test_float_rounding_is_forgiven_and_not_charged() -> None:
    heavy = replace(JOB, doses=(replace(JOB.doses[0], quantity=Milligrams(500_000)),))
    entry = a_reported_dose(heavy.doses[0], fell_at_most_mg=most_reportable(heavy.doses[0]))

    assert entry.fell_at_most_mg == 500_006
    assert settle_doses(heavy, report_of(entry)).doses[0].fell_at_most_mg == 500_000


def test_an_item_that_was_cut_off_is_reviewed_and_contradicts_nothing() -> None:
    whole = a_report(JOB)
    cut = ReportedDose(jar=None, spice="", fell_at_most_mg=None, done=None, order=3)
    report = replace(whole, doses=(*whole.doses[:2], cut))  # as ArduinoJson 6 cuts a long log

    job = settle_doses(JOB, report)

    assert fallen(job) == [("done", 1000, 1000), ("done", 2000, 2000), ("failed", 3000, 0)]
    assert job.review
    assert contradiction(JOB, report) is None


def test_the_name_of_a_spice_is_not_compared() -> None:
    report = report_of(*(a_reported_dose(dose, spice="application/json") for dose in JOB.doses))

    assert settle_doses(JOB, report) == settle_doses(JOB, a_report(JOB))
    assert contradiction(JOB, report) is None


def changed(**changes: object) -> Report:
    return report_of(a_reported_dose(JOB.doses[0], **changes), *map(a_reported_dose, JOB.doses[1:]))


FIRST_TWICE = [a_reported_dose(JOB.doses[0]), *map(a_reported_dose, JOB.doses)]


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        (replace(a_report(JOB), completed=2), Contradiction.COUNTS),
        (replace(a_report(JOB), failed=1), Contradiction.COUNTS),
        (replace(a_report(JOB), completed=2, failed=1), Contradiction.COUNTS),
        (changed(jar=9), Contradiction.NOT_IN_JOB),
        (changed(jar=2), Contradiction.NOT_IN_JOB),
        (changed(order=9), Contradiction.NOT_IN_JOB),
        (changed(order=None, jar=4), Contradiction.NOT_IN_JOB),
        (changed(order=2), Contradiction.NOT_IN_JOB),
        (report_of(*FIRST_TWICE), Contradiction.TWICE),
        (changed(fell_at_most_mg=Milligrams(-50_000)), Contradiction.NEGATIVE),
        (changed(fell_at_most_mg=Milligrams(-1)), Contradiction.NEGATIVE),
        (changed(fell_at_least_mg=Milligrams(-1)), Contradiction.NEGATIVE),
        (changed(fell_at_most_mg=Milligrams(1002)), Contradiction.TOO_MUCH),
        (changed(fell_at_most_mg=Milligrams(10**12)), Contradiction.TOO_MUCH),
        (changed(fell_at_least_mg=Milligrams(1001)), Contradiction.INTERVAL),
        (changed(unreadable=True), Contradiction.UNREADABLE),
        (Report(None, None, unreadable=True), Contradiction.UNREADABLE),
        (Report(3, 0, unreadable=True), Contradiction.UNREADABLE),
    ],
)
def test_what_contradicts_the_job_or_itself_is_told_and_charges_no_more_than_planned(
    report: Report, problem: Contradiction
) -> None:
    job = settle_doses(JOB, report)

    assert contradiction(JOB, report) == problem
    assert job.review
    assert event_of(job, report) == JobEvent.REPORTED_PARTLY
    assert (job.doses[0].fell_at_most_mg, job.doses[0].quantity) == (1000, 1000)
    if problem is not Contradiction.COUNTS:
        assert job.doses[0].fell_at_least_mg == 0


def test_firmware_up_to_0_1_3_speaks_of_all_items_at_once() -> None:
    reports = (
        Report(None, None, all_done=True),
        Report(None, None, all_done=False, error="sem água"),
    )
    done, failed = (settle_doses(JOB, report) for report in reports)

    assert event_of(done, reports[0]) == JobEvent.REPORTED_DONE
    assert event_of(failed, reports[1]) == JobEvent.REPORTED_FAILED
    assert sum(dose.fell_at_most_mg or 0 for dose in done.doses) == 6000
    assert sum(dose.fell_at_most_mg or 0 for dose in failed.doses) == 0
    assert {dose.error for dose in failed.doses} == {"sem água"}
    assert failed.error == "sem água"


any_entry = st.builds(
    ReportedDose,
    jar=st.none() | st.integers(0, 4),
    spice=st.sampled_from([dose.spice for dose in JOB.doses]),
    fell_at_most_mg=st.none() | st.integers(-10, 4000),
    done=st.none() | st.booleans(),
    order=st.none() | st.integers(0, 4),
    fell_at_least_mg=st.none() | st.integers(-10, 4000),
    unreadable=st.booleans(),
)
some_count = st.none() | st.integers(0, 4)


@given(st.lists(any_entry, max_size=4), some_count, some_count, st.booleans())
def test_a_report_charges_each_item_within_its_plan(
    entries: list[ReportedDose], completed: int | None, failed: int | None, unreadable: bool
) -> None:
    report = Report(completed, failed, tuple(entries), unreadable=unreadable)
    job = settle_doses(JOB, report)

    for dose in job.doses:
        _insist_on_interval(dose)
    assert job.review or contradiction(JOB, report) is None


def _insist_on_interval(dose: Dose) -> None:
    assert dose.status in (DoseStatus.DONE, DoseStatus.FAILED)
    assert dose.fell_at_most_mg is not None
    assert dose.fell_at_least_mg is not None
    assert 0 <= dose.fell_at_least_mg <= dose.fell_at_most_mg <= dose.quantity


@pytest.mark.parametrize(
    "report",
    [Report(5, 0), Report(0, 9), Report(None, None, all_done=True), Report(7, 7, all_done=False)],
)
def test_what_has_no_entries_contradicts_nothing_whatever_its_counts(report: Report) -> None:
    assert contradiction(JOB, report) is None
