"""Hold a dispenser's poll until there is a job for it.

Polls of dispensers that are known to have nothing to do are held before, in `http.lean.idle_polls`.
"""

import asyncio
from collections.abc import Awaitable, Callable

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.jobs.job import Job
from yaguts.services.delivery.handover import offer
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import dispenser_topic
from yaguts.services.runtime.threads import briefly

_offer = briefly(offer)


async def wait_for_job(
    site: Site,
    caller: Dispenser,
    holding: str,
    wait_s: float,
    has_gone: Callable[[], Awaitable[bool]],
) -> Job | None:
    """The job to offer as soon as there is one. None after `wait_s`, or when the caller has
    gone. Raises `NotSignedIn` when the caller's token is no longer valid.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + wait_s
    with site.hub.listen(dispenser_topic(caller.id)) as subscription:
        while True:
            job = await _offer(site, caller, holding)
            left = until - clock()
            if job is not None or left <= 0 or site.hub.closing or await has_gone():
                return job
            site.observer.polls_held(1)
            try:
                await subscription.next(min(left, site.settings.polls_look_again_s))
            finally:
                site.observer.polls_held(-1)
