"""Put an order before a dispenser: plan it, hold its stock, queue it."""

from dataclasses import dataclass
from datetime import datetime

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import Busy, NotPlannable
from yaguts.domain.job import ACTIVE, Item, Job
from yaguts.domain.ledger import holds
from yaguts.domain.people import Actor
from yaguts.domain.planning import Plan, plan
from yaguts.domain.recipe import Recipe
from yaguts.services.announce import announce
from yaguts.services.context import Site
from yaguts.services.expiry import end_if_overdue
from yaguts.services.hub import dispenser_topic
from yaguts.services.messages import insist_on_fitting
from yaguts.storage import by_hand, dispensers, jobs, ledger
from yaguts.storage.database import Connection
from yaguts.storage.locks import alone

KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants: a recipe, for so many people. `multiplier` is version 0.1's word.

    `retry_of`: the job whose missing part this is. `by_hand`: the cook adds what no jar serves.
    `dispenser_id`: who is to make it; the default one, if nobody is named.
    """

    recipe_id: int | None
    people: int
    multiplier: int = 1
    retry_of: int | None = None
    by_hand: bool = False
    dispenser_id: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A queued job, and those that time had ended and that made way for it."""

    job: Job
    ended: tuple[Job, ...]


def place(
    site: Site,
    connection: Connection,
    dispenser: Dispenser,
    wanted: Order,
    recipe: Recipe,
    by: Actor | None,
) -> Placed:
    """Queue the job. `Busy`, `NotPlannable` with every reason, or `JobTooLarge`."""
    now = site.clock()
    alone(connection, f"orders for {dispenser.id}")  # the second finds it busy, not short of stock
    ended = _make_way(connection, dispenser.id, now)
    jars = dispensers.jars_of(connection, dispenser.id)
    planned = plan(recipe, wanted.people, jars, by_hand=wanted.by_hand)
    if not isinstance(planned, Plan):
        raise NotPlannable(planned)
    job = jobs.add(connection, _draft(site, dispenser, wanted, planned, now))
    insist_on_fitting(job)
    by_hand.add(connection, job.id, planned.by_hand)
    who = by or Actor(dispenser.owner_id)
    ledger.book(connection, dispenser.id, holds(job), now, who.person_id)
    return Placed(job, ended)


def tell(site: Site, placed: Placed) -> Job:
    """Wake the dispenser and whoever watches. After commit."""
    for changed in (*placed.ended, placed.job):
        announce(site, changed)
    site.hub.publish(dispenser_topic(placed.job.dispenser_id), placed.job.id)
    return placed.job


def _make_way(connection: Connection, dispenser_id: int, now: datetime) -> tuple[Job, ...]:
    """End what time has ended. `Busy` if the dispenser still has a job then."""
    before = jobs.take_active(connection, dispenser_id=dispenser_id)
    after = tuple(end_if_overdue(connection, job, now) for job in before)
    for job in after:
        if job.state in ACTIVE:
            raise Busy(job_id=job.id)
    return after


def _draft(site: Site, dispenser: Dispenser, wanted: Order, planned: Plan, now: datetime) -> Job:
    items = tuple(
        Item(0, dose.order, dose.jar, dose.spice, dose.quantity, dose.duration)
        for dose in planned.doses
    )
    return Job(
        id=0,
        key=site.randomness(KEY_BYTES).hex(),
        owner_id=dispenser.owner_id,
        dispenser_id=dispenser.id,
        recipe_id=wanted.recipe_id,
        people=wanted.people,
        multiplier=wanted.multiplier,
        motor=dispenser.motor,
        items=items,
        created_at=now,
        expires_at=now + site.settings.job_time_to_live,
        retry_of=wanted.retry_of,
    )
