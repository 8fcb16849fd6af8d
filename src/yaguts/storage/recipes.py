"""Recipes and their ingredients."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from yaguts.domain.errors import NotFound
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import ingredients, recipes

# Built once: every order runs them.
_ONE = Statement(
    select(recipes).where(
        recipes.c.id == bindparam("recipe_id"), recipes.c.owner_id == bindparam("owner_id")
    )
)
_PARTS_OF_ONE = Statement(
    select(ingredients)
    .where(ingredients.c.recipe_id == bindparam("recipe_id"))
    .order_by(ingredients.c.position)
)
_PARTS = (
    select(ingredients)
    .where(ingredients.c.recipe_id.in_(bindparam("recipe_ids", expanding=True)))
    .order_by(ingredients.c.position)
)


def find(connection: Connection, kitchen_id: KitchenId, recipe_id: int) -> Recipe:
    """One of the kitchen's recipes. Raises `NotFound`."""
    row = _ONE.row(connection, {"recipe_id": recipe_id, "owner_id": kitchen_id})
    if row is None:
        raise NotFound(what="recipe")
    parts = _PARTS_OF_ONE.rows(connection, {"recipe_id": recipe_id})
    return _recipe(row, [_part(part) for part in parts])


def page(
    connection: Connection, kitchen_id: KitchenId, limit: int, offset: int = 0
) -> tuple[Recipe, ...]:
    """The kitchen's recipes, oldest first, without the first `offset`."""
    found = select(recipes).where(recipes.c.owner_id == kitchen_id).order_by(recipes.c.id)
    rows = connection.execute(found.limit(limit).offset(offset)).all()
    return _with_ingredients(connection, rows)


def some(
    connection: Connection, kitchen_id: KitchenId, recipe_ids: Sequence[int]
) -> tuple[Recipe, ...]:
    """Those of the kitchen's recipes that have these ids, oldest first."""
    found = select(recipes).where(recipes.c.owner_id == kitchen_id, recipes.c.id.in_(recipe_ids))
    return _with_ingredients(connection, connection.execute(found.order_by(recipes.c.id)).all())


def count(connection: Connection, kitchen_id: KitchenId) -> int:
    """How many recipes the kitchen has."""
    mine = select(func.count()).select_from(recipes).where(recipes.c.owner_id == kitchen_id)
    return connection.execute(mine).scalar_one()


def names(
    connection: Connection, kitchen_id: KitchenId, recipe_ids: Sequence[int] | None = None
) -> dict[int, str]:
    """The names of the kitchen's recipes by id, oldest first: of all, or of these."""
    mine = select(recipes.c.id, recipes.c.name).where(recipes.c.owner_id == kitchen_id)
    if recipe_ids is not None:
        mine = mine.where(recipes.c.id.in_(recipe_ids))
    return {row.id: row.name for row in connection.execute(mine.order_by(recipes.c.id))}


def largest(
    connection: Connection, kitchen_id: KitchenId, without: int | None = None
) -> list[tuple[str, int, int]]:
    """Spices as they are written, portions, and the largest quantity of that spice in a recipe of
    the kitchen for so many. `without`: a recipe that does not count.
    """
    found = (
        select(ingredients.c.spice, recipes.c.portions, func.max(ingredients.c.quantity_mg))
        .join_from(ingredients, recipes)
        .where(recipes.c.owner_id == kitchen_id)
        .group_by(ingredients.c.spice, recipes.c.portions)
    )
    if without is not None:
        found = found.where(recipes.c.id != without)
    return [(spice, portions, quantity) for spice, portions, quantity in connection.execute(found)]


def with_spices(
    connection: Connection, kitchen_id: KitchenId, spices: Sequence[str]
) -> frozenset[int]:
    """The ids of the kitchen's recipes with one of these spices, as they are written there."""
    if not spices:
        return frozenset()
    used = select(ingredients.c.recipe_id).join_from(ingredients, recipes)
    found = used.where(recipes.c.owner_id == kitchen_id, ingredients.c.spice.in_(spices))
    return frozenset(connection.execute(found).scalars())


