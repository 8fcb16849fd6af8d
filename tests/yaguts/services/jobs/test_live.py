"""Waiting: held polls and live jobs, woken by what happens and by nothing else."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from typing import Any

import pytest

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.errors import NotFound, NotSignedIn, NotYours
from yaguts.domain.jobs.job import DoseStatus, Job, JobState
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import handover, long_poll
from yaguts.services.dispensers import pairing
from yaguts.services.jobs import live, orders
from yaguts.services.runtime import pace
from yaguts.services.runtime.hub import dispenser_topic, job_topic
from yaguts.services.runtime.progress import DoseProgress
from yaguts.storage import dispensers

NOT_SOON_S = 20
"""Longer than any of these tests may take: whoever waits that long was not woken."""

Has = Callable[[], Awaitable[bool]]


async def nobody_left() -> bool:
    return False


async def everybody_left() -> bool:
    return True


def poll(
    kitchen: Furnished, wait_s: float = NOT_SOON_S, has_gone: Has = nobody_left
) -> Coroutine[Any, Any, Job | None]:
    return long_poll.wait_for_job(kitchen.site, kitchen.dispenser, "", wait_s, has_gone)


def while_polling(kitchen: Furnished, happens: Callable[[], object]) -> Job | None:
    """What a held poll comes to when that happens, in another thread, after it has begun."""

    async def run() -> Job | None:
        waiter = asyncio.create_task(poll(kitchen))
        await _listener(kitchen, dispenser_topic(kitchen.dispenser_id))
        await asyncio.to_thread(happens)
        return await waiter

    started = time.monotonic()
    job = asyncio.run(run())
    assert time.monotonic() - started < NOT_SOON_S / 2
    return job


def test_a_held_poll_ends_with_its_token(kitchen: Furnished) -> None:
    def unpair() -> None:
        pairing.unpair(kitchen.site, kitchen.person.id, kitchen.dispenser_id, kitchen.actor)

    with pytest.raises(NotSignedIn):
        while_polling(kitchen, unpair)


def test_a_held_poll_that_nobody_wakes_gets_no_job_with_a_revoked_token(
    kitchen: Furnished,
) -> None:
    """Another process may have revoked the token, and waking it is comfort only."""
    kitchen.configure(polls_look_again_s=0.05)

    def unpair_and_order() -> None:
        with kitchen.site.database.write() as connection:
            dispensers.unpair(connection, kitchen.dispenser_id)
        kitchen.order()

    with pytest.raises(NotSignedIn):
        while_polling(kitchen, unpair_and_order)
    assert orders.active_jobs(kitchen.site, kitchen.person.id)[0].state == JobState.QUEUED


async def _listener(kitchen: Furnished, topic: str) -> None:
    while topic not in kitchen.site.hub._listeners:  # noqa: SLF001
        await asyncio.sleep(0)


@pytest.fixture
def never_looks_again(kitchen: Furnished, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this, somebody who is not woken would find out all the same, a little later."""
    monkeypatch.setattr(pace, "MERGED_S", 0.001)
    kitchen.configure(polls_look_again_s=NOT_SOON_S, followers_look_again_s=NOT_SOON_S)


def test_a_poll_finds_what_is_there(kitchen: Furnished) -> None:
    job = kitchen.order()

    offered = asyncio.run(poll(kitchen))

    assert offered is not None
    assert (offered.id, offered.state) == (job.id, JobState.OFFERED)


def test_a_poll_ends_after_its_time(kitchen: Furnished) -> None:
    assert asyncio.run(poll(kitchen, wait_s=0)) is None
    assert asyncio.run(poll(kitchen, wait_s=0.01)) is None


@pytest.mark.usefixtures("never_looks_again")
def test_an_order_wakes_the_dispenser_it_is_for(kitchen: Furnished) -> None:
    job = while_polling(kitchen, kitchen.order)

    assert job is not None
    assert job.state == JobState.OFFERED


