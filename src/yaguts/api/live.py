"""A job's page, live: what fell, jar by jar, and the end."""

import asyncio
from contextlib import aclosing, suppress

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.concurrency import run_in_threadpool

from yaguts.api.schemas.live_events import LiveEvent, events_of, pong, progress_event
from yaguts.domain.errors import NotFound, NotYours
from yaguts.domain.jobs.job import FINAL, Job
from yaguts.http.access import SiteDep, person_of
from yaguts.http.fields import IdInPath
from yaguts.services.jobs.live import follow, insist_on_own
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.progress import DoseProgress
from yaguts_wire import words as w

router = APIRouter()

GOING_AWAY = 1001
NOT_ALLOWED = 4003
UNKNOWN_JOB = 4004


@router.websocket("/ws/jobs/{job_id}")
async def live(
    websocket: WebSocket,
    site: SiteDep,
    job_id: IdInPath,
    progresso: bool = False,
) -> None:
    """Send a job's events. Whoever comes after its end gets them all the same."""
    await websocket.accept()
    refusal = await run_in_threadpool(_refusal, websocket, site, job_id)
    if refusal is not None:
        await websocket.close(refusal)
        return
    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(_tell(websocket, site, job_id, with_progress=progresso))
        await _answer_pings(websocket, site)
        telling.cancel()


def _refusal(websocket: WebSocket, site: Site, job_id: int) -> int | None:
    """Why nothing is told, or nothing more: people sign out, and leave a household."""
    person = person_of(websocket, site)
    if person is None:
        return NOT_ALLOWED
    try:
        insist_on_own(site, person.kitchen_id, job_id)
    except NotFound:
        return UNKNOWN_JOB
    except NotYours:
        return NOT_ALLOWED
    return None


async def _answer_pings(websocket: WebSocket, site: Site) -> None:
    """Until the browser goes."""
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        if message.get("text") == w.PING:
            await websocket.send_json(pong(site.clock()))


async def _tell(websocket: WebSocket, site: Site, job_id: int, *, with_progress: bool) -> None:
    """Until the server closes: a job that was given up may yet be reported. Or until whoever
    listens may no longer.
    """
    with suppress(WebSocketDisconnect):
        async with aclosing(follow(site, job_id)) as changes:
            async for change in changes:
                events = _events(change, site, with_progress=with_progress)
                if not events:
                    continue
                refusal = await run_in_threadpool(_refusal, websocket, site, job_id)
                if refusal is not None:
                    await websocket.close(refusal)
                    return
                for event in events:
                    await websocket.send_json(event)
        await websocket.close(GOING_AWAY)


def _events(change: Job | DoseProgress, site: Site, *, with_progress: bool) -> list[LiveEvent]:
    if isinstance(change, DoseProgress):
        return [progress_event(change, site.clock())] if with_progress else []
    return events_of(change) if change.state in FINAL else []
