"""Maintenance: a dose, a purge or a cleaning, without a recipe."""

from collections.abc import Collection, Sequence

from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Job, JobKind
from yaguts.domain.jobs.maintenance import cleaning, dose, jar_numbered, purge
from yaguts.domain.jobs.planning import Planned
from yaguts.domain.people import Actor
from yaguts.domain.recipe import Jar
from yaguts.domain.units import Milligrams, Milliseconds
from yaguts.services.jobs.enqueue import Order, Planning, enqueue, tell
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers


def order_dose(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    number: int,
    quantity: Milligrams,
    by: Actor,
) -> Job:
    """Order a dose from one jar. Raises what `enqueue` raises, or `UnknownJar`."""

    def planned(jars: Sequence[Jar]) -> Planned:
        return dose(jar_numbered(jars, number), quantity)

    return _order(site, kitchen_id, dispenser_id, JobKind.DOSE, planned, by)


def order_purge(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    number: int,
    duration: Milliseconds,
    by: Actor,
) -> Job:
    """Order a purge of one jar. What falls is waste. Raises what `enqueue` raises, or
    `UnknownJar`.
    """

    def planned(jars: Sequence[Jar]) -> Planned:
        return purge(jar_numbered(jars, number), duration)

    return _order(site, kitchen_id, dispenser_id, JobKind.PURGE, planned, by)


def order_cleaning(
    site: Site, kitchen_id: KitchenId, dispenser_id: int, numbers: Collection[int], by: Actor
) -> Job:
    """Order a cleaning of these jars. Raises `NotPlannable` when one is not empty."""

    def planned(jars: Sequence[Jar]) -> Planned:
        return cleaning([jar_numbered(jars, number) for number in sorted(set(numbers))])

    return _order(site, kitchen_id, dispenser_id, JobKind.CLEANING, planned, by)


def _order(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    kind: JobKind,
    planning: Planning,
    by: Actor,
) -> Job:
    with site.database.write() as connection:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        enqueued = enqueue(site, connection, dispenser, Order(kind=kind), planning, by)
    return tell(site, enqueued)
