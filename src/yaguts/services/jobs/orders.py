"""What a person does with jobs: order, find, cancel, resume, order what is missing."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.errors import NothingMissing
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Effect, Job, JobEvent, JobKind, advance
from yaguts.domain.jobs.maintenance import dose, jar_numbered
from yaguts.domain.jobs.missing import surely_missing
from yaguts.domain.jobs.ownership import of_kitchen
from yaguts.domain.jobs.planning import Planned, plan
from yaguts.domain.jobs.queue import first_of_each_dispenser, queue_of
from yaguts.domain.jobs.resume_consent import with_consent
from yaguts.domain.jobs.shown import insist_on_as_shown
from yaguts.domain.people import Actor
from yaguts.domain.recipe import Ingredient, Jar, Recipe
from yaguts.domain.stock.ledger import releases
from yaguts.services import audit_log
from yaguts.services.jobs.enqueue import Order, enqueue, tell
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.storage import by_hand as parts_by_hand
from yaguts.storage import dispensers, jobs, ledger, recipes
from yaguts.storage.db.database import Connection

__all__ = [
    "Order",
    "active",
    "active_jobs",
    "by_hand",
    "cancel",
    "cancel_active",
    "find",
    "order",
    "order_missing",
    "resume",
]


def order(site: Site, kitchen_id: KitchenId, wanted: Order, by: Actor) -> Job:
    """Order a recipe of the kitchen.

    Raises `NotFound`, `Busy`, `QueueFull`, `NotPlannable` with every obstacle, `NotAsShown`,
    `JobTooLarge` or `UnsendableSpice`; then nothing is held.
    """
    with site.database.write(shared=True) as connection:
        recipe = recipes.find(connection, kitchen_id, wanted.recipe_id or 0)
        dispenser = dispensers.named_or_default(connection, kitchen_id, wanted.dispenser_id)
        planned = partial(_as_shown, recipe, wanted)
        named = replace(wanted, recipe_name=recipe.name)
        enqueued = enqueue(site, connection, dispenser, named, planned, by)
    return tell(site, enqueued)


def order_missing(site: Site, kitchen_id: KitchenId, job_id: int, by: Actor) -> Job:
    """Order what an ended job left undone. A repeat returns the same job.

    Raises `NothingMissing`, or what `order` raises.
    """
    with site.database.write(shared=True) as connection:
        before = of_kitchen(jobs.find_for_update(connection, job_id), kitchen_id)
        already = jobs.retry_of(connection, job_id)
        if already is not None:
            return already
        if not surely_missing(before):
            raise NothingMissing
        dispenser = dispensers.find(connection, kitchen_id, before.dispenser_id)
        wanted = Order(
            before.recipe_id,
            before.people,
            retry_of=job_id,
            kind=before.kind,
            recipe_name=before.recipe_name,
        )
        enqueued = enqueue(site, connection, dispenser, wanted, partial(_rest, before), by)
    return tell(site, enqueued)


def find(site: Site, kitchen_id: KitchenId, job_id: int) -> Job:
    """One of the kitchen's jobs. Raises `NotFound`."""
    with site.database.read() as connection:
        return of_kitchen(jobs.find(connection, job_id), kitchen_id)


def by_hand(site: Site, kitchen_id: KitchenId, job_id: int) -> tuple[Ingredient, ...]:
    """What the cook adds by hand to the dish of a job. Raises `NotFound`."""
    with site.database.read() as connection:
        of_kitchen(jobs.find(connection, job_id), kitchen_id)
        return parts_by_hand.of(connection, job_id)


def active(site: Site, kitchen_id: KitchenId) -> Job | None:
    """The kitchen's first job in a queue; the latest, if there are several."""
    return next(iter(reversed(first_of_each_dispenser(active_jobs(site, kitchen_id)))), None)


def active_jobs(site: Site, kitchen_id: KitchenId) -> tuple[Job, ...]:
    """The kitchen's active jobs, the earliest first."""
    with site.database.read() as connection:
        return queue_of(jobs.active_of(connection, kitchen_id))


def cancel(site: Site, kitchen_id: KitchenId, job_id: int, by: Actor) -> Job:
    """Cancel one job. An ended job stays as it is.

    A job that no dispenser has accepted ends at once. An accepted one ends with its report.
    """
    with site.database.write(shared=True) as connection:
        before = of_kitchen(jobs.find_for_update(connection, job_id), kitchen_id)
        after = _cancel(site, connection, before, by)
    if after is not before:
        announce(site, after)
    return after


def resume(site: Site, kitchen_id: KitchenId, job_id: int, by: Actor) -> Job:
    """Give resume consent. A repeat has no effect. Raises `NotPossibleNow` when nobody asks."""
    with site.database.write(shared=True) as connection:
        before = of_kitchen(jobs.find_for_update(connection, job_id), kitchen_id)
        after = with_consent(before)
        if after is not before:
            jobs.store(connection, before, after)
            audit_log.note(site, connection, AuditEvent.RESUMED, kitchen_id, by, job=job_id)
    announce(site, after)
    return after


def cancel_active(site: Site, kitchen_id: KitchenId, by: Actor) -> int:
    """Cancel the kitchen's active jobs, and return how many.

    All of the queue is cancelled, so that the next job does not start in its place.
    """
    with site.database.write(shared=True) as connection:
        active = jobs.active_for_update(connection, kitchen_id=kitchen_id)
        cancelled = [_cancel(site, connection, job, by) for job in active]
    for job in cancelled:
        announce(site, job)
    return len(cancelled)


def _as_shown(recipe: Recipe, wanted: Order, jars: Sequence[Jar]) -> Planned:
    planned = plan(recipe, wanted.people, jars, by_hand=wanted.by_hand)
    return planned if wanted.shown is None else insist_on_as_shown(planned, wanted.shown)


def _rest(job: Job, jars: Sequence[Jar]) -> Planned:
    """What is missing: of a dose from its own jar, of a recipe from the jar that has the spice
    now.
    """
    parts = surely_missing(job)
    if job.kind == JobKind.DOSE:
        part, amount = parts[0]
        return dose(jar_numbered(jars, part.jar), amount)
    ingredients = tuple(Ingredient(part.spice, amount) for part, amount in parts)
    return plan(Recipe("", job.people, ingredients), job.people, jars)


def _cancel(site: Site, connection: Connection, job: Job, by: Actor) -> Job:
    now = site.clock()
    after, effect = advance(job, JobEvent.CANCELLED, now)
    if after is job:
        return job
    jobs.store(connection, job, after)
    audit_log.note(site, connection, AuditEvent.CANCELLED, job.kitchen_id, by, job=job.id)
    if effect == Effect.RELEASE:
        ledger.book(connection, job.dispenser_id, releases(after), now, by.person_id)
    return after
