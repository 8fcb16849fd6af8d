"""Wake whoever watches a job, or waits for its place in the queue. After the commit."""

from yaguts.domain.jobs.job import ACTIVE, FINAL, Job
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import dispenser_topic, job_topic, kitchen_topic


def announce(site: Site, job: Job) -> None:
    """Announce the job's new state. A job that waits wakes the poll of its dispenser, and so does
    the end of one: the next job of the queue may be fetched.
    """
    if job.state in FINAL:
        site.progress.forget(job.id)
        site.observer.job_ended(job)
    site.hub.publish(job_topic(job.id), job)
    site.hub.publish(kitchen_topic(job.kitchen_id), job)
    if job.state not in ACTIVE:
        site.hub.publish(dispenser_topic(job.dispenser_id), job.id)
