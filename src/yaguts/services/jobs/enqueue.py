"""Enqueue an order: plan it, hold its stock, put its job into the queue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import Busy, NotPlannable, QueueFull
from yaguts.domain.jobs.job import Dose, Job, JobKind
from yaguts.domain.jobs.planning import Plan, Planned
from yaguts.domain.jobs.queue import MOST_JOBS, queue_of, with_time_to_live
from yaguts.domain.jobs.shown import Portion
from yaguts.domain.people import Actor
from yaguts.domain.recipe import Jar
from yaguts.domain.stock.ledger import holds
from yaguts.services.delivery.expiry import end_if_overdue
from yaguts.services.delivery.job_message import insist_on_fitting
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import dispenser_topic
from yaguts.storage import by_hand, dispensers, jobs, ledger
from yaguts.storage.db.database import Connection
from yaguts.storage.db.locks import lock

KEY_BYTES = 16

Planning = Callable[[Sequence[Jar]], Planned]
"""The plan of an order, given the jars at that moment."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody orders.

    `multiplier` is version 0.1's number of people. `by_hand`: the cook adds what no jar holds.
    `dispenser_id`: None is the default one. `retry_of`: the job whose missing part this is.
    `queue`: whether to wait when the dispenser is busy; None leaves it to the dispenser's setting.
    `shown`: what the person was shown, which alone may be poured; None: nothing is compared.
    `recipe_name` is the recipe's present name.
    """

    recipe_id: int | None = None
    people: int = 1
    multiplier: int = 1
    retry_of: int | None = None
    by_hand: bool = False
    dispenser_id: int | None = None
    queue: bool | None = None
    kind: JobKind = JobKind.RECIPE
    shown: tuple[Portion, ...] | None = None
    recipe_name: str | None = None


@dataclass(frozen=True, slots=True)
class Enqueued:
    """A queued job, and the jobs before it that time has ended."""

    job: Job
    ended: tuple[Job, ...]


def enqueue(
    site: Site,
    connection: Connection,
    dispenser: Dispenser,
    wanted: Order,
    plan: Planning,
    by: Actor,
) -> Enqueued:
    """Enqueue the job. Raises `Busy`, `QueueFull`, `NotPlannable` with every obstacle,
    `JobTooLarge`, `UnsendableSpice`.
    """
    now, life = site.clock(), site.settings.job_time_to_live
    lock(
        connection, f"orders for {dispenser.id}"
    )  # The second of two orders finds the dispenser busy, not its stock too small.
    looked_at = _ended_if_overdue(site, connection, dispenser.id, now)
    before = queue_of(looked_at)
    _insist_on_room(before, dispenser.settings.queues if wanted.queue is None else wanted.queue)
    planned = plan(dispensers.jars_of(connection, dispenser.id))
    if not isinstance(planned, Plan):
        raise NotPlannable(planned)
    until = now + life
    draft = _draft(site, dispenser, wanted, planned, now)
    job = jobs.add(connection, draft if before else replace(draft, expires_at=until))
    insist_on_fitting(with_time_to_live(job, until))
    by_hand.add(connection, job.id, planned.by_hand)
    ledger.book(connection, dispenser.id, holds(job), now, by.person_id)
    return Enqueued(job, tuple(one for one in looked_at if one not in before))


def tell(site: Site, enqueued: Enqueued) -> Job:
    """Wake the dispenser and whoever watches. After the commit."""
    for changed in (*enqueued.ended, enqueued.job):
        announce(site, changed)
    site.hub.publish(dispenser_topic(enqueued.job.dispenser_id), enqueued.job.id)
    return enqueued.job


def _ended_if_overdue(
    site: Site, connection: Connection, dispenser_id: int, now: datetime
) -> list[Job]:
    """The dispenser's jobs so far. Those whose time is over are ended."""
    before = jobs.active_for_update(connection, dispenser_id=dispenser_id)
    return [end_if_overdue(site, connection, job, now) for job in before]


def _insist_on_room(before: Sequence[Job], queue: bool) -> None:
    if before and not queue:
        raise Busy(job_id=before[0].id)
    if len(before) >= MOST_JOBS:
        raise QueueFull(most=MOST_JOBS)


def _draft(site: Site, dispenser: Dispenser, wanted: Order, planned: Plan, now: datetime) -> Job:
    doses = tuple(
        Dose(0, dose.order, dose.jar, dose.spice, dose.quantity, dose.duration)
        for dose in planned.doses
    )
    return Job(
        id=0,
        key=site.randomness(KEY_BYTES).hex(),
        kitchen_id=dispenser.kitchen_id,
        dispenser_id=dispenser.id,
        recipe_id=wanted.recipe_id,
        people=wanted.people,
        multiplier=wanted.multiplier,
        motor=dispenser.motor,
        doses=doses,
        created_at=now,
        expires_at=None,
        retry_of=wanted.retry_of,
        kind=wanted.kind,
        asks=dispenser.settings.asks,
        recipe_name=wanted.recipe_name,
    )
