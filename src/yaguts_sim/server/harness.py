"""The server's program, built once a process. Each history lays its own database and time under it.

Building the application takes longer than hundreds of histories; nothing in it outlives a request
but what the database holds, so a server that starts anew is the same program on a new loop.
"""

import gc
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, cast

import anyio.to_thread

from yaguts.app import create_app
from yaguts.services.delivery.long_poll import LONGEST_WAIT_S
from yaguts.services.runtime.context import Site
from yaguts.settings import Settings
from yaguts.storage.tables import metadata
from yaguts_sim.engine.clock import Microseconds
from yaguts_sim.server.asgi import AsgiApp
from yaguts_sim.server.database import MemoryDatabase

EPOCH = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
TIME_TO_LIVE = timedelta(seconds=90)
"""Shorter than the ten minutes of a real kitchen, so that many a history outlives its jobs."""
_OBJECTS_BETWEEN_COLLECTIONS = 100_000
_SETTINGS = Settings(
    database_url="sqlite://",
    secret_key="noz-moscada" * 4,
    registration="open",
    job_time_to_live=TIME_TO_LIVE,
    # Every order comes through this process, which wakes its polls.
    polls_look_again_s=LONGEST_WAIT_S,
    # Rarer than in a real kitchen, because hours pass faster here.
    sweep_every_s=20,
)


class ServerHarness:
    """An application, its database, and the time and chance that it is given."""

    def __init__(self) -> None:
        self.now: Callable[[], Microseconds] = lambda: 0
        self.skew: Microseconds = 0
        self.random = Random(0)
        self.application = create_app(_SETTINGS, self._clock, self._randomness)
        self.app = cast(AsgiApp, self.application)
        self.site: Site = self.application.state.site
        self.database = MemoryDatabase()
        self.database.serve(self.site.database.engine)
        metadata.create_all(self.site.database.engine)

    def load(self, content: bytes, now: Callable[[], Microseconds], random: Random) -> None:
        """Put a history's database, time and chance under the application."""
        self.database.load(content)
        self.now, self.skew, self.random = now, 0, random
        self.site.high_water_mark.forget()

    def open_database(self) -> None:
        """Open the database anew, as a process does that starts."""
        engine = self.site.database.engine
        engine.dispose()
        engine.connect().close()

    def _clock(self) -> datetime:
        return EPOCH + timedelta(microseconds=self.now() + self.skew)

    def _randomness(self, length: int) -> bytes:
        return self.random.randbytes(length)


@contextmanager
def one_thread() -> Generator[None]:
    """Let the application's plain functions run where they are called, in the world's order.

    What it logs of the faults it is given stays unsaid.
    """
    logging.disable(logging.CRITICAL)
    before = anyio.to_thread.run_sync

    async def inline(function: Callable[..., Any], *args: Any, **_options: Any) -> Any:
        return function(*args)

    anyio.to_thread.run_sync = inline
    try:
        yield
    finally:
        anyio.to_thread.run_sync = before
        logging.disable(logging.NOTSET)


@contextmanager
def garbage_collected_rarely() -> Generator[None]:
    """What a history leaves behind is collected with the next ones'.

    Python would look through the whole application for garbage several times a history.
    """
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
