"""Take a database of version 0.1 into this one: all of it in one transaction, and once."""

from dataclasses import dataclass, replace
from datetime import datetime

from yaguts.domain.audit_log import AuditEntry, AuditEvent
from yaguts.domain.ids import KitchenId, own_kitchen
from yaguts.domain.jobs.job import Job
from yaguts.domain.recipe import Jar
from yaguts.domain.stock.ledger import Movement, MovementReason, holds, releases, settlements
from yaguts.services.ops.v01.conversion import Conversion, OldKitchen, convert
from yaguts.services.runtime.context import Randomness, Site
from yaguts.storage import audit_log, dispensers, imports, jars, ledger, people, recipes
from yaguts.storage.db.database import Connection, Database
from yaguts.storage.v01 import V01Database


class CannotImport(Exception):
    """Nothing was changed. Its text says why, for an operator."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken. `again`: it was taken before, at that time, and nothing has changed since."""

    conversion: Conversion
    again: datetime | None = None


def would_take(
    old: V01Database, database: Database | None, randomness: Randomness, now: datetime
) -> Imported:
    """What `take` would do. None: there is no database yet. Raises `CannotImport`."""
    if database is None:
        return Imported(convert(old, (), randomness, now))
    with database.read() as connection:
        return _looked_at(connection, old, randomness, now)


def take(site: Site, old: V01Database) -> Imported:
    """Write everything that can be taken. Raises `CannotImport`, and has changed nothing then."""
    now = site.clock()
    with site.database.write() as connection:
        imports.exclude_others(connection)
        taken = _looked_at(connection, old, site.randomness, now)
        if taken.again is not None:
            return taken
        for kitchen in taken.conversion.kitchens:
            _write(connection, kitchen, now)
        imports.number_above(connection, taken.conversion.highest_job)
        imports.note(connection, old.digest, now)
    return taken


def _looked_at(
    connection: Connection, old: V01Database, randomness: Randomness, now: datetime
) -> Imported:
    conversion = convert(old, imports.names(connection), randomness, now)
    before = imports.done(connection)
    if before is not None and before.digest == old.digest:
        return Imported(conversion, before.at)
    if before is not None:
        raise CannotImport(
            f"A database of version 0.1 was taken at {before.at:%Y-%m-%d %H:%M} UTC, and this is"
            " another, or has changed since. To take it, begin with an empty data folder."
        )
    first = imports.first_job(connection)
    if first is not None and first <= conversion.highest_job:
        raise CannotImport(
            f"There are orders already, the first is {first}. Those of version 0.1 keep their"
            f" numbers, up to {conversion.highest_job}. Begin with an empty data folder."
        )
    return Imported(conversion)


def _write(connection: Connection, kitchen: OldKitchen, now: datetime) -> None:
    account = kitchen.account
    person = people.add(connection, account.name, account.password_hash, now)
    mine = own_kitchen(person.id)
    ids = {
        recipe.id: recipes.add(connection, replace(recipe, kitchen_id=mine), now).id
        for recipe in kitchen.recipes
    }
    dispenser_id = _write_dispensers(connection, mine, kitchen)
    names = {recipe.id: recipe.name for recipe in kitchen.recipes}
    jobs = [
        replace(_of(job, mine, dispenser_id, ids), recipe_name=names.get(job.recipe_id or 0))
        for job in kitchen.jobs
    ]
    imports.add_jobs(connection, jobs)
    ledger.book_past(connection, dispenser_id, _movements(jobs))
    for jar in kitchen.jars:
        _open_stock(connection, dispenser_id, jar, now)
    entry = AuditEntry(AuditEvent.IMPORTED, now, mine, None, None)
    audit_log.add(connection, entry, iter(()))  # it tells of nobody


def _write_dispensers(connection: Connection, mine: KitchenId, kitchen: OldKitchen) -> int:
    """The dispensers without tokens. Returns the default one, whose jars and jobs these are."""
    default = dispensers.add(connection, mine, default=True)
    further = [dispensers.add(connection, mine, default=False) for _ in kitchen.boards[1:]]
    for dispenser in (default, *further):
        dispensers.set_motor(connection, dispenser.id, kitchen.motor)
        for jar in kitchen.jars:
            columns = {"label": jar.label, "rate_ug_s": jar.rate}
            if jar.updated_at is not None:
                jars.change(connection, dispenser.id, jar.number, columns, jar.updated_at)
    for dispenser, board in zip((default, *further), kitchen.boards, strict=False):
        columns = {"uid": board.uid, "name": board.name, "firmware": board.firmware}
        seen = {"last_seen_at": board.last_seen_at}
        dispensers.change(connection, dispenser.id, columns | seen)
    return default.id


def _of(job: Job, mine: KitchenId, dispenser_id: int, ids: dict[int, int]) -> Job:
    recipe_id = None if job.recipe_id is None else ids[job.recipe_id]
    return replace(job, kitchen_id=mine, dispenser_id=dispenser_id, recipe_id=recipe_id)


def _movements(jobs: list[Job]) -> list[tuple[datetime, Movement]]:
    """What the ledger would hold, had it been there."""
    dated: list[tuple[datetime, Movement]] = []
    for job in jobs:
        ended_at = job.finished_at or job.created_at
        dated += [(job.created_at, line) for line in holds(job)]
        dated += [(ended_at, line) for line in releases(job)]
        if job.reported:
            dated += [(ended_at, line) for line in settlements(job)]
    return sorted(dated, key=lambda entry: entry[0])


def _open_stock(connection: Connection, dispenser_id: int, jar: Jar, now: datetime) -> None:
    """Correct what the movements say to what version 0.1 said, which booked no refill."""
    why = MovementReason.OPENING
    ledger.correct(connection, dispenser_id, jar.number, jar.stock, now, reason=why)
