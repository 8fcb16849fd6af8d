"""What a cook adds to the dish by hand: the part of an order that no jar holds."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, insert, select

from yaguts.domain.recipe import Ingredient
from yaguts.storage.tables import by_hand

# Built once: every order runs it.
_OF_SEVERAL = (
    select(by_hand)
    .where(by_hand.c.job_id.in_(bindparam("job_ids", expanding=True)))
    .order_by(by_hand.c.position)
)


def add(connection: Connection, job_id: int, parts: Sequence[Ingredient]) -> None:
    """Store the parts of a new job, in the order of its recipe."""
    rows = [
        {"job_id": job_id, "position": position, "spice": part.spice, "quantity_mg": part.quantity}
        for position, part in enumerate(parts, start=1)
    ]
    if rows:
        connection.execute(insert(by_hand), rows)


def of(connection: Connection, job_id: int) -> tuple[Ingredient, ...]:
    """The parts of a job; usually none."""
    return of_several(connection, [job_id])[job_id]


def of_several(
    connection: Connection, job_ids: Collection[int]
) -> Mapping[int, tuple[Ingredient, ...]]:
    """The parts of each of these jobs."""
    parts: defaultdict[int, list[Ingredient]] = defaultdict(list)
    for row in connection.execute(_OF_SEVERAL, {"job_ids": list(job_ids)}):
        parts[row.job_id].append(Ingredient(row.spice, row.quantity_mg))
    return {job_id: tuple(parts[job_id]) for job_id in job_ids}
