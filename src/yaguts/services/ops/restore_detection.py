"""How a restored database is noticed: it is behind its high-water mark."""

from dataclasses import replace

from yaguts.domain.high_water_mark import went_back
from yaguts.services.ops.epochs import restored
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.mark_file import HighWaterMark
from yaguts.storage import epochs
from yaguts.storage.db.database import Database

SAID_SO = "lost"
"""The name of an epoch that never existed."""


def notice(site: Site) -> int | None:
    """Compare the database with its high-water mark. If it went back: how many jobs were given up.

    The mark is as old as the last comparison, so a copy that is hardly older is not noticed. That
    is harmless: a job that a dispenser has journaled never starts again.
    """
    kept = site.high_water_mark.read()
    with site.database.read() as connection:
        seen = epochs.mark(connection)
    if went_back(kept, seen):
        return restored(site, kept)
    site.high_water_mark.keep(seen)
    return None


def say_restored(database: Database, mark: HighWaterMark) -> None:
    """Change the mark so that a server notices a restore."""
    with database.read() as connection:
        mark.keep(replace(epochs.mark(connection), name=SAID_SO))
