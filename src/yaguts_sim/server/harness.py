"""The real application, built once a process. Each history gives it a database and a clock.

Building it takes longer than hundreds of histories. Between requests it keeps nothing but the
database, so a restarted server is the same application on a new event loop.
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
from yaguts.services.runtime.context import Site
from yaguts.settings import OFF, Settings
from yaguts.storage.tables import metadata
from yaguts_sim.engine.clock import US_PER_S, Microseconds
from yaguts_sim.server.asgi import AsgiApp
from yaguts_sim.server.database import MemoryDatabase
from yaguts_wire.limits import MAX_POLL_S

EPOCH = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)
TIME_TO_LIVE = timedelta(seconds=90)
"""Shorter than the ten minutes of a real kitchen, so that jobs expire in many histories."""
_OBJECTS_BETWEEN_COLLECTIONS = 100_000
_REQUEST_ID = "0123456789abcdef"
"""Of every request: what goes over the network depends on the seed alone."""
_SETTINGS = Settings(
    database_url="sqlite://",
    secret_key="noz-moscada" * 4,
    registration="open",
    metrics=OFF,
    job_time_to_live=TIME_TO_LIVE,
    # Every order comes through this process, which wakes its polls.
    polls_look_again_s=MAX_POLL_S,
    # Rarer than in a real kitchen, because hours pass faster here.
    sweep_every_s=20,
    # Hours pass in a second here: `garbage_collected_rarely` does it.
    search_garbage_every_s=1_000_000,
    refusals_late_s=0,
)


class ServerHarness:
    """The application, with the database, the clock and the randomness of a history."""

    def __init__(self) -> None:
        self.now: Callable[[], Microseconds] = lambda: 0
        self.skew: Microseconds = 0
        self._skews: list[tuple[Microseconds, Microseconds]] = []
        self.random = Random(0)
        self.application = create_app(
            _SETTINGS, self._clock, self._randomness, self._monotonic, lambda: _REQUEST_ID
        )
        self.app = cast(AsgiApp, self.application)
        self.site: Site = self.application.state.site
        self.database = MemoryDatabase()
        self.database.serve(self.site.database.engine)
        metadata.create_all(self.site.database.engine)

    def load(self, content: bytes, now: Callable[[], Microseconds], random: Random) -> None:
        """Give the application the database, the clock and the randomness of a history."""
        self.database.load(content)
        self.now, self.skew, self.random = now, 0, random
        self._skews = [(now(), 0)]
        self.site.high_water_mark.forget()
        self.site.lived.forget()
        self.site.idle.forget()
        self.site.signs_of_life.clear()
        self.site.recognised.clear()
        self.site.beats.clear()

    def jump(self, by: Microseconds) -> None:
        """Put the server's clock forward by so much, or back."""
        self.skew += by
        self._skews.append((self.now(), self.skew))

    @property
    def jumped(self) -> bool:
        """Whether the clock has jumped in this history."""
        return len(self._skews) > 1

    def moments(self, told: datetime) -> list[Microseconds]:
        """The instants of the history at which the clock told this time: more than one after it
        was put back.
        """
        until = [*(since for since, _ in self._skews[1:]), self.now()]
        at = (told - EPOCH) // timedelta(microseconds=1)
        return [
            at - skew
            for (since, skew), end in zip(self._skews, until, strict=True)
            if since <= at - skew <= end
        ]

    def open_database(self) -> None:
        """Open the database anew, as a starting process does. It remembers nothing."""
        self.site.idle.forget()
        self.site.signs_of_life.clear()
        self.site.recognised.clear()
        self.site.beats.clear()
        engine = self.site.database.engine
        engine.dispose()
        engine.connect().close()

    def _clock(self) -> datetime:
        return EPOCH + timedelta(microseconds=self.now() + self.skew)

    def _monotonic(self) -> float:
        return self.now() / US_PER_S

    def _randomness(self, length: int) -> bytes:
        return self.random.randbytes(length)


@contextmanager
def one_thread() -> Generator[None]:
    """Run the application's plain functions in the calling thread, in the world's order.

    Nothing is logged meanwhile: the faults would fill the log.
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
    """Collect the garbage of several histories at once.

    Otherwise Python searches the whole application for garbage several times a history.
    """
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
