"""How a restored database is noticed: it is behind its high-water mark.

So is an audit log whose last entries were cut off, without anything else being lost.
"""

import logging
from dataclasses import replace

from yaguts.domain.high_water_mark import Mark, went_back
from yaguts.services.ops.epochs import restored
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.files.mark_file import HighWaterMark
from yaguts.storage import epochs, seals
from yaguts.storage.db.database import Connection, Database

_log = logging.getLogger(__name__)

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
        is_cut = lost_its_tail(connection, kept, seen)
    if went_back(kept, seen):
        return restored(site, kept)
    if is_cut and kept is not None:
        _say_once(site.high_water_mark)
        seen = replace(seen, sealed=kept.sealed, seal=kept.seal)
    site.high_water_mark.keep(seen)
    return None


def lost_its_tail(connection: Connection, kept: Mark | None, seen: Mark) -> bool:
    """Whether the mark knows a seal of this epoch that the audit log does not hold."""
    if kept is None or kept.epoch != seen.epoch:
        return False
    return not seals.knows(connection, kept.tail)


def say_restored(database: Database, mark: HighWaterMark) -> None:
    """Change the mark so that a server notices a restore."""
    with database.read() as connection:
        mark.keep(replace(epochs.mark(connection), name=SAID_SO))


def _say_once(mark: HighWaterMark) -> None:
    if not mark.told_of_lost_tail:
        mark.told_of_lost_tail = True
        _log.error("The last entries of the audit log were removed or changed: `yaguts audit`")
