"""Live pages: each change once, soon, and for as long as somebody looks."""

import asyncio
from collections.abc import AsyncGenerator
from typing import cast

from tests.yaguts.household import Household
from yaguts.web.live import live


class Blackboard:
    """Something that is rendered."""

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


def test_a_closing_server_ends_it(home: Household) -> None:
    async def watch() -> None:
        stream = await frames(home, Blackboard())
        await anext(stream)
        home.site.hub.close()
        assert [frame async for frame in stream] == []

    asyncio.run(watch())
