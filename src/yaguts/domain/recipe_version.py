"""The version of a recipe that somebody edits: a hash of all that is written in it."""

from dataclasses import replace
from hashlib import sha256

from yaguts.domain.errors import NotAsShown
from yaguts.domain.ids import NO_KITCHEN
from yaguts.domain.recipe import Recipe


def version_of(recipe: Recipe) -> str:
    """The version. Recipes that read the same have the same."""
    return sha256(repr(_written(recipe)).encode()).hexdigest()[:16]


def insist_on_version(shown: str, present: Recipe, wanted: Recipe) -> None:
    """Raises `NotAsShown` with the present recipe when it is not the one that was edited.

    Nothing is in the way of who wants what is there already.
    """
    if version_of(present) != shown and _written(present) != _written(wanted):
        raise NotAsShown(now=present)


def _written(recipe: Recipe) -> Recipe:
    parts = tuple(replace(part, id=0) for part in recipe.ingredients)
    return replace(recipe, id=0, kitchen_id=NO_KITCHEN, ingredients=parts)
