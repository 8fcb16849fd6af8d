"""Time's part in a job's life: its turn comes, or it expires, or it is given up as silent."""

from datetime import datetime

from yaguts.domain.jobs.deadlines import LONGEST_SILENCE, overdue
from yaguts.domain.jobs.job import Job, JobEvent, advance
from yaguts.domain.jobs.queue import called
from yaguts.domain.stock.ledger import releases
from yaguts.domain.stock.waste import uncounted
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.storage import jobs, ledger
from yaguts.storage.db.database import Connection


def sweep(site: Site) -> int:
    """End every job whose time is over; how many. The time of those that are first now begins."""
    now = site.clock()
    with site.database.read() as connection:
        suspects = jobs.possibly_overdue(connection, now, now - LONGEST_SILENCE)
    ended = sum(_end(site, job.id) for job in suspects if overdue(job, now))
    with site.database.read() as connection:
        first = jobs.uncalled(connection)
    for job in first:
        _call(site, job.id)
    return ended


def end_if_overdue(connection: Connection, job: Job, now: datetime) -> Job:
    """The job as time has left it. Whoever decides something about a job looks through this."""
    event = overdue(job, now)
    if event is None:
        return job
    after, _ = advance(job, event, now)
    jobs.store(connection, job, after)
    ledger.book(connection, job.dispenser_id, releases(after), now)
    if event == JobEvent.FELL_SILENT:
        ledger.lose_count(connection, job.dispenser_id, uncounted(after))
    return after


def _end(site: Site, job_id: int) -> bool:
    with site.database.write() as connection:
        before = jobs.take(connection, job_id)
        after = end_if_overdue(connection, before, site.clock())
    if after is before:  # it was reported, or heard of, this very moment
        return False
    announce(site, after)
    return True


def _call(site: Site, job_id: int) -> None:
    """Whoever is first stays first, so there is no need to look who is before it once more."""
    with site.database.write() as connection:
        before = jobs.take(connection, job_id)
        after = called(before, site.clock() + site.settings.job_time_to_live)
        if after is not before:
            jobs.store(connection, before, after)
