"""Single jars. The ledger is responsible for what is in them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from yaguts.storage.tables import jars, movements


def change(
    connection: Connection,
    dispenser_id: int,
    number: int,
    columns: Mapping[str, object],
    now: datetime,
) -> None:
    """Set these columns of the jar."""
    this = (jars.c.dispenser_id == dispenser_id) & (jars.c.number == number)
    connection.execute(update(jars).where(this).values({**columns, "updated_at": now}))


def was_ever_filled(connection: Connection, dispenser_id: int, number: int) -> bool:
    """Whether the ledger has a movement of the jar."""
    its = (movements.c.dispenser_id == dispenser_id) & (movements.c.jar == number)
    return connection.execute(select(movements.c.id).where(its).limit(1)).first() is not None


def remove(connection: Connection, dispenser_id: int, number: int) -> None:
    """Remove the jar."""
    this = (jars.c.dispenser_id == dispenser_id) & (jars.c.number == number)
    connection.execute(delete(jars).where(this))
