"""What a restore begins and gives up.

A job that is open in the copy ended long ago, or only its dispenser knows it. So every open job is
given up. What a dispenser still reports of one is booked. What it reports of jobs that the copy
does not know is kept: see `delivery.orphan_reports`. In which of the browsers alerts were switched
off since nobody knows, so none of them is alerted until somebody allows it anew.
"""

from datetime import datetime

from yaguts.domain.high_water_mark import Mark, went_back
from yaguts.domain.jobs.job import UNDER_WAY, Job, JobEvent, advance
from yaguts.domain.stock.ledger import releases
from yaguts.domain.stock.waste import jars_of_unknown_stock
from yaguts.services.alerts.job_ended import job_ended
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.storage import alert_browsers, epochs, jobs, ledger
from yaguts.storage.db.database import Connection
from yaguts.storage.db.locks import lock

NAME_BYTES = 16


def restored(site: Site, lost: Mark | None = None) -> int:
    """Begin a new epoch and give up every open job; return how many. `lost`: the lost database's
    mark.

    Of several servers that notice the restore, the first does it.
    """
    with site.database.write() as connection:
        lock(connection, "restored")
        seen = epochs.mark(connection)
        if lost is not None and not went_back(lost, seen):
            return 0
        given_up, after = _begin_epoch(site, connection, lost)
    return len(_tell(site, given_up, after))


def begin_epoch(site: Site, lost: Mark | None) -> tuple[Job, ...]:
    """Begin a new epoch after that of `lost` in any case, and return the jobs that are given up."""
    with site.database.write() as connection:
        lock(connection, "restored")
        given_up, after = _begin_epoch(site, connection, lost)
    return _tell(site, given_up, after)


def _begin_epoch(
    site: Site, connection: Connection, lost: Mark | None
) -> tuple[tuple[Job, ...], Mark]:
    now = site.clock()
    number = 1 + max(epochs.mark(connection).epoch, 0 if lost is None else lost.epoch)
    epochs.begin(connection, number, site.randomness(NAME_BYTES).hex(), now)
    alert_browsers.remove_everybodys(connection)
    given_up = tuple(
        _give_up(site, connection, job, now) for job in jobs.open_for_update(connection)
    )
    return given_up, epochs.mark(connection)


def _tell(site: Site, given_up: tuple[Job, ...], after: Mark) -> tuple[Job, ...]:
    site.high_water_mark.keep(after)
    for job in given_up:
        announce(site, job)
    return given_up


def _give_up(site: Site, connection: Connection, job: Job, now: datetime) -> Job:
    after, _ = advance(job, JobEvent.RESTORED, now)
    jobs.store(connection, job, after)
    ledger.book(connection, job.dispenser_id, releases(after), now)
    if job.state in UNDER_WAY:
        ledger.lose_count(connection, job.dispenser_id, jars_of_unknown_stock(after))
    job_ended(site, connection, job, after)
    return after
