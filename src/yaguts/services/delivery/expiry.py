"""What time does to jobs: a time to live begins, a job expires, a silent job is given up."""

from datetime import datetime

from yaguts.domain.clock import ahead, lately
from yaguts.domain.jobs.deadlines import LONGEST_SILENCE, heard_in_the_future, overdue
from yaguts.domain.jobs.job import Job, JobEvent, advance
from yaguts.domain.jobs.queue import with_time_to_live
from yaguts.domain.stock.ledger import releases
from yaguts.domain.stock.waste import jars_of_unknown_stock
from yaguts.services.alerts.job_ended import job_ended
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.storage import jobs, ledger
from yaguts.storage.db.database import Connection


def sweep(site: Site) -> int:
    """End every job whose time is over, and return how many. Start the time to live of first
    jobs.
    """
    now, life = site.clock(), site.settings.job_time_to_live
    alive, heard = ahead(now, life), lately(now, LONGEST_SILENCE)
    with site.database.read() as connection:
        suspects = jobs.possibly_overdue(connection, alive, heard)
    ended = sum(_end(site, job.id) for job in suspects if overdue(job, now, life))
    for job in suspects:
        if heard_in_the_future(job, now):
            _wait_anew(site, job.id, now)
    with site.database.read() as connection:
        first = jobs.first_without_time_to_live(connection)
    for job in first:
        _call(site, job.id)
    return ended


def end_if_overdue(site: Site, connection: Connection, job: Job, now: datetime) -> Job:
    """The job after the event that time has caused. Every decision about a job looks at this
    one.
    """
    event = overdue(job, now, site.settings.job_time_to_live)
    if event is None:
        return job
    after, _ = advance(job, event, now)
    jobs.store(connection, job, after)
    ledger.book(connection, job.dispenser_id, releases(after), now)
    if event == JobEvent.FELL_SILENT:
        ledger.lose_count(connection, job.dispenser_id, jars_of_unknown_stock(after))
    job_ended(site, connection, job, after)
    return after


def _end(site: Site, job_id: int) -> bool:
    with site.database.write() as connection:
        before = jobs.find_for_update(connection, job_id)
        after = end_if_overdue(site, connection, before, site.clock())
    if after is before:  # It was reported, or heard of, at this very moment.
        return False
    announce(site, after)
    return True


def _wait_anew(site: Site, job_id: int, now: datetime) -> None:
    """A clock that was ahead must not keep a silent job open until it is right."""
    with site.database.write() as connection:
        jobs.heard(connection, job_id, now)


def _call(site: Site, job_id: int) -> None:
    """The first job stays the first, so the jobs before it need not be looked at again."""
    with site.database.write() as connection:
        before = jobs.find_for_update(connection, job_id)
        after = with_time_to_live(before, site.clock() + site.settings.job_time_to_live)
        if after is not before:
            jobs.store(connection, before, after)
