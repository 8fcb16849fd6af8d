"""What jars held before they were given to other spices."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from yaguts.domain.recipe import Jar, same_spice
from yaguts.domain.units import MicrogramsPerSecond, Milligrams
from yaguts.storage.tables import former_spices as t

MOST = 20
"""A jar remembers so many spices."""


@dataclass(frozen=True, slots=True)
class FormerSpice:
    """A spice, its rate in the jar, what was in the jar when it was replaced, and what fits in."""

    label: str
    rate: MicrogramsPerSecond | None
    stock: Milligrams | None
    capacity: Milligrams | None = None


def of(connection: Connection, dispenser_id: int, number: int) -> tuple[FormerSpice, ...]:
    """The former spices of a jar, the latest first."""
    found = select(t).where(_jar(dispenser_id, number)).order_by(t.c.at.desc(), t.c.label)
    return tuple(
        FormerSpice(row.label, row.rate_ug_s, row.stock_mg, row.capacity_mg)
        for row in connection.execute(found)
    )


def keep(connection: Connection, dispenser_id: int, jar: Jar, now: datetime) -> None:
    """Remember what the jar holds. Beyond `MOST` the oldest is forgotten."""
    if jar.label is None:
        return
    take(connection, dispenser_id, jar.number, jar.label)
    known = {"rate_ug_s": jar.rate, "stock_mg": jar.stock, "capacity_mg": jar.capacity, "at": now}
    row = {"dispenser_id": dispenser_id, "jar": jar.number, "label": jar.label}
    connection.execute(insert(t).values(row | known))
    for former in of(connection, dispenser_id, jar.number)[MOST:]:
        _remove(connection, dispenser_id, jar.number, former.label)


def take(connection: Connection, dispenser_id: int, number: int, spice: str) -> FormerSpice | None:
    """What is remembered of a spice, which is no former one any more."""
    for former in of(connection, dispenser_id, number):
        if same_spice(former.label, spice):
            _remove(connection, dispenser_id, number, former.label)
            return former
    return None


def _remove(connection: Connection, dispenser_id: int, number: int, label: str) -> None:
    connection.execute(delete(t).where(_jar(dispenser_id, number) & (t.c.label == label)))


def _jar(dispenser_id: int, number: int) -> ColumnElement[bool]:
    return (t.c.dispenser_id == dispenser_id) & (t.c.jar == number)
