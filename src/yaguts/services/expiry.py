"""Time's part in a job's life: what nobody fetched expires, what fell silent is given up."""

from datetime import datetime

from yaguts.domain.deadlines import LONGEST_SILENCE, overdue
from yaguts.domain.job import Job, advance
from yaguts.domain.ledger import releases
from yaguts.services.announce import announce
from yaguts.services.context import Site
from yaguts.storage import jobs, ledger
from yaguts.storage.database import Connection


def sweep(site: Site) -> int:
    """End every job whose time is over; how many."""
    now = site.clock()
    with site.database.read() as connection:
        suspects = jobs.possibly_overdue(connection, now, now - LONGEST_SILENCE)
    return sum(_end(site, job.id) for job in suspects if overdue(job, now))


def end_if_overdue(connection: Connection, job: Job, now: datetime) -> Job:
    """The job as time has left it. Whoever decides something about a job looks through this."""
    event = overdue(job, now)
    if event is None:
        return job
    after, _ = advance(job, event, now)
    jobs.store(connection, job, after)
    ledger.book(connection, job.dispenser_id, releases(after), now)
    return after


def _end(site: Site, job_id: int) -> bool:
    with site.database.write() as connection:
        before = jobs.take(connection, job_id)
        after = end_if_overdue(connection, before, site.clock())
    if after is before:  # it was reported, or heard of, this very moment
        return False
    announce(site, after)
    return True