def add(connection: Connection, recipe: Recipe, now: datetime) -> Recipe:
    """Store a new recipe of `recipe.kitchen_id`."""
    row = _row(recipe) | {"owner_id": recipe.kitchen_id, "created_at": now}
    added = insert(recipes).values(row).returning(recipes.c.id)
    recipe = replace(recipe, id=connection.execute(added).scalar_one())
    return _add_ingredients(connection, recipe)


def change(connection: Connection, recipe: Recipe) -> Recipe:
    """Replace the recipe with this id and kitchen. Raises `NotFound`."""
    mine = _mine(recipe.kitchen_id, recipe.id)
    changed = update(recipes).where(mine).values(_row(recipe))
    if connection.execute(changed).rowcount != 1:
        raise NotFound(what="recipe")
    connection.execute(delete(ingredients).where(ingredients.c.recipe_id == recipe.id))
    return _add_ingredients(connection, recipe)


def remove(connection: Connection, kitchen_id: KitchenId, recipe_id: int) -> None:
    """Remove one of the kitchen's recipes. Raises `NotFound`. Its jobs stay."""
    if connection.execute(delete(recipes).where(_mine(kitchen_id, recipe_id))).rowcount != 1:
        raise NotFound(what="recipe")


def spices_of(connection: Connection, kitchen_id: KitchenId) -> tuple[str, ...]:
    """Every spice in the kitchen's recipes, as written there."""
    used = select(ingredients.c.spice).join_from(ingredients, recipes)
    found = used.where(recipes.c.owner_id == kitchen_id).distinct().order_by(ingredients.c.spice)
    return tuple(connection.execute(found).scalars())


def _mine(kitchen_id: KitchenId, recipe_id: int) -> Any:
    return (recipes.c.id == recipe_id) & (recipes.c.owner_id == kitchen_id)


def _row(recipe: Recipe) -> dict[str, Any]:
    by_hand = "\n".join(recipe.hand_lines) or None
    return {"name": recipe.name, "portions": recipe.portions, "hand_lines": by_hand}


def _recipe(row: Row[Any], parts: Sequence[Ingredient]) -> Recipe:
    by_hand = tuple(row.hand_lines.split("\n")) if row.hand_lines else ()
    return Recipe(row.name, row.portions, tuple(parts), row.id, row.owner_id, by_hand)


def _add_ingredients(connection: Connection, recipe: Recipe) -> Recipe:
    stored = tuple(
        replace(ingredient, id=_add_ingredient(connection, recipe.id, position, ingredient))
        for position, ingredient in enumerate(recipe.ingredients, start=1)
    )
    return replace(recipe, ingredients=stored)


def _add_ingredient(
    connection: Connection, recipe_id: int, position: int, ingredient: Ingredient
) -> int:
    row = {"recipe_id": recipe_id, "position": position}
    row |= {"spice": ingredient.spice, "quantity_mg": ingredient.quantity}
    row |= {"written": ingredient.written}
    added = insert(ingredients).values(row).returning(ingredients.c.id)
    return connection.execute(added).scalar_one()


def _with_ingredients(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Recipe, ...]:
    parts = _ingredients_of(connection, [row.id for row in rows])
    return tuple(_recipe(row, parts[row.id]) for row in rows)


def _part(row: Row[Any]) -> Ingredient:
    return Ingredient(row.spice, row.quantity_mg, row.id, row.written)


def _ingredients_of(
    connection: Connection, recipe_ids: Iterable[int]
) -> defaultdict[int, list[Ingredient]]:
    parts: defaultdict[int, list[Ingredient]] = defaultdict(list)
    for row in connection.execute(_PARTS, {"recipe_ids": list(recipe_ids)}):
        parts[row.recipe_id].append(_part(row))
    return parts
