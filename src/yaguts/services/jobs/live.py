"""Follow one job while it runs."""

from collections.abc import AsyncGenerator

import anyio.to_thread

from yaguts.domain.errors import NotYours
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Job
from yaguts.domain.jobs.ownership import is_of_kitchen
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import job_topic
from yaguts.services.runtime.progress import DoseProgress
from yaguts.storage import jobs


def insist_on_own(site: Site, kitchen_id: KitchenId, job_id: int) -> None:
    """Check that a kitchen may follow a job. Raises `NotFound`, or `NotYours` for another's."""
    if not is_of_kitchen(_read(site, job_id), kitchen_id):
        raise NotYours


async def follow(site: Site, job_id: int) -> AsyncGenerator[Job | DoseProgress | None]:
    """The job as it is, each newer version of it, and the progress in between.

    Yields None when nothing has happened for `followers_look_again_s`. Ends when the server closes.
    It subscribes before it reads, so that nothing is missed, and yields each version once.
    """
    with site.hub.listen(job_topic(job_id)) as subscription:
        job = await anyio.to_thread.run_sync(_read, site, job_id)
        yield job
        while not site.hub.closing:
            event = await subscription.next(site.settings.followers_look_again_s)
            quiet = event is None and not site.hub.closing
            if quiet:
                event = await anyio.to_thread.run_sync(_read, site, job_id)
            if isinstance(event, DoseProgress):
                yield event
            elif isinstance(event, Job) and event.version > job.version:
                job = event
                yield job
            elif quiet:
                yield None


def _read(site: Site, job_id: int) -> Job:
    with site.database.read() as connection:
        return jobs.find(connection, job_id)
