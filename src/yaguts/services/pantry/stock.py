"""What is in the jars: look into one, refill it, give it to another spice."""

from dataclasses import dataclass

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import UnknownJar
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.domain.recipe import same_spice
from yaguts.domain.stock.ledger import BookedMovement, Movement, MovementKind, MovementReason
from yaguts.domain.stock.levels import Level
from yaguts.domain.units import NOTHING, Milligrams
from yaguts.services import audit_log
from yaguts.services.pantry.catalogue import spelled, spices_of
from yaguts.services.pantry.kitchen import levels
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, former_spices, jars, ledger
from yaguts.storage.db.database import Connection
from yaguts_wire.values import MAX_ID

PAGE = 50
"""A page shows this many movements."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A jar, its level, the catalogue, and its latest movements.

    `older`: the id of the last movement shown, if there are more before it.
    """

    dispenser: Dispenser
    level: Level
    catalogue: tuple[str, ...]
    movements: tuple[BookedMovement, ...]

    @property
    def older(self) -> int | None:
        return self.movements[-1].id if len(self.movements) == PAGE else None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A dispenser and its jars."""

    dispenser: Dispenser
    levels: tuple[Level, ...]


def shelves(site: Site, kitchen_id: KitchenId) -> tuple[Shelf, ...]:
    """All dispensers of the kitchen, the default one first."""
    with site.database.read() as connection:
        mine = sorted(dispensers.of(connection, kitchen_id), key=lambda one: not one.is_default)
        return tuple(Shelf(one, levels(site, connection, one)) for one in mine)


def shelf(site: Site, kitchen_id: KitchenId, dispenser_id: int) -> Shelf:
    """One of the kitchen's dispensers. Raises `NotFound`."""
    with site.database.read() as connection:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        return Shelf(dispenser, levels(site, connection, dispenser))


def look_into(
    site: Site, kitchen_id: KitchenId, dispenser_id: int, number: int, before_id: int | None = None
) -> Contents:
    """One jar, and its latest movements before the one with this id. Raises `UnknownJar`."""
    with site.database.read() as connection:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        level = _level(site, connection, dispenser, number)
        listed = tuple(spices_of(connection, kitchen_id))
        lines = ledger.lines(connection, dispenser.id, number, before_id or MAX_ID, PAGE)
    return Contents(dispenser, level, listed, lines)


def refill(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    number: int,
    amount: Milligrams,
    by: Actor,
) -> None:
    """Book a refill. An unknown stock stays unknown."""
    poured = Movement(number, MovementKind.REFILL, amount, MovementReason.POURED_IN)
    _book(site, kitchen_id, dispenser_id, poured, by)


def throw_away(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    number: int,
    amount: Milligrams,
    by: Actor,
) -> None:
    """Book what went from a jar into no dish: stale, spilt, or poured out."""
    lost = Movement(number, MovementKind.WASTE, Milligrams(-amount), MovementReason.THROWN_AWAY)
    _book(site, kitchen_id, dispenser_id, lost, by)


def assign(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    number: int,
    spice: str | None,
    by: Actor,
) -> None:
    """Empty a jar and give it to another spice, or to none. Its stock is unknown then, and its rate
    and capacity are those that the spice had in this jar before, if it was there.

    The same spice changes nothing. Raises `UnknownJar`.
    """
    now = site.clock()
    with site.database.write() as connection:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        before = _level(site, connection, dispenser, number).jar
        label = None if spice is None else spelled(spice, spices_of(connection, kitchen_id))
        if same_spice(before.label or "", label or ""):
            return
        former_spices.keep(connection, dispenser.id, before, now)
        known = former_spices.take(connection, dispenser.id, number, label or "")
        why = MovementReason.RELABELLED
        ledger.correct(connection, dispenser.id, number, NOTHING, now, by.person_id, why)
        ledger.correct(connection, dispenser.id, number, None, now, by.person_id)
        columns = {
            "label": label,
            "rate_ug_s": None if known is None else known.rate,
            "capacity_mg": None if known is None else known.capacity,
        }
        jars.change(connection, dispenser.id, number, columns, now)
        jar = {"dispenser": dispenser.id, "jar": number}
        audit_log.note(site, connection, AuditEvent.CONFIGURED, kitchen_id, by, **jar)


def _book(
    site: Site, kitchen_id: KitchenId, dispenser_id: int, movement: Movement, by: Actor
) -> None:
    """Append what a person says of a jar to the ledger. Raises `UnknownJar`."""
    now = site.clock()
    with site.database.write() as connection:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        _level(site, connection, dispenser, movement.jar)
        ledger.book(connection, dispenser.id, [movement], now, by.person_id)
        jars.change(connection, dispenser.id, movement.jar, {}, now)


def _level(site: Site, connection: Connection, dispenser: Dispenser, number: int) -> Level:
    for level in levels(site, connection, dispenser):
        if level.jar.number == number:
            return level
    raise UnknownJar(jar=number)
