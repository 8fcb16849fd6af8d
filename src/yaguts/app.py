"""The composition root: what the server is made of. The only place that reads a clock."""

import asyncio
import gc
import logging
import multiprocessing
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from yaguts.api import (
    calibration,
    device,
    dispensers,
    firmware,
    jobs,
    live,
    maintenance,
    orphan_reports,
    server,
)
from yaguts.api.openapi.document import TAGS, DocumentedApi, operation_id
from yaguts.api.pantry import catalogue, configuration, recipes
from yaguts.api.people import alerts, audit_log, auth, households
from yaguts.domain.errors import Unavailable
from yaguts.http.bodies import BodyCheck
from yaguts.http.head import HeadAsGet
from yaguts.http.headers import SecurityHeaders
from yaguts.http.host import HostCheck
from yaguts.http.lean.first import LeanFirst
from yaguts.http.lean.idle_beats import IdleBeats
from yaguts.http.lean.idle_polls import IdlePolls
from yaguts.http.origin import OriginCheck
from yaguts.http.public_address import Forwarded, SubPath, route_path
from yaguts.http.refusals.errors import add_error_handlers, refusal
from yaguts.http.refusals.late_refusals import LateRefusals
from yaguts.http.watching.requests import Observed
from yaguts.services.alerts.look import sweep as sweep_alerts
from yaguts.services.delivery.expiry import sweep
from yaguts.services.dispensers.last_seen import STORE_EVERY_S
from yaguts.services.dispensers.last_seen import store as store_signs_of_life
from yaguts.services.dispensers.updates.watching import watch
from yaguts.services.ops.backups.backup_timer import BackupTimer, is_wanted
from yaguts.services.ops.clock_put_right import put_right
from yaguts.services.ops.garbage import searched_for_seldom
from yaguts.services.ops.metrics import FOLDER as SHARED_FOLDER
from yaguts.services.ops.metrics import Metrics
from yaguts.services.ops.restore_detection import notice
from yaguts.services.ops.sealing import seal
from yaguts.services.runtime.alerting.alerting import Alerting
from yaguts.services.runtime.chores import Attempts, Chores
from yaguts.services.runtime.context import Clock, Randomness, Site
from yaguts.services.runtime.files.data_folder import with_data_folder
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.services.runtime.files.secret_key import with_secret_key
from yaguts.services.runtime.files.server_files import beside
from yaguts.services.runtime.hub import Hub, dispenser_of, dispenser_topic, is_about_job
from yaguts.services.runtime.lived_through import LivedThrough, Monotonic
from yaguts.services.runtime.observer import Observer
from yaguts.services.runtime.polls.beats import Beats
from yaguts.services.runtime.polls.idle import Idle
from yaguts.services.runtime.polls.recognised import Recognised
from yaguts.services.runtime.process_bridge import ProcessBridge
from yaguts.services.runtime.threads import in_dispensers_thread, prepare_loop
from yaguts.services.runtime.virtual.virtual_boards import Boards
from yaguts.settings import OFF, Settings
from yaguts.storage.db.database import Database
from yaguts.storage.db.in_use import serving
from yaguts.translations.alerts import alert_text
from yaguts.web.app import create_pages
from yaguts.web.errors import refusal_page
from yaguts.web.pages.recipes.large_forms import largest_body
from yaguts.web.static_files import PAGES

_log = logging.getLogger(__name__)
REQUEST_ID_BYTES = 8
# The busiest first: a request is compared with one route after the other.
_ROUTERS = (
    device,
    dispensers,
    firmware,
    server,
    jobs,
    configuration,
    recipes,
    catalogue,
    maintenance,
    calibration,
    orphan_reports,
    households,
    audit_log,
    alerts,
    auth,
    live,
)


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def new_request_id() -> str:
    """An id that no other request has. It is not the site's randomness, which seeds may give."""
    return secrets.token_hex(REQUEST_ID_BYTES)


def create_app(
    settings: Settings,
    clock: Clock = utc_now,
    randomness: Randomness = secrets.token_bytes,
    monotonic: Monotonic = time.monotonic,
    new_id: Callable[[], str] = new_request_id,
) -> FastAPI:
    """The server, ready for calls. The database must be upgraded already."""
    return create_program(open_site(settings, clock, randomness, monotonic), new_id)


