"""Follow one job while it runs."""

from collections.abc import AsyncGenerator, Sequence

from yaguts.domain.errors import NotYours
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Job
from yaguts.domain.jobs.ownership import is_of_kitchen
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import job_topic
from yaguts.services.runtime.pace import Pace
from yaguts.services.runtime.progress import DoseProgress
from yaguts.services.runtime.threads import in_live_thread
from yaguts.storage import jobs


def insist_on_own(site: Site, kitchen_id: KitchenId, job_id: int) -> None:
    """Check that a kitchen may follow a job. Raises `NotFound`, or `NotYours` for another's."""
    if not is_of_kitchen(_read(site, job_id), kitchen_id):
        raise NotYours


async def follow(site: Site, job_id: int) -> AsyncGenerator[Job | DoseProgress | None]:
    """The job as it is, each newer version of it, and the latest progress in between.

    Yields None when nothing has happened for `followers_look_again_s`. Ends when the server closes.
    It subscribes before it reads, so that nothing is missed, and yields each version once.
    """
    pace = Pace()
    with site.hub.listen(job_topic(job_id)) as subscription:
        job = await in_live_thread(_read, site, job_id)
        yield job
        while not site.hub.closing:
            first = await subscription.next(site.settings.followers_look_again_s)
            came = _merged([first, *subscription.waiting()])
            quiet = came == [None] and not site.hub.closing
            if None in came and not site.hub.closing:
                came.append(await in_live_thread(_read, site, job_id))
            for each in came:
                if isinstance(each, DoseProgress):
                    yield each
                elif isinstance(each, Job) and each.version > job.version:
                    job = each
                    yield job
                elif quiet and each is not None:
                    yield None
            if any(isinstance(each, DoseProgress) for each in came):
                await pace.keep()


def _merged(events: Sequence[object]) -> list[object]:
    """The events in their order, but of each dose the last progress only."""
    last = {each.order: each for each in events if isinstance(each, DoseProgress)}
    return [
        event
        for event in events
        if not isinstance(event, DoseProgress) or last[event.order] is event
    ]


def _read(site: Site, job_id: int) -> Job:
    with site.database.read() as connection:
        return jobs.find(connection, job_id)
