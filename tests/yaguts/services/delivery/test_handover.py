"""How a job gets to one dispenser, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import BadReport, NotFound, NotPossibleNow, NotSignedIn, NotYours
from yaguts.domain.jobs.job import DoseStatus, Job, JobState
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import handover
from yaguts.services.delivery.handover import HEARD_EVERY, ReportedProgress
from yaguts.services.jobs import orders
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers


@pytest.fixture
def other(home: Household, kitchen: Furnished) -> Furnished:
    assert kitchen
    return Furnished(home, "Bia")


def fetch(kitchen: Furnished) -> Job | None:
    return handover.fetch(kitchen.site, kitchen.dispenser)


def offer(kitchen: Furnished, holding: str = "") -> Job | None:
    return handover.offer(kitchen.site, kitchen.dispenser, holding)


def accept(kitchen: Furnished, job: Job, key: str | None = None, number: int | None = None) -> None:
    handover.accept(kitchen.site, kitchen.dispenser, job.id, key or job.key, number)


def cancel(kitchen: Furnished) -> None:
    orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)


def told(job: Job, **changes: object) -> ReportedProgress:
    usual = ReportedProgress(job.key, 1, 1, Milligrams(1000), DoseStatus.RUNNING)
    return replace(usual, **changes)


def progress(kitchen: Furnished, job: Job, **changes: object) -> bool:
    """Whether the dispenser is asked to stop."""
    said = told(job, **changes)
    return handover.progress(kitchen.site, kitchen.dispenser, job.id, said).cancel


# Firmware 0.1: the call is the acceptance


def test_without_an_order_there_is_nothing_to_fetch(kitchen: Furnished) -> None:
    assert fetch(kitchen) is None
    assert offer(kitchen) is None


def test_a_job_is_fetched_once_and_has_started_then(kitchen: Furnished) -> None:
    job = kitchen.order()

    fetched = fetch(kitchen)

    assert fetched is not None
    assert (fetched.id, fetched.state) == (job.id, JobState.RUNNING)
    assert kitchen.job(job.id) == fetched
    assert [fetch(kitchen) for _ in range(3)] == [None] * 3


def test_of_many_calls_at_once_one_is_given_the_job(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    kitchen.order()
    all_have_seen_it, write = Barrier(4), kitchen.site.database.write

    def write_together(*, shared: bool = False) -> AbstractContextManager[object]:
        all_have_seen_it.wait()
        return write(shared=shared)

    monkeypatch.setattr(kitchen.site.database, "write", write_together)
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: fetch(kitchen), range(4)))

    assert sum(job is not None for job in given) == 1


def test_a_cancelled_or_expired_job_is_not_fetched(kitchen: Furnished) -> None:
    kitchen.order()
    cancel(kitchen)
    assert fetch(kitchen) is None

    expired = kitchen.order()
    kitchen.clock.passes(minutes=10)
    assert fetch(kitchen) is None
    assert kitchen.job(expired.id).state == JobState.FAILED
    assert kitchen.jar().held == 0


def test_a_job_goes_to_the_dispenser_it_was_ordered_for(
    kitchen: Furnished, other: Furnished
) -> None:
    kitchen.order()

    assert fetch(other) is None
    assert fetch(kitchen) is not None


# Firmware 0.2: an offer, again and again, and then the acceptance


def test_an_offer_is_made_until_it_is_accepted(kitchen: Furnished) -> None:
    job = kitchen.order()

    first, again = offer(kitchen), offer(kitchen)
    assert first is not None
    assert (first.state, first.version) == (JobState.OFFERED, 2)
    assert again == first
    accept(kitchen, job)
    assert offer(kitchen) is None
    assert kitchen.job(job.id).state == JobState.RUNNING


def test_a_dispenser_that_holds_a_job_is_offered_no_other(kitchen: Furnished) -> None:
    job = kitchen.order()

    assert offer(kitchen, holding="0" * 32) is None
    assert offer(kitchen, holding=job.key) is not None


def test_an_offer_ends_with_the_jobs_time_to_live(kitchen: Furnished) -> None:
    job = kitchen.order()
    offer(kitchen)
    kitchen.clock.passes(minutes=10)

    assert offer(kitchen) is None
    assert kitchen.job(job.id).state == JobState.FAILED


def test_an_answer_that_got_lost_is_given_again(kitchen: Furnished) -> None:
    job = kitchen.started()
    version = job.version

    accept(kitchen, job)

    assert kitchen.job(job.id).version == version


def test_but_not_once_nobody_wants_the_job_any_more(kitchen: Furnished) -> None:
    job = kitchen.started()
    kitchen.clock.passes(minutes=10)

    with pytest.raises(NotPossibleNow):
        accept(kitchen, job)


def test_what_was_cancelled_first_cannot_be_accepted(kitchen: Furnished) -> None:
    job = kitchen.order()
    offer(kitchen)
    cancel(kitchen)

    with pytest.raises(NotPossibleNow):
        accept(kitchen, job)
    assert kitchen.job(job.id).state == JobState.CANCELED


def test_what_is_being_cancelled_cannot_be_accepted_again(kitchen: Furnished) -> None:
    job = kitchen.started()
    cancel(kitchen)

    with pytest.raises(NotPossibleNow):
        accept(kitchen, job)


def test_an_expired_offer_cannot_be_accepted_even_before_the_sweep(kitchen: Furnished) -> None:
    job = kitchen.order()
    offer(kitchen)
    kitchen.clock.passes(minutes=10)

    with pytest.raises(NotPossibleNow):
        accept(kitchen, job)


def test_the_key_tells_a_job_from_another_with_its_id(kitchen: Furnished) -> None:
    job = kitchen.order()
    offer(kitchen)

    with pytest.raises(NotPossibleNow):
        accept(kitchen, job, key="0" * 32)
    assert kitchen.job(job.id).state == JobState.OFFERED


@pytest.mark.parametrize("number", [None, 0, 1, 2**31 - 1])
def test_the_same_number_accepts_again(kitchen: Furnished, number: int | None) -> None:
    job = kitchen.order()
    offer(kitchen)
    accept(kitchen, job, number=number)
    version = kitchen.job(job.id).version

    accept(kitchen, job, number=number)

    assert kitchen.job(job.id).acceptance == number
    assert kitchen.job(job.id).version == version


@pytest.mark.parametrize(("first", "second"), [(7, 8), (7, None), (None, 7), (0, None)])
def test_another_number_or_none_is_another_board(
    kitchen: Furnished, first: int | None, second: int | None
) -> None:
    job = kitchen.order()
    offer(kitchen)
    accept(kitchen, job, number=first)

    with pytest.raises(NotPossibleNow):
        accept(kitchen, job, number=second)
    assert kitchen.job(job.id).acceptance == first


def test_what_firmware_0_1_fetched_is_accepted_by_no_number(kitchen: Furnished) -> None:
    job = kitchen.order()
    fetch(kitchen)

    with pytest.raises(NotPossibleNow):
        accept(kitchen, job, number=7)


def test_strangers_accept_nothing(kitchen: Furnished, other: Furnished) -> None:
    job = kitchen.order()

    with pytest.raises(NotYours):
        accept(other, job)
    with pytest.raises(NotFound):
        handover.accept(kitchen.site, kitchen.dispenser, 99, job.key)
    assert kitchen.job(job.id).state == JobState.QUEUED


# Progress


def test_progress_is_remembered_while_the_job_runs(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)

    assert progress(kitchen, job) is False
    assert progress(kitchen, job, fell_at_least_mg=Milligrams(2000)) is False
    assert kitchen.site.progress.of(job.id)[1].fell_at_least_mg == 2000
    kitchen.report(job)
    assert kitchen.site.progress.of(job.id) == {}


def test_progress_after_the_end_is_heard_and_not_remembered(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)
    kitchen.report(job)

    assert progress(kitchen, job) is False
    assert kitchen.site.progress.of(job.id) == {}


def test_the_answer_to_progress_asks_to_stop(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)
    cancel(kitchen)

    assert progress(kitchen, job) is True


def test_progress_keeps_the_job_alive_without_a_write_each_time(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)
    began = kitchen.clock.now
    kitchen.clock.passes(seconds=1)
    progress(kitchen, job)
    assert kitchen.job(job.id).heard_at == began

    kitchen.clock.passes(seconds=HEARD_EVERY.total_seconds())
    progress(kitchen, job)
    assert kitchen.job(job.id).heard_at == began + HEARD_EVERY + timedelta(seconds=1)


@pytest.mark.parametrize(
    "changes",
    [{"order": 2}, {"jar": 2}, {"fell_at_least_mg": Milligrams(5000)}],
)
def test_progress_that_cannot_be_is_refused(kitchen: Furnished, changes: dict[str, object]) -> None:
    job = kitchen.started(Sal=4.5)

    with pytest.raises(BadReport):
        progress(kitchen, job, **changes)
    assert kitchen.site.progress.of(job.id) == {}


def test_progress_of_another_job_with_the_same_id_is_refused(
    kitchen: Furnished, other: Furnished
) -> None:
    job = kitchen.started(Sal=4.5)

    with pytest.raises(NotPossibleNow):
        progress(kitchen, job, key="0" * 32)
    with pytest.raises(NotYours):
        progress(other, job)


# The token is looked at in the transaction that hands out or accepts


@pytest.mark.parametrize("renewed", [False, True])
def test_a_token_that_is_revoked_meanwhile_gets_no_job(kitchen: Furnished, renewed: bool) -> None:
    job = kitchen.order()
    caller = kitchen.dispenser
    kitchen.revoke_token(is_renewed=renewed)

    for hand_out in (handover.fetch, handover.offer):
        with pytest.raises(NotSignedIn):
            hand_out(kitchen.site, caller)
    assert kitchen.job(job.id) == job


@pytest.mark.parametrize("hand_out", [handover.fetch, handover.offer])
def test_a_token_that_is_revoked_after_the_queue_was_read_gets_no_job(
    kitchen: Furnished,
    monkeypatch: pytest.MonkeyPatch,
    hand_out: Callable[[Site, Dispenser], Job | None],
) -> None:
    job, caller, read = kitchen.order(), kitchen.dispenser, handover._first_waiting  # noqa: SLF001

    def read_before_it_is_revoked(site: Site, caller: Dispenser) -> Job | None:
        found = read(site, caller)
        with site.database.write() as connection:
            dispensers.unpair(connection, caller.id)
        return found

    monkeypatch.setattr(handover, "_first_waiting", read_before_it_is_revoked)
    with pytest.raises(NotSignedIn):
        hand_out(kitchen.site, caller)
    assert kitchen.job(job.id) == job


def test_an_offer_is_not_accepted_with_a_revoked_token(kitchen: Furnished) -> None:
    job = kitchen.order()
    caller = kitchen.dispenser
    handover.offer(kitchen.site, caller)
    with kitchen.site.database.write() as connection:
        dispensers.unpair(connection, caller.id)

    with pytest.raises(NotSignedIn):
        handover.accept(kitchen.site, caller, job.id, job.key)
    assert kitchen.job(job.id).state == JobState.OFFERED
