"""What an open page tells of its kitchen: orders that have just ended, and what is in trouble."""

from datetime import timedelta

from yaguts.domain.alerts.kinds import AlertEvent, AlertKind, AlertMessage
from yaguts.domain.alerts.trouble import ended_badly, job_facts, job_subject
from yaguts.domain.clock import lately
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Job, JobState
from yaguts.domain.people import Person
from yaguts.services.alerts.kinds import found
from yaguts.services.runtime.context import Site
from yaguts.storage import alert_targets, dispensers, jobs
from yaguts.storage.db.database import Connection
from yaguts_wire.values import MAX_ID

NEWS_LIFE = timedelta(minutes=10)
"""An order that ended longer ago is no news."""
MOST = 5
_LOOKED_AT = 25
"""The latest jobs are not those that have ended last: each dispenser has a queue of its own."""
_ENDED = frozenset({JobState.DONE, JobState.DONE_PARTIAL, JobState.FAILED})
_TROUBLES = (AlertKind.DISPENSER_SILENT, AlertKind.JAR_LOW)


def just_ended(site: Site, kitchen_id: KitchenId) -> tuple[AlertMessage, ...]:
    """Of the kitchen's last jobs those that have just ended, the latest first. Each has a `uid` of
    its own for each way to end.
    """
    new = lately(site.clock(), NEWS_LIFE)
    with site.database.read() as connection:
        last = jobs.past_of(connection, kitchen_id, _ENDED, MAX_ID, _LOOKED_AT, jobs.WORTH_TELLING)
        fresh = [job for job in last if job.finished_at in new]
        return tuple(_told(connection, job) for job in fresh[:MOST])


def in_trouble(site: Site, person: Person) -> tuple[AlertMessage, ...]:
    """The silent dispensers and the low jars of the kitchen in which the person cooks."""
    now = site.clock()
    with site.database.read() as connection:
        choices = alert_targets.choices_of(connection, person.id)
        troubles = found(site, connection, _TROUBLES, person.kitchen_id, choices)
    return tuple(
        AlertMessage(
            0,
            f"{each.subject} {each.kind} {each.grade}",
            each.kind,
            AlertEvent.TROUBLE,
            each.subject,
            each.facts,
            now,
        )
        for each in troubles
        if not each.lingers
    )


def _told(connection: Connection, job: Job) -> AlertMessage:
    dispenser = dispensers.find(connection, job.kitchen_id, job.dispenser_id)
    bad = ended_badly(job)
    kind = AlertKind.JOB_FAILED if bad else AlertKind.JOB_DONE
    event = AlertEvent.TROUBLE if bad else AlertEvent.WELL
    subject, about = job_subject(job.id), job_facts(job, job.recipe_name, dispenser)
    at = job.finished_at or job.created_at
    return AlertMessage(0, f"{subject} {job.state}", kind, event, subject, about, at)