def test_an_order_through_another_process_is_found_soon(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    kitchen.configure(polls_look_again_s=0.01)
    monkeypatch.setattr(kitchen.site.hub, "publish", lambda *_: None)

    assert while_polling(kitchen, kitchen.order) is not None


@pytest.mark.usefixtures("never_looks_again")
def test_a_closing_server_ends_every_poll(kitchen: Furnished) -> None:
    assert while_polling(kitchen, kitchen.site.hub.close) is None
    assert asyncio.run(poll(kitchen)) is None


def test_whoever_has_gone_is_waited_for_no_longer(kitchen: Furnished) -> None:
    assert asyncio.run(poll(kitchen, has_gone=everybody_left)) is None
    assert kitchen.site.hub._listeners == {}  # noqa: SLF001


# Following a job


def follow(
    kitchen: Furnished, job: Job, *happenings: Callable[[], object]
) -> list[tuple[str, int]]:
    """What a follower is told: first the job as it is, then something after each happening."""

    async def run() -> list[tuple[str, int]]:
        async with aclosing(live.follow(kitchen.site, job.id)) as changes:
            told = [await _next(changes)]
            for happens in happenings:
                await asyncio.to_thread(happens)
                told.append(await _next(changes))
        return told

    return asyncio.run(run())


async def _next(changes: AsyncGenerator[Job | DoseProgress | None]) -> tuple[str, int]:
    async with asyncio.timeout(NOT_SOON_S / 2):
        while (change := await anext(changes)) is None:
            pass  # nothing has happened for a while
    if isinstance(change, DoseProgress):
        return change.status, change.fell_at_least_mg
    return change.state, change.version


def progress(kitchen: Furnished, job: Job, grams: float) -> Callable[[], object]:
    told = handover.ReportedProgress(
        job.key, 1, 1, Milligrams(int(grams * 1000)), DoseStatus.RUNNING
    )
    return lambda: handover.progress(kitchen.site, kitchen.dispenser, job.id, told)


@pytest.mark.usefixtures("never_looks_again")
def test_a_follower_is_told_of_everything_once(kitchen: Furnished) -> None:
    job = kitchen.order(Sal=4.5)

    told = follow(
        kitchen,
        job,
        lambda: handover.offer(kitchen.site, kitchen.dispenser),
        lambda: handover.accept(kitchen.site, kitchen.dispenser, job.id, job.key),
        progress(kitchen, job, 1),
        progress(kitchen, job, 2),
        lambda: orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor),
        lambda: (kitchen.report(job), kitchen.report(job)),
    )

    assert told == [
        ("queued", 1),
        ("offered", 2),
        ("running", 3),
        ("running", 1000),
        ("running", 2000),
        ("cancelling", 4),
        ("canceled", 5),
    ]


@pytest.mark.usefixtures("never_looks_again")
def test_of_what_came_meanwhile_the_last_progress_is_told(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)
    steps = [progress(kitchen, job, grams / 10) for grams in range(1, 31)]

    def pours_on() -> None:
        for step in steps:
            step()

    async def run() -> list[tuple[str, int]]:
        async with aclosing(live.follow(kitchen.site, job.id)) as changes:
            told = [await _next(changes)]
            pours_on()  # On the loop's own thread: nobody follows meanwhile.
            return [*told, await _next(changes)]

    assert asyncio.run(run()) == [("running", 3), ("running", 3000)]


@pytest.mark.usefixtures("never_looks_again")
def test_what_was_both_read_and_heard_is_told_once(kitchen: Furnished) -> None:
    job = kitchen.started()

    def hears_old_news() -> None:
        kitchen.site.hub.publish(job_topic(job.id), job)
        kitchen.report(job)

    assert follow(kitchen, job, hears_old_news) == [("running", 3), ("done", 4)]


@pytest.mark.usefixtures("never_looks_again")
def test_whoever_comes_late_is_told_how_it_ended(kitchen: Furnished) -> None:
    job = kitchen.started()
    kitchen.report(job)

    assert follow(kitchen, job) == [("done", 4)]


def test_what_another_process_did_is_found_soon(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = kitchen.started()
    kitchen.configure(followers_look_again_s=0.01)
    monkeypatch.setattr(kitchen.site.hub, "publish", lambda *_: None)

    assert follow(kitchen, job, lambda: kitchen.report(job)) == [("running", 3), ("done", 4)]


@pytest.mark.usefixtures("never_looks_again")
def test_a_closing_server_ends_every_page(kitchen: Furnished) -> None:
    job = kitchen.order()

    async def run() -> list[Job | DoseProgress]:
        changes = live.follow(kitchen.site, job.id)
        told = [await anext(changes)]
        kitchen.site.hub.close()
        return told + [change async for change in changes]

    assert asyncio.run(run()) == [job]


def test_only_the_owner_may_follow(home: Household, kitchen: Furnished) -> None:
    job = kitchen.order()
    other = Furnished(home, "Bia")

    live.insist_on_own(kitchen.site, kitchen.person.id, job.id)
    with pytest.raises(NotYours):
        live.insist_on_own(kitchen.site, other.person.id, job.id)
    with pytest.raises(NotFound):
        live.insist_on_own(kitchen.site, other.person.id, 99)