def open_site(
    settings: Settings,
    clock: Clock = utc_now,
    randomness: Randomness = secrets.token_bytes,
    monotonic: Monotonic = time.monotonic,
) -> Site:
    """The site of a server: its database, clocks and secrets."""
    settings = with_secret_key(settings, randomness)
    folder = beside(settings, ".virtual")
    observer = Observer(monotonic) if settings.metrics == OFF else Metrics(monotonic)
    site = Site(
        Database(settings.database_url, monotonic, observer.transaction),
        clock,
        randomness,
        Hub(),
        settings,
        boards=Boards(folder, settings.virtual_dispensers),
        high_water_mark=mark_of(settings),
        lived=LivedThrough(monotonic),
        observer=observer,
        alerting=Alerting(alert_text, monotonic),
        idle=Idle(monotonic),
        recognised=Recognised(monotonic),
        beats=Beats(monotonic),
    )
    site.hub.told_first = partial(_no_longer_idle, site)
    return site


def _no_longer_idle(site: Site, topic: str, event: object) -> None:
    dispenser_id = dispenser_of(topic)
    if dispenser_id is not None:
        site.idle.wake(dispenser_id)
        if not is_about_job(event):
            site.signs_of_life.forget(dispenser_id)
        site.recognised.forget(dispenser_id)
    elif not topic:
        site.idle.forget()
        site.recognised.clear()
        site.beats.clear()


class _Program(DocumentedApi):
    """FastAPI, and what sees a request first, so that a held poll has nothing of FastAPI's in
    memory.
    """

    first: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Called by the server."""
        scope["app"] = self
        await self.first(scope, receive, send)

    async def fastapi(self, scope: Scope, receive: Receive, send: Send) -> None:
        """FastAPI itself."""
        await super().__call__(scope, receive, send)


def create_program(site: Site, new_id: Callable[[], str] = new_request_id) -> FastAPI:
    """The routes of a server. `state.site` may be replaced by a site with the same origins."""
    app = _Program(
        title="Yaguts",
        summary="A spice dispenser that a recipe drives",
        version=version("yaguts"),
        openapi_tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        generate_unique_id_function=operation_id,
        lifespan=_life,
        docs_url=None,  # These pages load their scripts from elsewhere.
        redoc_url=None,
        strict_content_type=False,  # Firmware 0.1 may leave it out.
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
        },  # Nothing is sent to anybody.
    )
    app.state.site = site
    for module in _ROUTERS:
        app.include_router(module.router)
    app.mount(PAGES, create_pages(app.state))
    add_error_handlers(app)
    _add_middleware(app, site.settings)
    app.first = _first(app.fastapi, site.settings, new_id)
    return app


def from_environment() -> ASGIApp:
    """The server of the YAGUTS_* variables: what `yaguts serve` runs."""
    settings = with_data_folder(Settings.from_environment(os.environ), os.environ)
    return Forwarded(create_app(settings), settings.trusted_proxies)


def of_worker() -> ASGIApp:
    """The same, in one of several processes: it ends with the one that looks after them.

    Nobody could stop it otherwise, and its port would stay taken.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return from_environment()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    allowed_origins, own = settings.allowed_origins, settings.public_origin
    # The middleware that is added last sees a request first.
    routes = [route for module in _ROUTERS for route in module.router.routes]
    app.add_middleware(LeanFirst, routes=routes, errors=app.exception_handlers)
    app.add_middleware(IdleBeats)
    app.add_middleware(
        BodyCheck,
        refuse=_refuse,
        takes_anything=device.takes_anything,
        largest=largest_body,
    )
    trusted = (*allowed_origins, own) if own else allowed_origins
    app.add_middleware(OriginCheck, allowed=trusted, refuse=_refuse)
    if allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=allowed_origins,
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Content-Type"],
        )
    names = (*_names_of_machine(), urlsplit(own).hostname or "")
    app.add_middleware(HostCheck, names=names, refuse=_refuse)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(LateRefusals, late_s=settings.refusals_late_s)


def _first(app: ASGIApp, settings: Settings, new_id: Callable[[], str]) -> ASGIApp:
    """What sees a request before FastAPI's middleware does."""
    idle = IdlePolls(app)  # Its answers have no content that a header would guard.
    seen = HeadAsGet(Observed(idle, new_id))
    return SubPath(seen, settings.sub_path) if settings.sub_path else seen


@cache
def _names_of_machine() -> tuple[str, ...]:
    """What this machine is called: by itself, in its network, and by multicast DNS."""
    name = socket.gethostname()
    alone = name.partition(".")[0]
    return name, alone, f"{alone}.local", socket.getfqdn()


def _refuse(scope: Scope, status: int, code: str) -> Response:
    """A refusal as a page or as JSON, by the path that was asked for."""
    if route_path(scope).startswith(f"{PAGES}/"):
        return refusal_page(scope, status, code)
    return refusal(status, code)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncGenerator[None]:
    site: Site = app.state.site
    prepare_loop(site.database)
    with serving(site.settings.database_url):
        _log.info("The server begins", extra={"about": {"version": version("yaguts")}})
        async with _served(site):
            yield
        _log.info("The server ends")


