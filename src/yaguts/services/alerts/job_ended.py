"""A job that ended is told of in the transaction in which it ended."""

from yaguts.domain.alerts.kinds import AlertEvent, AlertKind, AlertMessage
from yaguts.domain.alerts.trouble import ended_badly, failed, job_facts, job_subject
from yaguts.domain.jobs.job import FOR_A_DISH, Job, JobState
from yaguts.services.runtime.context import Site
from yaguts.storage import alert_outbox, alert_targets, dispensers, jobs
from yaguts.storage.db.database import Connection

UID_BYTES = 16


def job_ended(site: Site, connection: Connection, before: Job, after: Job) -> None:
    """Tell whoever wants to know that a job ended badly, that it is well after all, or that it is
    done.

    It is well when a late report says so, or when what it left undone was ordered again and done.
    """
    if ended_badly(after):
        _tell(site, connection, after)
    elif after.state == JobState.DONE:
        again = ended_badly(before) or after.retry_of is not None
        told = _tell_well(site, connection, after) if again else set[int]()
        if after.kind in FOR_A_DISH:
            _tell_done(site, connection, after, told)


def new_uid(site: Site) -> str:
    """The number of a message, by which a receiver knows it again."""
    return site.randomness(UID_BYTES).hex()


def _tell(site: Site, connection: Connection, job: Job) -> None:
    targets = alert_targets.wanting(connection, job.kitchen_id, AlertKind.JOB_FAILED)
    if not targets:
        return
    dispenser = dispensers.find(connection, job.kitchen_id, job.dispenser_id)
    trouble, now = failed(job, job.recipe_name, dispenser), site.clock()
    for target_id in targets:
        alert_outbox.tell(connection, target_id, job.kitchen_id, trouble, now, new_uid(site))


def _tell_done(site: Site, connection: Connection, job: Job, told: set[int]) -> None:
    """Tell the browsers that were not told in other words."""
    wanting = alert_targets.browsers_wanting(connection, job.kitchen_id, AlertKind.JOB_DONE)
    if not wanting:
        return
    dispenser = dispensers.find(connection, job.kitchen_id, job.dispenser_id)
    about, now = job_facts(job, job.recipe_name, dispenser), site.clock()
    for target_id in wanting:
        if target_id not in told:
            uid, subject = new_uid(site), job_subject(job.id)
            kind, event = AlertKind.JOB_DONE, AlertEvent.WELL
            message = AlertMessage(0, uid, kind, event, subject, about, now)
            alert_outbox.add(connection, target_id, message)


def _tell_well(site: Site, connection: Connection, job: Job) -> set[int]:
    """The targets that were told."""
    targets: set[int] = set()
    well: int | None = job.id
    while well is not None:
        for told in alert_outbox.told_about(connection, AlertKind.JOB_FAILED, job_subject(well)):
            alert_outbox.tell_well(connection, told, site.clock(), new_uid(site))
            targets.add(told.target_id)
        well = job.retry_of
        if well is not None:
            job = jobs.find(connection, well)
    return targets
