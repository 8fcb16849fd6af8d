"""Numbers that name a person or a kitchen. They have types of their own, so that mixing them up is
an error.
"""

from typing import NewType

PersonId = NewType("PersonId", int)
"""Who somebody is."""
KitchenId = NewType("KitchenId", int)
"""Whose recipes, jars and jobs these are: the number of the person who owns the kitchen."""
NO_KITCHEN = KitchenId(0)
"""The kitchen of what is not stored yet."""


def own_kitchen(owner: PersonId) -> KitchenId:
    """The kitchen that a person owns, whether or not the person cooks there now."""
    return KitchenId(owner)


def owner_of(kitchen: KitchenId) -> PersonId:
    """The person who owns a kitchen."""
    return PersonId(kitchen)
