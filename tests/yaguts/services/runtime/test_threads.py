"""Dispensers never wait behind people for a thread."""

from collections.abc import Generator
from contextlib import contextmanager

import anyio.to_thread
import pytest
from anyio.from_thread import BlockingPortal

from tests.support.kitchen.household import Household
from yaguts.services.runtime.threads import briefly, in_dispensers_thread
from yaguts.storage.db.turns import goes_first
from yaguts_wire import words as w


@contextmanager
def people_in_every_thread(portal: BlockingPortal) -> Generator[None]:
    """All threads that people share are taken meanwhile."""
    people = [object() for _ in range(100)]

    async def take() -> list[object]:
        limiter = anyio.to_thread.current_default_thread_limiter()
        free = people[: int(limiter.available_tokens)]
        for person in free:
            limiter.acquire_on_behalf_of_nowait(person)
        return free

    async def leave(taken: list[object]) -> None:
        for person in taken:
            anyio.to_thread.current_default_thread_limiter().release_on_behalf_of(person)

    taken = portal.call(take)
    try:
        yield
    finally:
        portal.call(leave, taken)


@pytest.mark.timeout(20)
def test_a_dispenser_is_served_while_people_fill_the_server(home: Household) -> None:
    owner = home.person()
    board = home.board(owner)
    code = owner.post("/devices/claims").json()["code"]
    assert home.portal is not None
    with people_in_every_thread(home.portal):
        assert board.post("/devices/me/heartbeat", json={}).status_code == 200
        assert board.get("/devices/me/next_job").status_code == 204
        assert board.get("/devices/me/next_job?wait=0").status_code == 204
        assert board.post("/devices/me/jobs/1/complete", json={}).status_code == 200
        claim = {w.UID: "board-2", w.CLAIM_CODE: code}
        assert board.post("/devices/claim", json=claim).status_code == 200


def test_a_dispenser_writes_first_and_nobody_after_it_does(home: Household) -> None:
    assert home.portal is not None

    async def before_and_after() -> list[bool]:
        calls = (briefly(goes_first.get), in_dispensers_thread(goes_first.get))
        return [goes_first.get(), *[await call() for call in calls], goes_first.get()]

    assert home.portal.call(before_and_after) == [False, True, True, False]
