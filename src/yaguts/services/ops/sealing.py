"""The entries of the audit log are sealed after their commit, so that nobody waits for it."""

from yaguts.domain.seals import chained
from yaguts.services.runtime.context import Site
from yaguts.storage import seals
from yaguts.storage.db.locks import lock

AT_ONCE = 200
"""A transaction seals this many, so that on SQLite an order waits for a few milliseconds only."""


def seal(site: Site) -> None:
    """Seal all entries that wait for it. Of several servers, one at a time does."""
    while _anything_waits(site):
        with site.database.write() as connection:
            lock(connection, "seals")
            if waiting := seals.waiting(connection, AT_ONCE):
                seals.add(connection, chained(waiting, seals.tail(connection)))


def _anything_waits(site: Site) -> bool:
    with site.database.read() as connection:
        return bool(seals.waiting(connection, 1))
