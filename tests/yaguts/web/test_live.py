"""Live pages send each change once, soon, and until the visitor leaves."""

import asyncio
from collections.abc import AsyncGenerator
from typing import cast

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from tests.support.kitchen.household import Household
from yaguts.domain.errors import NotSignedIn
from yaguts.http.access import COOKIE
from yaguts.services.people import sessions
from yaguts.web.live import live
from yaguts.web.visit import Visit


class Blackboard:
    """A part of a page that a test changes."""

    def __init__(self) -> None:
        self.text = "<p>one</p>\n\n<p>two</p>"
        self.looks = 0

    def render(self) -> str:
        self.looks += 1
        return self.text


async def frames(home: Household, board: Blackboard) -> AsyncGenerator[str]:
    return cast("AsyncGenerator[str]", live(home.site, "topic", board.render).body_iterator)


def test_what_changed_is_sent_at_once_and_only_then(home: Household) -> None:
    async def watch() -> None:
        board = Blackboard()
        stream = await frames(home, board)
        assert await anext(stream) == "data: <p>one</p>\ndata: <p>two</p>\n\n"

        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        home.site.hub.publish("topic", "nothing that shows")
        while board.looks < 2:
            await asyncio.sleep(0)
        board.text = "<p>three</p>"
        home.site.hub.publish("topic", "something")
        async with asyncio.timeout(1):
            assert await waiting == "data: <p>three</p>\n\n"
        await stream.aclose()

    asyncio.run(watch())


def test_a_visitor_who_may_no_longer_look_gets_nothing_more(home: Household) -> None:
    board = Blackboard()

    def look() -> str:
        if board.looks:
            raise NotSignedIn
        return board.render()

    async def watch() -> None:
        stream = cast("AsyncGenerator[str]", live(home.site, "topic", look).body_iterator)
        assert "one" in await anext(stream)
        home.site.hub.publish("topic", "something")
        assert [frame async for frame in stream] == []

    asyncio.run(watch())


def test_a_visit_lasts_as_long_as_its_session_and_its_kitchen(home: Household) -> None:
    ana = home.person("Ana")
    bia = home.member(ana, "Bia")
    visit = visit_of(home, bia)
    assert visit.later().kitchen_id == 1

    ana.delete("/casa/membros/1")
    with pytest.raises(NotSignedIn):
        visit.later()
    at_home = visit_of(home, bia)
    bia.post("/auth/logout")
    with pytest.raises(NotSignedIn):
        at_home.later()


def visit_of(home: Household, browser: TestClient) -> Visit:
    """The visit of a person who is signed in."""
    token = browser.cookies[COOKIE]
    cookie = f"{COOKIE}={token}".encode()
    scope = {"type": "http", "headers": [(b"cookie", cookie)], "scheme": "http", "path": "/"}
    person = sessions.person_of(home.site, token)
    assert person is not None
    return Visit(Request(scope), home.site, "en", home.clock(), person, "192.0.2.1")


def test_a_closing_server_ends_the_stream(home: Household) -> None:
    async def watch() -> None:
        stream = await frames(home, Blackboard())
        await anext(stream)
        home.site.hub.close()
        assert [frame async for frame in stream] == []

    asyncio.run(watch())
