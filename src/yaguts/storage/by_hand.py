"""What a cook adds to the dish by hand: the part of an order that no jar serves."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from yaguts.domain.recipe import Ingredient
from yaguts.storage.tables import by_hand


def add(connection: Connection, job_id: int, parts: Sequence[Ingredient]) -> None:
    """Note the parts of a new job, in the order of its recipe."""
    rows = [
        {"job_id": job_id, "position": position, "spice": part.spice, "quantity_mg": part.quantity}
        for position, part in enumerate(parts, start=1)
    ]
    if rows:
        connection.execute(insert(by_hand), rows)


def of(connection: Connection, job_id: int) -> tuple[Ingredient, ...]:
    """The parts of a job; usually none."""
    found = select(by_hand).where(by_hand.c.job_id == job_id).order_by(by_hand.c.position)
    return tuple(Ingredient(row.spice, row.quantity_mg) for row in connection.execute(found))
