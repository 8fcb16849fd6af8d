"""A kitchen's recipes: add, change, find, search, remove."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from yaguts.domain.errors import TooMany
from yaguts.domain.ids import KitchenId
from yaguts.domain.quotas import MOST_RECIPES, MOST_SPICES, insist_on_room
from yaguts.domain.recipe import Recipe, search_key
from yaguts.domain.recipe_version import insist_on_version, version_of
from yaguts.services.runtime.context import Site
from yaguts.storage import recipes
from yaguts.storage.db.database import Connection
from yaguts.storage.db.locks import lock


def add(site: Site, kitchen_id: KitchenId, recipe: Recipe) -> Recipe:
    """Store a new recipe. Raises `TooMany`."""
    [added] = add_all(site, kitchen_id, [recipe])
    if isinstance(added, TooMany):
        raise added
    return added


def add_all(site: Site, kitchen_id: KitchenId, several: Sequence[Recipe]) -> list[Recipe | TooMany]:
    """Store new recipes, all at once: each, or why there is no room for it."""
    with site.database.write() as connection:
        lock(connection, f"recipes of {kitchen_id}")
        return [_added(site, connection, kitchen_id, recipe) for recipe in several]


def added_before(
    site: Site, kitchen_id: KitchenId, several: Sequence[Recipe]
) -> list[Recipe | TooMany]:
    """What became of recipes that `add_all` was to store: each, or why there is no room for it."""
    wanted = {recipe.name for recipe in several}
    with site.database.read() as connection:
        names = recipes.names(connection, kitchen_id)
        alike = [each for each, name in names.items() if name in wanted]
        there = set(map(version_of, recipes.some(connection, kitchen_id, alike)))
        return [
            (None if version_of(recipe) in there else _no_room(connection, kitchen_id, recipe))
            or recipe
            for recipe in several
        ]


def _added(
    site: Site, connection: Connection, kitchen_id: KitchenId, recipe: Recipe
) -> Recipe | TooMany:
    no_room = _no_room(connection, kitchen_id, recipe)
    return no_room or recipes.add(connection, replace(recipe, kitchen_id=kitchen_id), site.clock())


def _no_room(connection: Connection, kitchen_id: KitchenId, recipe: Recipe) -> TooMany | None:
    """Why there is no room for a new recipe, if there is none."""
    try:
        insist_on_room("recipe", recipes.count(connection, kitchen_id), MOST_RECIPES)
        _insist_on_few_spices(connection, kitchen_id, recipe)
    except TooMany as no_room:
        return no_room
    return None


def change(
    site: Site,
    kitchen_id: KitchenId,
    recipe_id: int,
    recipe: Recipe,
    version: str | None = None,
    *,
    keeps_hand_lines: bool = False,
    keeps_volumes: bool = False,
) -> Recipe:
    """Replace the recipe. Its jobs stay as they are. `version`: the one that was edited.

    `keeps_hand_lines`, `keeps_volumes`: who changes it knows nothing of them. Raises `NotFound`,
    `TooMany`, or `NotAsShown` when somebody changed it meanwhile.
    """
    with site.database.write() as connection:
        lock(connection, f"recipes of {kitchen_id}")
        present = recipes.find(connection, kitchen_id, recipe_id)
        if keeps_hand_lines:
            recipe = replace(recipe, hand_lines=present.hand_lines)
        if keeps_volumes:
            recipe = _with_volumes_of(present, recipe)
        if version is not None:
            insist_on_version(version, present, recipe)
        _insist_on_few_spices(connection, kitchen_id, recipe)
        return recipes.change(connection, replace(recipe, id=recipe_id, kitchen_id=kitchen_id))


def _with_volumes_of(present: Recipe, recipe: Recipe) -> Recipe:
    """The recipe, with what was written of the spices whose grams are the same."""
    written = {
        (search_key(each.spice), each.quantity): each.written for each in present.ingredients
    }
    parts = (
        replace(each, written=written.get((search_key(each.spice), each.quantity)))
        for each in recipe.ingredients
    )
    return replace(recipe, ingredients=tuple(parts))


def remove(site: Site, kitchen_id: KitchenId, recipe_id: int) -> None:
    """Remove a recipe. Raises `NotFound`."""
    with site.database.write() as connection:
        recipes.remove(connection, kitchen_id, recipe_id)


def find(site: Site, kitchen_id: KitchenId, recipe_id: int) -> Recipe:
    """One recipe. Raises `NotFound`."""
    with site.database.read() as connection:
        return recipes.find(connection, kitchen_id, recipe_id)


def largest_shares(
    site: Site, kitchen_id: KitchenId, without: int | None = None
) -> dict[str, Fraction]:
    """Of each spice, by its `search_key`, the most milligrams a person in the kitchen's recipes.
    `without`: the id of a recipe that does not count.
    """
    with site.database.read() as connection:
        found = recipes.largest(connection, kitchen_id, without)
    largest: dict[str, Fraction] = {}
    for spice, portions, quantity in found:
        key = search_key(spice)
        largest[key] = max(largest.get(key, Fraction(0)), Fraction(quantity, portions))
    return largest


def search(
    site: Site, kitchen_id: KitchenId, text: str, limit: int, offset: int
) -> Sequence[Recipe]:
    """The recipes whose name, or one of whose spices, contains the text; oldest first."""
    with site.database.read() as connection:
        return page_of(connection, kitchen_id, text, limit, offset)[0]


def page_of(
    connection: Connection, kitchen_id: KitchenId, text: str, limit: int, offset: int
) -> tuple[tuple[Recipe, ...], int]:
    """The same, inside a transaction, and how many are found on all pages."""
    if not search_key(text):
        page = recipes.page(connection, kitchen_id, limit, offset)
        return page, recipes.count(connection, kitchen_id)
    found = mentioning(connection, kitchen_id, text)
    return recipes.some(connection, kitchen_id, found[offset : offset + limit]), len(found)


def mentioning(connection: Connection, kitchen_id: KitchenId, text: str) -> list[int]:
    """The ids of the recipes whose name, or one of whose spices, contains the text."""
    wanted = search_key(text)
    spices = [
        spice for spice in recipes.spices_of(connection, kitchen_id) if wanted in search_key(spice)
    ]
    with_it = recipes.with_spices(connection, kitchen_id, spices)
    names = recipes.names(connection, kitchen_id)
    return [each for each, name in names.items() if each in with_it or wanted in search_key(name)]


def suggest(site: Site, kitchen_id: KitchenId, text: str, limit: int) -> Sequence[tuple[int, str]]:
    """Ids and names of the recipes whose name contains the text; first those whose name starts
    with it.
    """
    wanted = search_key(text)
    with site.database.read() as connection:
        names = recipes.names(connection, kitchen_id)
    keys = ((search_key(name), each) for each, name in names.items())
    found = sorted((not key.startswith(wanted), key, each) for key, each in keys if wanted in key)
    return [(each, names[each]) for *_, each in found[:limit]]


def _insist_on_few_spices(connection: Connection, kitchen_id: KitchenId, recipe: Recipe) -> None:
    known = set(map(search_key, recipes.spices_of(connection, kitchen_id)))
    new = {search_key(part.spice) for part in recipe.ingredients} - known
    if new:
        insist_on_room("spice", len(known) + len(new) - 1, MOST_SPICES)
