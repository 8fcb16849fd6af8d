"""Live pages: one part of a page, rendered again after every change, and sent when it differs.

The browser's script replaces the old part by the new one. Server-sent events need no library on
either side, and the browser reconnects by itself.
"""

from collections.abc import AsyncGenerator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from yaguts.domain.errors import NotSignedIn
from yaguts.services.runtime.context import Site

LOOK_AGAIN_S = 2.0
"""The page is rendered again this often: another process does not always wake this one."""
QUIET_BEATS = 5
"""After this many renderings without a change something is sent, to notice who has gone."""

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def live(site: Site, topic: str, render: Callable[[], str]) -> StreamingResponse:
    """Send what `render` returns now, and again whenever it returns something else."""
    stream = _frames(site, topic, render)
    return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)


async def _frames(site: Site, topic: str, render: Callable[[], str]) -> AsyncGenerator[str]:
    """Subscribe before the first rendering, so that no change is missed."""
    with site.hub.listen(topic) as subscription:
        shown, quiet = "", 0
        while not site.hub.closing:
            try:
                html = await run_in_threadpool(render)
            except NotSignedIn:  # The visitor may no longer see it.
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
