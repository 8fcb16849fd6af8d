"""A report against its job: what is booked, and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import a_job, a_report, an_entry, report_of
from yaguts.domain.errors import BadReport
from yaguts.domain.jobs.job import Event, Failure, Item, ItemStatus, Job
from yaguts.domain.jobs.report import (
    Entry,
    Report,
    all_done,
    all_failed,
    event_of,
    most_of,
    settle_items,
)
from yaguts.domain.units import Milligrams

JOB = a_job(items=3)  # 1 g from jar 1, 2 g from jar 2, 3 g from jar 3


def fallen(job: Job) -> list[tuple[str, int | None, int | None]]:
    return [(item.status, item.fell, item.fell_at_least) for item in job.items]


def test_what_was_done_fell_and_what_failed_in_firmware_01_did_not() -> None:
    job = settle_items(JOB, a_report(JOB, failed=(2,)))

    assert fallen(job) == [("done", 1000, 1000), ("failed", 0, 0), ("done", 3000, 3000)]
    assert [item.error for item in job.items] == [None, "motor travado", None]
    assert event_of(job) == Event.REPORTED_PARTLY


def test_firmware_02_says_between_what_and_what_fell() -> None:
    first, second, third = JOB.items
    report = report_of(
        an_entry(first, at_least=Milligrams(1000)),
        an_entry(second, done=False, quantity=Milligrams(1500), at_least=Milligrams(1200)),
        an_entry(third, at_least=Milligrams(2900), resumes=2),
    )

    job = settle_items(JOB, report)

    assert fallen(job) == [("done", 1000, 1000), ("failed", 1500, 1200), ("done", 3000, 2900)]
    assert job.items[2].resumes == 2


@pytest.mark.parametrize(
    ("failed", "event"),
    [
        ((), Event.REPORTED_DONE),
        ((1, 3), Event.REPORTED_PARTLY),
        ((1, 2, 3), Event.REPORTED_FAILED),
    ],
)
def test_what_the_items_amount_to(failed: tuple[int, ...], event: Event) -> None:
    assert event_of(settle_items(JOB, a_report(JOB, failed))) == event


def test_before_0_1_4_entries_name_no_item_and_are_matched_by_jar() -> None:
    twice = replace(JOB, items=(JOB.items[0], replace(JOB.items[0], id=9, order=2)))
    entries = [an_entry(item, order=None) for item in twice.items]
    entries[1] = replace(entries[1], done=False)

    job = settle_items(twice, report_of(*entries))

    assert [item.status for item in job.items] == [ItemStatus.DONE, ItemStatus.FAILED]


@pytest.mark.parametrize(("completed", "done"), [(0, 0), (1, 1), (3, 3), (7, 3)])
def test_a_lost_log_is_taken_by_its_count_and_marked_for_review(completed: int, done: int) -> None:
    job = settle_items(JOB, Report(completed, 9))

    assert [item.status for item in job.items] == ["done"] * done + ["failed"] * (3 - done)
    assert [item.failure for item in job.items[done:]] == [Failure.NO_REPORT] * (3 - done)
    assert [item.fell for item in job.items[done:]] == [0] * (3 - done)
    assert job.review
    assert event_of(job) == Event.REPORTED_PARTLY


def test_an_item_the_log_leaves_out_has_failed() -> None:
    job = settle_items(JOB, report_of(an_entry(JOB.items[0])))

    assert [item.failure for item in job.items] == [None, Failure.NO_REPORT, Failure.NO_REPORT]


def test_what_the_server_had_assumed_is_forgotten() -> None:
    assumed = tuple(replace(item, failure=Failure.UNCONFIRMED) for item in JOB.items)
    job = settle_items(replace(JOB, items=assumed), a_report(JOB))

    assert [item.failure for item in job.items] == [None] * 3


def test_float_rounding_is_forgiven_and_not_charged() -> None:
    heavy = replace(JOB, items=(replace(JOB.items[0], quantity=Milligrams(500_000)),))
    entry = an_entry(heavy.items[0], quantity=most_of(heavy.items[0]))

    assert entry.quantity == 500_006
    assert settle_items(heavy, report_of(entry)).items[0].fell == 500_000


def changed(**changes: object) -> Report:
    return report_of(an_entry(JOB.items[0], **changes))


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        (replace(a_report(JOB), completed=2), "counts"),
        (replace(a_report(JOB), failed=1), "counts"),
        (replace(a_report(JOB), completed=2, failed=1), "counts"),
        (changed(jar=9), "not_in_job"),
        (changed(jar=2), "not_in_job"),
        (changed(order=2), "not_in_job"),
        (changed(order=9), "not_in_job"),
        (changed(order=None, jar=4), "not_in_job"),
        (changed(spice="Canela"), "not_in_job"),
        (report_of(an_entry(JOB.items[0]), an_entry(JOB.items[0])), "not_in_job"),
        (changed(quantity=Milligrams(-50_000)), "negative"),
        (changed(quantity=Milligrams(-1)), "negative"),
        (changed(at_least=Milligrams(-1)), "negative"),
        (changed(quantity=Milligrams(1002)), "too_much"),
        (changed(quantity=Milligrams(10**12)), "too_much"),
        (changed(at_least=Milligrams(1001)), "interval"),
    ],
)
def test_a_report_that_contradicts_the_job_or_itself_is_refused(
    report: Report, problem: str
) -> None:
    with pytest.raises(BadReport) as refused:
        settle_items(JOB, report)

    assert refused.value.fields["problem"] == problem


def test_firmware_up_to_0_1_3_speaks_of_all_items_at_once() -> None:
    done = settle_items(JOB, all_done(JOB))
    failed = settle_items(JOB, all_failed(JOB, "sem água"))

    assert (event_of(done), event_of(failed)) == (Event.REPORTED_DONE, Event.REPORTED_FAILED)
    assert sum(item.fell or 0 for item in done.items) == 6000
    assert sum(item.fell or 0 for item in failed.items) == 0
    assert {item.error for item in failed.items} == {"sem água"}


any_entry = st.builds(
    Entry,
    jar=st.integers(1, 4),
    spice=st.sampled_from([item.spice for item in JOB.items]),
    quantity=st.integers(-10, 4000),
    done=st.booleans(),
    order=st.none() | st.integers(1, 4),
    at_least=st.none() | st.integers(-10, 4000),
)


@given(st.lists(any_entry, max_size=4), st.integers(0, 4), st.integers(0, 4))
def test_a_report_is_refused_or_charges_each_item_within_its_plan(
    entries: list[Entry], completed: int, failed: int
) -> None:
    try:
        job = settle_items(JOB, Report(completed, failed, tuple(entries)))
    except BadReport:
        return
    for item in job.items:
        _insist_on_interval(item)


def _insist_on_interval(item: Item) -> None:
    assert item.status in (ItemStatus.DONE, ItemStatus.FAILED)
    assert item.fell is not None
    assert item.fell_at_least is not None
    assert 0 <= item.fell_at_least <= item.fell <= item.quantity
