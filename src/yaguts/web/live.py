"""Live pages: one part of a page, rendered again after changes, and what differs is sent.

The browser's script replaces what it is sent. Server-sent events need no library on either side,
and the browser reconnects by itself. It sees no status of a stream, so a refusal is an event too.
"""

import re
from collections.abc import AsyncGenerator, Callable

from starlette.responses import Response, StreamingResponse

from yaguts.domain.errors import NotSignedIn, TooManyLive
from yaguts.domain.ids import PersonId
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import person_topic
from yaguts.services.runtime.pace import Pace
from yaguts.services.runtime.threads import in_live_thread
from yaguts.web.sending import KEY

LOOK_AGAIN_S = 5.0
"""The page is rendered again this often: another process does not always wake this one."""
QUIET_BEATS = 2
"""After this many renderings without a change something is sent, to notice who has gone."""
EVENTS = "text/event-stream"
SIGNED_OUT = "event: signed-out\ndata:\n\n"
OVER = "event: over\ndata:\n\n"
"""What there is to see has ended: the browser does not reconnect."""

_NOTHING = "data:\n"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_PIECE = re.compile(r"<!--piece (\w+(?:-\d+)?)-->(.*?)<!--/piece-->", re.DOTALL)
"""An element of a template that is sent alone when only it differs. `data-piece` names it."""
_KEY = re.compile(rf'name="{KEY}" value="\w+"')


class Last(str):
    """A rendering after which nothing changes."""

    __slots__ = ()


def live(
    site: Site,
    person_id: PersonId,
    topic: str,
    render: Callable[[], str],
    news: Callable[[], str] | None = None,
) -> StreamingResponse:
    """Send what `render` returns now, and again whenever it returns something else.

    The same of `news`, as events of their own. Raises `TooManyLive`.
    """
    site.live_pages.insist_on_room(person_id)
    stream = _counted(site, person_id, topic, render, news)
    return StreamingResponse(stream, media_type=EVENTS, headers=_HEADERS)


def refused(event: str) -> Response:
    """The whole stream of a browser that is refused one."""
    return Response(event, media_type=EVENTS, headers=_HEADERS)


def refusal(sentence: str) -> str:
    """The event that says why there is nothing to follow."""
    return f"event: refused\ndata: {sentence}\n\n"


async def _counted(
    site: Site,
    person_id: PersonId,
    topic: str,
    render: Callable[[], str],
    news: Callable[[], str] | None,
) -> AsyncGenerator[str]:
    """The page counts as open from here on: a stream that nobody reads never ends."""
    try:
        with site.live_pages.one_of(person_id):
            async for frame in _frames(site, (topic, person_topic(person_id)), render, news):
                yield frame
    except TooManyLive:  # Others began at the same moment.
        return


async def _frames(
    site: Site,
    topics: tuple[str, ...],
    render: Callable[[], str],
    news: Callable[[], str] | None,
) -> AsyncGenerator[str]:
    """Subscribe before the first rendering, so that no change is missed."""
    with site.hub.listen(*topics) as subscription:
        shown, quiet, pace = "", 0, Pace()
        told: str | None = None
        while not site.hub.closing:
            subscription.waiting()  # The rendering shows what has come until now.
            try:
                html = await in_live_thread(render)
            except NotSignedIn:  # The visitor may no longer see it.
                yield SIGNED_OUT
                return
            is_new = _keyless(html) != _keyless(shown)
            quiet = 0 if is_new else quiet + 1
            if is_new:
                yield change(shown, html)
                shown = html
            elif quiet % QUIET_BEATS == 0:
                yield ": still here\n\n"
            if news is not None and (new := await in_live_thread(news)) != told:
                told = new
                yield f"event: news\n{_data(new) or _NOTHING}\n"
            if isinstance(html, Last):
                yield OVER
                return
            await pace.keep()
            if not site.hub.closing:
                await subscription.next(LOOK_AGAIN_S)


def change(before: str, after: str) -> str:
    """The event that makes one rendering the other: the pieces that differ, or else everything."""
    if _keyless(_PIECE.sub(r"\1", before)) != _keyless(_PIECE.sub(r"\1", after)):
        return f"{_data(after)}\n"
    known = dict(_PIECE.findall(before))
    pieces = _PIECE.findall(after)
    return f"event: pieces\n{_data(''.join(p for name, p in pieces if known[name] != p))}\n"


def _keyless(html: str) -> str:
    """A rendering without the keys of its forms: each rendering draws others."""
    return _KEY.sub("", html)


def _data(html: str) -> str:
    return "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
