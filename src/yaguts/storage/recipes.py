"""Recipes and their ingredients."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from yaguts.domain.errors import NotFound
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.storage.tables import ingredients, recipes

# Built once: every order runs them.
_ONE = select(recipes).where(
    recipes.c.id == bindparam("recipe_id"), recipes.c.owner_id == bindparam("owner_id")
)
_PARTS = (
    select(ingredients)
    .where(ingredients.c.recipe_id.in_(bindparam("recipe_ids", expanding=True)))
    .order_by(ingredients.c.position)
)


def find(connection: Connection, kitchen_id: KitchenId, recipe_id: int) -> Recipe:
    """One of the kitchen's recipes. Raises `NotFound`."""
    found = connection.execute(_ONE, {"recipe_id": recipe_id, "owner_id": kitchen_id})
    rows = _with_ingredients(connection, found.all())
    if not rows:
        raise NotFound(what="recipe")
    return rows[0]


def of(connection: Connection, kitchen_id: KitchenId) -> tuple[Recipe, ...]:
    """All of the kitchen's recipes, oldest first."""
    found = select(recipes).where(recipes.c.owner_id == kitchen_id).order_by(recipes.c.id)
    return _with_ingredients(connection, connection.execute(found).all())


def add(connection: Connection, recipe: Recipe, now: datetime) -> Recipe:
    """Store a new recipe of `recipe.kitchen_id`."""
    row = {"owner_id": recipe.kitchen_id, "name": recipe.name, "portions": recipe.portions}
    added = insert(recipes).values(row | {"created_at": now}).returning(recipes.c.id)
    recipe = replace(recipe, id=connection.execute(added).scalar_one())
    return _add_ingredients(connection, recipe)


def change(connection: Connection, recipe: Recipe) -> Recipe:
    """Replace the recipe with this id and kitchen. Raises `NotFound`."""
    mine = _mine(recipe.kitchen_id, recipe.id)
    changed = update(recipes).where(mine).values(name=recipe.name, portions=recipe.portions)
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
    added = insert(ingredients).values(row).returning(ingredients.c.id)
    return connection.execute(added).scalar_one()


def _with_ingredients(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Recipe, ...]:
    parts = _ingredients_of(connection, [row.id for row in rows])
    return tuple(
        Recipe(row.name, row.portions, tuple(parts[row.id]), row.id, row.owner_id) for row in rows
    )


def _ingredients_of(
    connection: Connection, recipe_ids: Iterable[int]
) -> defaultdict[int, list[Ingredient]]:
    parts: defaultdict[int, list[Ingredient]] = defaultdict(list)
    for row in connection.execute(_PARTS, {"recipe_ids": list(recipe_ids)}):
        parts[row.recipe_id].append(Ingredient(row.spice, row.quantity_mg, row.id))
    return parts
