"""The composition root: what the server is made of. The only place that reads a clock."""

import asyncio
import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from types import FrameType

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import Scope

from yaguts.api import (
    audit_log,
    auth,
    calibration,
    device,
    dispensers,
    households,
    jobs,
    live,
    maintenance,
    orphan_reports,
    server,
)
from yaguts.api.openapi.document import TAGS, DocumentedApi, operation_id
from yaguts.api.pantry import catalogue, configuration, recipes
from yaguts.domain.errors import Unavailable
from yaguts.http.bodies import BodyCheck
from yaguts.http.errors import add_error_handlers, refusal
from yaguts.http.head import HeadAsGet
from yaguts.http.headers import SecurityHeaders
from yaguts.http.origin import OriginCheck
from yaguts.http.public_address import SubPath, route_path
from yaguts.services.delivery.expiry import sweep
from yaguts.services.ops.clock_put_right import put_right
from yaguts.services.ops.restore_detection import notice
from yaguts.services.runtime.context import Clock, Randomness, Site
from yaguts.services.runtime.data_folder import with_data_folder
from yaguts.services.runtime.hub import Hub
from yaguts.services.runtime.lived_through import LivedThrough, Monotonic
from yaguts.services.runtime.mark_file import mark_of
from yaguts.services.runtime.process_bridge import ProcessBridge
from yaguts.services.runtime.secret_key import with_secret_key
from yaguts.services.runtime.server_files import beside
from yaguts.services.runtime.threads import limit_people
from yaguts.services.runtime.virtual.virtual_boards import Boards
from yaguts.settings import Settings
from yaguts.storage.db.database import Database
from yaguts.storage.db.in_use import serving
from yaguts.web.app import create_pages
from yaguts.web.errors import refusal_page
from yaguts.web.static_files import PAGES

_log = logging.getLogger(__name__)
# The busiest first: a request is compared with one route after the other.
_ROUTERS = (
    device,
    dispensers,
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
    auth,
    live,
)


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    clock: Clock = utc_now,
    randomness: Randomness = secrets.token_bytes,
    monotonic: Monotonic = time.monotonic,
) -> FastAPI:
    """The server, ready for calls. The database must be upgraded already."""
    return create_program(open_site(settings, clock, randomness, monotonic))


def open_site(
    settings: Settings,
    clock: Clock = utc_now,
    randomness: Randomness = secrets.token_bytes,
    monotonic: Monotonic = time.monotonic,
) -> Site:
    """The site of a server: its database, clocks and secrets."""
    settings = with_secret_key(settings, randomness)
    folder = beside(settings, ".virtual")
    return Site(
        Database(settings.database_url),
        clock,
        randomness,
        Hub(),
        settings,
        boards=Boards(folder, settings.virtual_dispensers),
        high_water_mark=mark_of(settings),
        lived=LivedThrough(monotonic),
    )


def create_program(site: Site) -> FastAPI:
    """The routes of a server. `state.site` may be replaced by a site with the same origins."""
    app = DocumentedApi(
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
    return app


def from_environment() -> FastAPI:
    """The server of the YAGUTS_* variables: what `yaguts serve` runs."""
    return create_app(with_data_folder(Settings.from_environment(os.environ), os.environ))


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    allowed_origins, own = settings.allowed_origins, settings.public_origin
    # The middleware that is added last sees a request first.
    app.add_middleware(BodyCheck, refuse=_refuse, takes_anything=device.takes_anything)
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
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    if settings.sub_path:
        app.add_middleware(SubPath, prefix=settings.sub_path)


def _refuse(scope: Scope, status: int, code: str) -> Response:
    """A refusal as a page or as JSON, by the path that was asked for."""
    if route_path(scope).startswith(f"{PAGES}/"):
        return refusal_page(scope, status, code)
    return refusal(status, code)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncGenerator[None]:
    site: Site = app.state.site
    limit_people()
    with serving(site.settings.database_url):
        async with _served(site):
            yield


@asynccontextmanager
async def _served(site: Site) -> AsyncGenerator[None]:
    with suppress(Unavailable):  # The next sweep makes good for it.
        await run_in_threadpool(notice, site)
    stopping = asyncio.Event()
    sweeping = asyncio.create_task(_sweep_until(stopping, site))
    try:
        with _woken_by_signals(site.hub), _in_touch_with_others(site):
            yield
    finally:
        site.hub.close()
        stopping.set()
        await sweeping
        site.boards.close()
        site.database.close()


async def _sweep_until(stopping: asyncio.Event, site: Site) -> None:
    """Let the last sweep finish: cancelling its task would leave its thread behind."""
    every_s = site.settings.sweep_every_s
    while not stopping.is_set():
        try:
            await run_in_threadpool(notice, site)
            await run_in_threadpool(sweep, site)
            await run_in_threadpool(site.lived.keep, site.database, site.clock())
            await run_in_threadpool(put_right, site)
        except Unavailable:
            pass  # The failure is in the log; the next sweep makes good for it.
        except Exception:
            _log.exception("A sweep failed; the next one is in %s s", every_s)
        with suppress(TimeoutError):
            async with asyncio.timeout(every_s):
                await stopping.wait()


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
