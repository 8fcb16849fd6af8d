"""The spoons that were weighed in a kitchen, one of each spice."""

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from yaguts.domain.amounts.measures import Unit
from yaguts.domain.amounts.spoons import WeighedSpoon, weighed_spoon
from yaguts.domain.ids import KitchenId
from yaguts.storage.tables import weighed_spoons as t

MOST = 500
"""A kitchen remembers so many spoons."""


def of(connection: Connection, kitchen_id: KitchenId) -> tuple[WeighedSpoon, ...]:
    """The kitchen's spoons, the latest first."""
    found = select(t).where(t.c.owner_id == kitchen_id).order_by(t.c.at.desc(), t.c.spice)
    return tuple(
        WeighedSpoon(row.spice, Unit(row.unit), row.weight_mg, row.at)
        for row in connection.execute(found)
    )


def keep(connection: Connection, kitchen_id: KitchenId, spoon: WeighedSpoon) -> None:
    """Store a spoon in place of the one of this spice. Beyond `MOST` the oldest is forgotten."""
    remove(connection, kitchen_id, spoon.spice)
    known = {"unit": spoon.unit, "weight_mg": spoon.weight, "at": spoon.at}
    connection.execute(insert(t).values(owner_id=kitchen_id, spice=spoon.spice, **known))
    for old in of(connection, kitchen_id)[MOST:]:
        connection.execute(delete(t).where(_row(kitchen_id, old.spice)))


def remove(connection: Connection, kitchen_id: KitchenId, spice: str) -> bool:
    """Forget the spoon of a spice. Returns whether there was one."""
    known = weighed_spoon(spice, of(connection, kitchen_id))
    if known is None:
        return False
    connection.execute(delete(t).where(_row(kitchen_id, known.spice)))
    return True


def _row(kitchen_id: KitchenId, spice: str) -> ColumnElement[bool]:
    return (t.c.owner_id == kitchen_id) & (t.c.spice == spice)
