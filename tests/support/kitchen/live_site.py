"""A site on a server's database, for a test's own queries."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime

from tests.support.processes.commands import SECRET, Place
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import Hub
from yaguts.settings import Settings
from yaguts.storage.db.database import Database


@contextmanager
def site_of(place: Place) -> Generator[Site]:
    """The site, closed at the end."""
    database = Database(place.url)
    try:
        settings = Settings(place.url, SECRET, data_folder=place.data)
        yield Site(database, lambda: datetime.now(UTC), secrets.token_bytes, Hub(), settings)
    finally:
        database.close()
