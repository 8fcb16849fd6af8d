"""Live pages send each change once, soon, and until the visitor leaves."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import cast

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.errors import NotSignedIn, TooManyLive
from yaguts.domain.ids import PersonId
from yaguts.domain.jobs.job import Failure, JobState
from yaguts.domain.quotas import MOST_LIVE_PAGES
from yaguts.http.access import COOKIE
from yaguts.services.people import sessions
from yaguts.web.live import EVENTS, Last, change, live
from yaguts.web.pages.jobs import is_settled
from yaguts.web.pages.kitchen import context_of
from yaguts.web.views.watching.news import KitchenNews
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
    return cast(
        "AsyncGenerator[str]", live(home.site, PersonId(1), "topic", board.render).body_iterator
    )


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
        stream = cast(
            "AsyncGenerator[str]", live(home.site, PersonId(1), "topic", look).body_iterator
        )
        assert "one" in await anext(stream)
        home.site.hub.publish("topic", "something")
        assert [frame async for frame in stream] == ["event: signed-out\ndata:\n\n"]

    asyncio.run(watch())


def test_of_a_known_page_the_pieces_that_differ_are_sent() -> None:
    page = "<ol><!--piece a--><li>{}</li><!--/piece--><!--piece b--><li>{}</li><!--/piece--></ol>"

    assert change("", page.format(1, 1)).startswith("data: <ol>")
    assert change(page.format(1, 1), page.format(1, 2)) == "event: pieces\ndata: <li>2</li>\n\n"
    assert change(page.format(1, 1), page.format(1, 1) + "<p>").startswith("data: <ol>")


def test_a_kitchen_of_sixteen_jars_sends_the_one_that_changed(kitchen: Furnished) -> None:
    ana = kitchen.browser()
    ana.post(f"/app/dispensers/{kitchen.dispenser_id}/jars", data={"count": "16"})
    visit = visit_of(kitchen.home, ana)

    def look() -> str:
        later = visit.later()
        return later.html("parts/kitchen_state.html", **context_of(later, None))

    before = look()
    kitchen.report(kitchen.fetched(Sal=4.0))
    sent = change(before, look())

    assert "96.0" in sent
    assert sent.count("<li") == 1
    assert len(sent) < len(before) / 10


def test_what_has_ended_is_sent_once_and_not_followed(home: Household) -> None:
    async def watch() -> None:
        stream = live(home.site, PersonId(1), "topic", lambda: Last("<p>done</p>")).body_iterator
        frames = [frame async for frame in cast("AsyncGenerator[str]", stream)]
        assert frames == ["data: <p>done</p>\n\n", "event: over\ndata:\n\n"]

    asyncio.run(watch())


def test_the_news_of_the_kitchen_come_with_every_stream(kitchen: Furnished) -> None:
    """Also when there are none: then the page knows that it has told everything."""
    visit = visit_of(kitchen.home, kitchen.browser())
    news = KitchenNews(visit)
    board = Blackboard()

    async def watch() -> None:
        stream = cast(
            "AsyncGenerator[str]",
            live(kitchen.site, visit.person.id, "topic", board.render, news).body_iterator,
        )
        assert "one" in await anext(stream)
        assert await anext(stream) == "event: news\ndata:\n\n"
        job = kitchen.started(Sal=4.0)
        kitchen.report(job, key=job.key)
        kitchen.site.hub.publish("topic", "something")
        told = await anext(stream)
        assert told.startswith("event: news\n")
        assert told.count("data-key") == 1
        assert f'data-key="job {job.id} done"' in told
        assert f'<a href="/app/jobs/{job.id}">Order {job.id} done: Arroz</a>' in told
        await stream.aclose()

    asyncio.run(watch())


def test_a_job_ends_its_stream_unless_a_report_may_come(kitchen: Furnished) -> None:
    ana = kitchen.browser()
    job = kitchen.started(Sal=4.0)
    kitchen.report(job, key=job.key)

    said = ana.get(f"/app/jobs/{job.id}/live", headers={"Accept": EVENTS}).text

    assert said.startswith("data: ")
    assert said.endswith("event: over\ndata:\n\n")
    assert not is_settled(replace(job, state=JobState.FAILED, failure=Failure.UNCONFIRMED))


def test_whoever_follows_is_told_by_an_event_why_not(kitchen: Furnished) -> None:
    ana = kitchen.browser()
    follow = {"Accept": EVENTS}
    wrong = ana.get("/app/jobs/77/live", headers=follow)
    assert (wrong.status_code, wrong.text) == (
        200,
        "event: refused\ndata: Pedido não encontrado.\n\n",
    )
    ana.post("/app/sign-out")

    assert ana.get("/app/live", headers=follow).text == "event: signed-out\ndata:\n\n"


def test_a_sign_out_ends_the_streams_at_once(kitchen: Furnished) -> None:
    ana = kitchen.browser()
    visit = visit_of(kitchen.home, ana)

    async def watch() -> None:
        response = live(
            kitchen.site, visit.person.id, "topic", lambda: str(visit.later().kitchen_id)
        )
        stream = cast("AsyncGenerator[str]", response.body_iterator)
        await anext(stream)
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        await asyncio.to_thread(ana.post, "/app/sign-out")
        async with asyncio.timeout(2):
            assert await waiting == "event: signed-out\ndata:\n\n"

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
    scope |= {"method": "GET", "query_string": b"", "server": ("localhost", 80)}
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


def test_what_happens_in_quick_succession_is_rendered_once(home: Household) -> None:
    async def watch() -> None:
        board = Blackboard()
        stream = await frames(home, board)
        await anext(stream)
        for number in range(138):
            board.text = f"<p>{number}</p>"
            home.site.hub.publish("topic", number)

        async with asyncio.timeout(5):
            assert await anext(stream) == "data: <p>137</p>\n\n"
        assert board.looks == 2
        await stream.aclose()

    asyncio.run(watch())


def test_a_person_has_so_many_live_pages_and_another_one_has_theirs(home: Household) -> None:
    async def watch() -> None:
        streams = [await frames(home, Blackboard()) for _ in range(MOST_LIVE_PAGES)]
        for stream in streams:
            await anext(stream)
        with pytest.raises(TooManyLive):
            await frames(home, Blackboard())
        live(home.site, PersonId(2), "topic", Blackboard().render)

        await streams[0].aclose()
        late = [await frames(home, Blackboard()) for _ in range(2)]  # both before either began
        await anext(late[0])
        assert [frame async for frame in late[1]] == []

    asyncio.run(watch())


@pytest.mark.parametrize(
    "page", ["", "jobs/1/", "dispensers/pair/", "dispensers/1/jars/1/calibration/"]
)
def test_one_page_too_many_is_told_so(kitchen: Furnished, page: str) -> None:
    ana = kitchen.browser()
    kitchen.order()
    kitchen.site.live_pages._open[PersonId(1)] = MOST_LIVE_PAGES  # noqa: SLF001

    refused = ana.get(f"/app/{page}live")

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "10"
    assert "Já há 20 páginas desta conta abertas. Feche uma delas." in refused.text
    assert ana.get("/app/").status_code == 200
