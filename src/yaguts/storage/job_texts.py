"""Jobs by their texts: the recipe's name when it was ordered, and the spices."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, or_, select

from yaguts.domain.ids import KitchenId
from yaguts.storage.tables import by_hand, job_items, jobs

Mentions = Callable[[str], bool]
"""Whether a text is one that is looked for."""

_MINE = jobs.c.owner_id == bindparam("owner_id")
_NAMES = select(jobs.c.recipe_name).where(_MINE, jobs.c.recipe_name.is_not(None)).distinct()
_POURED = select(job_items.c.spice).join_from(job_items, jobs).where(_MINE).distinct()
_ADDED = select(by_hand.c.spice).join_from(by_hand, jobs).where(_MINE).distinct()


def mentioning(
    connection: Connection, kitchen_id: KitchenId, mentions: Mentions
) -> ColumnElement[bool]:
    """The condition for the kitchen's jobs of such a recipe or with such a spice, as they were
    written when they were ordered.
    """

    def such(texts: Select[Any]) -> list[str]:
        found = connection.execute(texts, {"owner_id": kitchen_id})
        return sorted(text for (text,) in found if mentions(text))

    poured = select(job_items.c.job_id).where(job_items.c.spice.in_(such(_POURED)))
    added = select(by_hand.c.job_id).where(by_hand.c.spice.in_(such(_ADDED)))
    return or_(jobs.c.recipe_name.in_(such(_NAMES)), jobs.c.id.in_(poured), jobs.c.id.in_(added))
