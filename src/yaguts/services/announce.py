"""Tell whoever watches a job that it changed. After commit, never before."""

from yaguts.domain.job import FINAL, Job
from yaguts.services.context import Site
from yaguts.services.hub import job_topic, kitchen_topic


def announce(site: Site, job: Job) -> None:
    """The job is now like this."""
    if job.state in FINAL:
        site.progress.forget(job.id)
    site.hub.publish(job_topic(job.id), job)
    site.hub.publish(kitchen_topic(job.owner_id), job)
