"""The dispensers of a kitchen, and what went wrong on each."""

from collections.abc import Iterable

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import UNDER_WAY, Job, JobState
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, jobs

MOST_TROUBLES = 5
_WENT_WRONG = (JobState.FAILED, JobState.DONE_PARTIAL)


def all_of(site: Site, kitchen_id: KitchenId) -> tuple[Dispenser, ...]:
    """The kitchen's dispensers that have a board."""
    with site.database.read() as connection:
        mine = dispensers.of(connection, kitchen_id)
    return tuple(dispenser for dispenser in mine if dispenser.paired)


def everything_of(site: Site, kitchen_id: KitchenId) -> tuple[Dispenser, ...]:
    """The kitchen's dispensers, with and without a board."""
    with site.database.read() as connection:
        return dispensers.of(connection, kitchen_id)


def find(site: Site, kitchen_id: KitchenId, dispenser_id: int) -> Dispenser:
    """One of the kitchen's dispensers. Raises `NotFound`."""
    with site.database.read() as connection:
        return dispensers.find(connection, kitchen_id, dispenser_id)


def pouring_on(site: Site, mine: Iterable[Dispenser]) -> dict[int, Job]:
    """The job that each of the dispensers has begun, by the dispenser's number."""
    with site.database.read() as connection:
        begun = {one.id: jobs.of_dispenser(connection, one.id, UNDER_WAY) for one in mine}
    return {number: under_way[0] for number, under_way in begun.items() if under_way}


def failed_jobs(site: Site, kitchen_id: KitchenId, dispenser_id: int) -> tuple[Job, ...]:
    """The dispenser's latest jobs in which something went wrong, newest first."""
    with site.database.read() as connection:
        dispensers.find(connection, kitchen_id, dispenser_id)
        return jobs.latest_on(connection, dispenser_id, _WENT_WRONG, MOST_TROUBLES)