@asynccontextmanager
async def _served(site: Site) -> AsyncGenerator[None]:
    with suppress(Unavailable):  # The next sweep makes good for it.
        await run_in_threadpool(notice, site)
    site.alerting.begin()
    stopping, chores = asyncio.Event(), _chores()
    tasks = [
        asyncio.create_task(_sweep_until(stopping, site, chores)),
        asyncio.create_task(_look_after_boards(stopping, site, chores)),
        asyncio.create_task(_keep_awake(stopping, site)),
        asyncio.create_task(_store_signs_of_life(stopping, site)),
        asyncio.create_task(_search_for_garbage(stopping, site)),
    ]
    try:
        with _woken_by_signals(site.hub), _in_touch_with_others(site), _backed_up(site, chores):
            yield
    finally:
        site.hub.close()
        stopping.set()
        await asyncio.gather(*tasks)
        await run_in_threadpool(site.alerting.close)
        site.boards.close()
        site.database.close()
        chores.close()


def _chores() -> Chores:
    """Those of this process, or of one of several that share a folder."""
    folder = os.environ.get(SHARED_FOLDER)
    return Chores(Path(folder, "chores.lock") if folder else None)


async def _sweep_until(stopping: asyncio.Event, site: Site, chores: Chores) -> None:
    """Let the last sweep finish: cancelling its task would leave its thread behind."""

    async def sweep_ours() -> None:
        if chores.are_ours():
            await run_in_threadpool(_sweep_once, site)

    every_s = site.settings.sweep_every_s
    attempts = Attempts("A sweep", every_s)
    while not stopping.is_set():
        await attempts.make(sweep_ours)
        await _pause(stopping, every_s)


async def _look_after_boards(stopping: asyncio.Event, site: Site, chores: Chores) -> None:
    every_s = site.settings.sweep_every_s
    attempts = Attempts("A look at the virtual boards", every_s)
    while not stopping.is_set():
        await attempts.make(lambda: run_in_threadpool(site.boards.look_after, chores.are_ours))
        await _pause(stopping, every_s)


async def _keep_awake(stopping: asyncio.Event, site: Site) -> None:
    """Wake held polls for which another process has something that nobody told of."""
    every_s, look = site.settings.polls_look_again_s, in_dispensers_thread(site.idle.look)
    attempts = Attempts("A look at what dispensers wait for", every_s)
    while not stopping.is_set():
        if site.idle.is_held:
            await attempts.make(lambda: look(site.database))
            for dispenser_id in site.idle.held_but_busy():
                site.hub.deliver(dispenser_topic(dispenser_id), None)
        await _pause(stopping, every_s)


async def _store_signs_of_life(stopping: asyncio.Event, site: Site) -> None:
    """Store them every few seconds, and what is left when the server stops."""
    stopped, attempts = False, Attempts("Storing signs of life", STORE_EVERY_S)
    while not stopped:
        stopped = await _pause(stopping, STORE_EVERY_S)
        if site.signs_of_life.gathered():
            await attempts.make(lambda: run_in_threadpool(store_signs_of_life, site))


async def _search_for_garbage(stopping: asyncio.Event, site: Site) -> None:
    with searched_for_seldom():
        while not await _pause(stopping, site.settings.search_garbage_every_s):
            gc.collect()


async def _pause(stopping: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until the server stops: whether it does."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopping.wait()
    return stopping.is_set()


def _sweep_once(site: Site) -> None:
    notice(site)
    sweep(site)
    watch(site)
    sweep_alerts(site)
    site.lived.keep(site.database, site.clock())
    put_right(site)
    seal(site)


@contextmanager
def _in_touch_with_others(site: Site) -> Generator[None]:
    """Connect the hub with those of the other processes, if the database can."""
    if not site.database.carries_notices:
        yield
        return
    bridge, stop = ProcessBridge(site), threading.Event()
    listening = threading.Thread(target=bridge.listen, args=(stop,), name="process bridge")
    listening.start()
    site.hub.tell_others = bridge.tell
    try:
        yield
    finally:
        stop.set()
        listening.join()


@contextmanager
def _backed_up(site: Site, chores: Chores) -> Generator[None]:
    """Make backups meanwhile, if they are wanted."""
    if not is_wanted(site.settings):
        yield
        return
    stop = threading.Event()
    making = threading.Thread(
        target=BackupTimer(site, chores.are_ours).run, args=(stop,), name="backups"
    )
    making.start()
    try:
        yield
    finally:
        stop.set()
        making.join()


@contextmanager
def _woken_by_signals(hub: Hub) -> Generator[None]:
    """Let long polls end as soon as the server is told to stop, because it waits for every
    answer.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def close_first(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.close)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, close_first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
