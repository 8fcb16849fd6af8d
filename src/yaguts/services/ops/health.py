"""Whether the server can do its work."""

import shutil

from yaguts.domain.errors import Unavailable
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.files.server_files import folder_of
from yaguts.storage import people, rate_limits

ROOM = 4 * 1024 * 1024
"""With less room left, in bytes, a disk counts as full: SQLite's log may grow by so much."""


def insist_on_database(site: Site) -> None:
    """Run a query. Raises `Unavailable`."""
    with site.database.read() as connection:
        people.count(connection)


def is_ready(site: Site) -> bool:
    """Whether an order could be stored now. It writes, at most every ten seconds."""
    return site.observer.can_write.get(lambda: _can_write(site))


def _can_write(site: Site) -> bool:
    folder = folder_of(site.settings)
    if folder is not None and shutil.disk_usage(folder).free < ROOM:
        return False
    try:
        with site.database.write() as connection:
            rate_limits.try_out(connection, site.clock())
    except Unavailable:
        return False
    return True
