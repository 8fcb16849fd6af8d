"""A database that was restored from an older copy: notice it, and let nothing run on from there.

What the copy takes for open ended long ago, or is known to a dispenser alone. So every open job is
given up; what a dispenser still reports of one is booked, and what it reports of jobs that the
copy does not know is kept for the owner: see `services.unclaimed`.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from yaguts.domain.high_water_mark import Mark, went_back
from yaguts.domain.jobs.job import UNDER_WAY, Job, JobEvent, advance
from yaguts.domain.stock.ledger import releases
from yaguts.domain.stock.waste import uncounted
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.high_water_mark import HighWaterMark
from yaguts.storage import epochs, jobs, ledger
from yaguts.storage.db.database import Connection, Database
from yaguts.storage.db.locks import alone

NAME_BYTES = 16
SAID_SO = "lost"
"""The name of an epoch that never was."""


def notice(site: Site) -> int | None:
    """Compare the database with the mark beside it. If it went back: how many jobs were given up.

    The mark is as old as the last look, so that a copy that is hardly older goes unnoticed. It does
    no harm then: a job that a dispenser has journaled never starts again.
    """
    kept = site.high_water_mark.read()
    with site.database.read() as connection:
        seen = epochs.mark(connection)
    if went_back(kept, seen):
        return restored(site, kept)
    site.high_water_mark.keep(seen)
    return None


def restored(site: Site, lost: Mark | None = None) -> int:
    """Begin a new epoch and give up every open job; how many. `lost`: where the other one was.

    Of servers that notice it together, the first does it.
    """
    with site.database.write() as connection:
        alone(connection, "restored")
        seen = epochs.mark(connection)
        if lost is not None and not went_back(lost, seen):
            return 0
        given_up, after = _begin_epoch(site, connection, lost)
    return len(_tell(site, given_up, after))


def begin_epoch(site: Site, lost: Mark | None) -> tuple[Job, ...]:
    """Begin a new epoch in any case, after that of `lost`; the open jobs that are given up."""
    with site.database.write() as connection:
        alone(connection, "restored")
        given_up, after = _begin_epoch(site, connection, lost)
    return _tell(site, given_up, after)


def _begin_epoch(
    site: Site, connection: Connection, lost: Mark | None
) -> tuple[tuple[Job, ...], Mark]:
    now = site.clock()
    number = 1 + max(epochs.mark(connection).epoch, 0 if lost is None else lost.epoch)
    epochs.begin(connection, number, site.randomness(NAME_BYTES).hex(), now)
    given_up = tuple(_give_up(connection, job, now) for job in jobs.take_open(connection))
    return given_up, epochs.mark(connection)


def _tell(site: Site, given_up: tuple[Job, ...], after: Mark) -> tuple[Job, ...]:
    site.high_water_mark.keep(after)
    for job in given_up:
        announce(site, job)
    return given_up


def say_restored(database: Database, file: Path) -> None:
    """Have whoever looks at the mark in this file next find that the database is an older copy."""
    with database.read() as connection:
        HighWaterMark(file).keep(replace(epochs.mark(connection), name=SAID_SO))


def _give_up(connection: Connection, job: Job, now: datetime) -> Job:
    after, _ = advance(job, JobEvent.RESTORED, now)
    jobs.store(connection, job, after)
    ledger.book(connection, job.dispenser_id, releases(after), now)
    if job.state in UNDER_WAY:
        ledger.lose_count(connection, job.dispenser_id, uncounted(after))
    return after
