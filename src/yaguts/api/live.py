"""The WebSocket of a job's page: what fell of each dose, and the end."""

import asyncio
from contextlib import aclosing, suppress

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from yaguts.api.schemas.live_events import LiveEvent, events_of, pong, progress_event
from yaguts.domain.errors import NotFound, NotYours, TooManyLive
from yaguts.domain.jobs.job import FINAL, Job
from yaguts.domain.people import Person
from yaguts.http.access import SiteDep, person_of
from yaguts.http.fields import IdInPath
from yaguts.services.jobs.live import follow, insist_on_own
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.progress import DoseProgress
from yaguts.services.runtime.threads import in_live_thread
from yaguts_wire import words as w

router = APIRouter()

GOING_AWAY = 1001
NOT_ALLOWED = 4003
UNKNOWN_JOB = 4004
TRY_LATER = 1013


@router.websocket("/ws/jobs/{job_id}")
async def live(
    websocket: WebSocket,
    site: SiteDep,
    job_id: IdInPath,
    progresso: bool = False,
) -> None:
    """Send a job's events. A browser that connects after the end gets them too."""
    await websocket.accept()
    person, close_code = await in_live_thread(_admitted, websocket, site, job_id)
    if person is None or close_code is not None:
        await websocket.close(close_code or NOT_ALLOWED)
        return
    try:
        with site.live_pages.one_of(person.id):
            await _serve(websocket, site, job_id, with_progress=progresso)
    except TooManyLive:
        await websocket.close(TRY_LATER)


async def _serve(websocket: WebSocket, site: Site, job_id: int, *, with_progress: bool) -> None:
    async with asyncio.TaskGroup() as tasks:
        sending = _send_events(websocket, site, job_id, with_progress=with_progress)
        sender = tasks.create_task(sending)
        await _answer_pings(websocket, site)
        sender.cancel()


def _admitted(websocket: WebSocket, site: Site, job_id: int) -> tuple[Person | None, int | None]:
    """Return who calls, and the close code if they may not see the job.

    People sign out and leave a household while they are connected.
    """
    person = person_of(websocket, site)
    if person is None:
        return None, NOT_ALLOWED
    try:
        insist_on_own(site, person.kitchen_id, job_id)
    except NotFound:
        return person, UNKNOWN_JOB
    except NotYours:
        return person, NOT_ALLOWED
    return person, None


async def _answer_pings(websocket: WebSocket, site: Site) -> None:
    """Answer pings until the browser disconnects."""
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        if message.get("text") == w.PING:
            await websocket.send_json(pong(site.clock()))


async def _send_events(
    websocket: WebSocket, site: Site, job_id: int, *, with_progress: bool
) -> None:
    """Send events until the server closes or the person may no longer see the job.

    That is looked at before each event, and while nothing happens. The connection outlives the end
    of a job, because an expired job may still be reported.
    """
    with suppress(WebSocketDisconnect):
        async with aclosing(follow(site, job_id)) as changes:
            async for change in changes:
                events = _events(change, site, with_progress=with_progress)
                if change is not None and not events:
                    continue
                _, close_code = await in_live_thread(_admitted, websocket, site, job_id)
                if close_code is not None:
                    await websocket.close(close_code)
                    return
                for event in events:
                    await websocket.send_json(event)
        await websocket.close(GOING_AWAY)


def _events(
    change: Job | DoseProgress | None, site: Site, *, with_progress: bool
) -> list[LiveEvent]:
    if change is None:
        return []
    if isinstance(change, DoseProgress):
        return [progress_event(change, site.clock())] if with_progress else []
    return events_of(change) if change.state in FINAL else []
