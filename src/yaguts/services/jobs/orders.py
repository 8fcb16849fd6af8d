"""What a person does with jobs: order one, look at it, cancel it, order what it left undone."""

from collections.abc import Sequence
from functools import partial

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.errors import NotFound, NothingMissing
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Effect, Job, JobEvent, JobKind, advance
from yaguts.domain.jobs.maintenance import dose, jar_numbered
from yaguts.domain.jobs.missing import missing
from yaguts.domain.jobs.planning import Planned, plan
from yaguts.domain.jobs.queue import in_front, queue_of
from yaguts.domain.jobs.resume_consent import told_to_go_on
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
    "by_hand",
    "cancel",
    "cancel_active",
    "find",
    "lines",
    "order",
    "order_missing",
    "resume",
]


def order(site: Site, kitchen_id: KitchenId, wanted: Order, by: Actor) -> Job:
    """Plan a recipe of the kitchen and queue it for a dispenser. `by`: if not its owner.

    `Busy`, `LineFull`, `NotPlannable` with every reason, or `JobTooLarge`; then nothing is held.
    """
    with site.database.write() as connection:
        recipe = recipes.find(connection, kitchen_id, wanted.recipe_id or 0)
        dispenser = dispensers.named_or_default(connection, kitchen_id, wanted.dispenser_id)
        planned = partial(plan, recipe, wanted.people, by_hand=wanted.by_hand)
        enqueued = enqueue(site, connection, dispenser, wanted, planned, by)
    return tell(site, enqueued)


def order_missing(site: Site, kitchen_id: KitchenId, job_id: int, by: Actor) -> Job:
    """Order what a job that has ended left undone. Asked again, the same job comes back.

    `NothingMissing`, or what `order` may raise.
    """
    with site.database.write() as connection:
        before = _own(jobs.take(connection, job_id), kitchen_id)
        already = jobs.retry_of(connection, job_id)
        if already is not None:
            return already
        if not missing(before):
            raise NothingMissing
        dispenser = dispensers.find(connection, kitchen_id, before.dispenser_id)
        wanted = Order(before.recipe_id, before.people, retry_of=job_id, kind=before.kind)
        enqueued = enqueue(site, connection, dispenser, wanted, partial(_rest, before), by)
    return tell(site, enqueued)


def find(site: Site, kitchen_id: KitchenId, job_id: int) -> Job:
    """One of the person's jobs. Anybody else's is as unknown as one that never was."""
    with site.database.read() as connection:
        return _own(jobs.find(connection, job_id), kitchen_id)


def by_hand(site: Site, kitchen_id: KitchenId, job_id: int) -> tuple[Ingredient, ...]:
    """What the cook adds to the dish of one of the person's jobs, because no jar serves it."""
    with site.database.read() as connection:
        _own(jobs.find(connection, job_id), kitchen_id)
        return parts_by_hand.of(connection, job_id)


def active(site: Site, kitchen_id: KitchenId) -> Job | None:
    """The person's job that is first in a dispenser's line; the latest, if several are."""
    return next(iter(reversed(in_front(lines(site, kitchen_id)))), None)


def lines(site: Site, kitchen_id: KitchenId) -> tuple[Job, ...]:
    """All the person's jobs that have a dispenser or wait for one, first come first."""
    with site.database.read() as connection:
        return queue_of(jobs.active_of(connection, kitchen_id))


def cancel(site: Site, kitchen_id: KitchenId, job_id: int, by: Actor) -> Job:
    """Cancel one job. One that has ended stays as it is.

    One that no dispenser has started ends at once. Another is asked to stop, and ends when the
    dispenser says what fell.
    """
    with site.database.write() as connection:
        before = _own(jobs.take(connection, job_id), kitchen_id)
        after = _cancel(site, connection, before, by)
    if after is not before:
        announce(site, after)
    return after


def resume(site: Site, kitchen_id: KitchenId, job_id: int, by: Actor) -> Job:
    """Have a dispenser that asks whether to go on do so. `NotPossibleNow` if none asks.

    Saying so twice is once: each outage has a question of its own.
    """
    with site.database.write() as connection:
        before = _own(jobs.take(connection, job_id), kitchen_id)
        after = told_to_go_on(before)
        if after is not before:
            jobs.store(connection, before, after)
            audit_log.note(site, connection, AuditEvent.RESUMED, kitchen_id, by, job=job_id)
    announce(site, after)
    return after


def cancel_active(site: Site, kitchen_id: KitchenId, by: Actor) -> int:
    """Cancel the kitchen's active jobs, those that wait in line too; how many.

    Whoever says stop and names no job does not want the next one to fall instead.
    """
    with site.database.write() as connection:
        active = jobs.take_active(connection, kitchen_id=kitchen_id)
        cancelled = [_cancel(site, connection, job, by) for job in active]
    for job in cancelled:
        announce(site, job)
    return len(cancelled)


def _rest(job: Job, jars: Sequence[Jar]) -> Planned:
    """What is missing: a dose's from its own jar, a recipe's from whichever has the spice now."""
    parts = missing(job)
    if job.kind == JobKind.DOSE:
        part, amount = parts[0]
        return dose(jar_numbered(jars, part.jar), amount)
    ingredients = tuple(Ingredient(part.spice, amount) for part, amount in parts)
    return plan(Recipe("", job.people, ingredients), job.people, jars)


def _own(job: Job, kitchen_id: KitchenId) -> Job:
    if job.kitchen_id != kitchen_id:
        raise NotFound(what="job")
    return job


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
