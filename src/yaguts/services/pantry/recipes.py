"""A kitchen's recipes: add, change, find, search, remove."""

from collections.abc import Sequence
from dataclasses import replace

from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Recipe, search_key
from yaguts.services.runtime.context import Site
from yaguts.storage import recipes


def add(site: Site, kitchen_id: KitchenId, recipe: Recipe) -> Recipe:
    """Store a new recipe."""
    with site.database.write() as connection:
        return recipes.add(connection, replace(recipe, kitchen_id=kitchen_id), site.clock())


def change(site: Site, kitchen_id: KitchenId, recipe_id: int, recipe: Recipe) -> Recipe:
    """Replace the recipe. Its jobs stay as they are. Raises `NotFound`."""
    with site.database.write() as connection:
        return recipes.change(connection, replace(recipe, id=recipe_id, kitchen_id=kitchen_id))


def remove(site: Site, kitchen_id: KitchenId, recipe_id: int) -> None:
    """Remove a recipe. Raises `NotFound`."""
    with site.database.write() as connection:
        recipes.remove(connection, kitchen_id, recipe_id)


def find(site: Site, kitchen_id: KitchenId, recipe_id: int) -> Recipe:
    """One recipe. Raises `NotFound`."""
    with site.database.read() as connection:
        return recipes.find(connection, kitchen_id, recipe_id)


def search(
    site: Site, kitchen_id: KitchenId, text: str, limit: int, offset: int
) -> Sequence[Recipe]:
    """The recipes whose name, or one of whose spices, contains the text; oldest first."""
    found = [recipe for recipe in _all(site, kitchen_id) if mentions(recipe, text)]
    return found[offset : offset + limit]


def suggest(site: Site, kitchen_id: KitchenId, text: str, limit: int) -> Sequence[Recipe]:
    """The recipes whose name contains the text; first those whose name starts with it."""
    wanted = search_key(text)
    named = [(search_key(recipe.name), recipe) for recipe in _all(site, kitchen_id)]
    found = [
        (not name.startswith(wanted), name, recipe) for name, recipe in named if wanted in name
    ]
    return [recipe for *_, recipe in sorted(found, key=lambda entry: entry[:2])][:limit]


def mentions(recipe: Recipe, text: str) -> bool:
    """Whether the recipe's name, or one of its spices, contains the text."""
    wanted = search_key(text)
    names = (recipe.name, *(ingredient.spice for ingredient in recipe.ingredients))
    return any(wanted in search_key(name) for name in names)


def _all(site: Site, kitchen_id: KitchenId) -> tuple[Recipe, ...]:
    with site.database.read() as connection:
        return recipes.of(connection, kitchen_id)
