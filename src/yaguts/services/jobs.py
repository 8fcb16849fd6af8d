"""What a person does with jobs: order one, look at it, cancel it."""

from dataclasses import dataclass
from datetime import datetime

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import Busy, NotFound, NotPlannable
from yaguts.domain.job import ACTIVE, Effect, Event, Item, Job, advance
from yaguts.domain.ledger import holds, releases
from yaguts.domain.planning import Plan, plan
from yaguts.services.announce import announce
from yaguts.services.context import Site
from yaguts.services.expiry import end_if_overdue
from yaguts.services.hub import dispenser_topic
from yaguts.services.messages import insist_on_fitting
from yaguts.storage import dispensers, jobs, ledger, recipes
from yaguts.storage.database import Connection

KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants: a recipe, for so many people. `multiplier` is version 0.1's word."""

    recipe_id: int
    people: int
    multiplier: int = 1


def order(site: Site, person_id: int, wanted: Order) -> Job:
    """Plan a recipe and queue it for the default dispenser.

    `Busy`, `NotPlannable` with every reason, or `JobTooLarge`; then nothing is held.
    """
    now = site.clock()
    with site.database.write() as connection:
        recipe = recipes.find(connection, person_id, wanted.recipe_id)
        dispenser = dispensers.default_of(connection, person_id)
        ended = _make_way(connection, dispenser.id, now)
        planned = plan(recipe, wanted.people, dispensers.jars_of(connection, dispenser.id))
        if not isinstance(planned, Plan):
            raise NotPlannable(planned)
        job = jobs.add(connection, _draft(site, dispenser, wanted, planned, now))
        insist_on_fitting(job)
        ledger.book(connection, dispenser.id, holds(job), now, person_id)
    for changed in (*ended, job):
        announce(site, changed)
    site.hub.publish(dispenser_topic(dispenser.id), job.id)
    return job


def find(site: Site, person_id: int, job_id: int) -> Job:
    """One of the person's jobs. Anybody else's is as unknown as one that never was."""
    with site.database.read() as connection:
        job = jobs.find(connection, job_id)
    if job.owner_id != person_id:
        raise NotFound(what="job")
    return job


def active(site: Site, person_id: int) -> Job | None:
    """The person's job that keeps a dispenser busy; the latest, if several do."""
    with site.database.read() as connection:
        return next(iter(jobs.active_of(connection, person_id)), None)


def cancel_active(site: Site, person_id: int) -> int:
    """Cancel the person's active jobs; how many.

    One that no dispenser has started ends at once. The others are asked to stop, and end when
    the dispenser says what fell.
    """
    now = site.clock()
    with site.database.write() as connection:
        cancelled = [_cancel(connection, job, now) for job in jobs.active_of(connection, person_id)]
    for job in cancelled:
        announce(site, job)
    return len(cancelled)


def _make_way(connection: Connection, dispenser_id: int, now: datetime) -> list[Job]:
    """End what time has ended. `Busy` if the dispenser still has a job then."""
    before = jobs.of_dispenser(connection, dispenser_id, ACTIVE)
    after = [end_if_overdue(connection, job, now) for job in before]
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
    )


def _cancel(connection: Connection, job: Job, now: datetime) -> Job:
    after, effect = advance(job, Event.CANCELLED, now)
    jobs.store(connection, job, after)
    if effect == Effect.RELEASE:
        ledger.book(connection, job.dispenser_id, releases(after), now)
    return after
