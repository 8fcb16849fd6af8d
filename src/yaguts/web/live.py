"""Live pages: one part of a page, rendered again whenever something happened, sent as it changes.

The browser's script puts the new part in the place of the old one. Server-sent events need no
library on either side, and a browser that lost the connection asks again by itself.
"""

from collections.abc import AsyncGenerator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from yaguts.domain.errors import NotSignedIn
from yaguts.services.runtime.context import Site

LOOK_AGAIN_S = 2.0
"""Time passes, and another process wakes nobody here: so we look for ourselves."""
QUIET_BEATS = 5
"""So many looks without news, and something is sent all the same: it shows who has gone."""

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def live(site: Site, topic: str, render: Callable[[], str]) -> StreamingResponse:
    """Send what `render` gives now, and again whenever it gives something else."""
    stream = _frames(site, topic, render)
    return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)


async def _frames(site: Site, topic: str, render: Callable[[], str]) -> AsyncGenerator[str]:
    """Listens before it looks, so that nothing is missed."""
    with site.hub.listen(topic) as subscription:
        shown, quiet = "", 0
        while not site.hub.closing:
            try:
                html = await run_in_threadpool(render)
            except NotSignedIn:  # no longer: nothing more is shown
                return
            quiet = 0 if html != shown else quiet + 1
            if html != shown:
                shown = html
                yield _event(html)
            elif quiet % QUIET_BEATS == 0:
                yield ": still here\n\n"
            await subscription.next(LOOK_AGAIN_S)


def _event(html: str) -> str:
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
    return f"{lines}\n"
