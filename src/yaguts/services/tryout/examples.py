"""Example jars and recipes for trying a dispenser before filling one."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.units import micrograms_per_second, milligrams
from yaguts.services.pantry import configuration, recipes
from yaguts.services.pantry.configuration import JarChange
from yaguts.services.runtime.context import Site
from yaguts_wire import words as w


@cache
def kitchen() -> dict[str, Any]:
    """The examples with the wire's keys: a name, jars, recipes."""
    return json.loads(
        (files("yaguts.services.tryout") / "examples.json").read_text(encoding="utf-8")
    )


def furnish(site: Site, kitchen_id: KitchenId, by: Actor) -> None:
    """Fill the default dispenser's jars if all are empty, and add recipes if there are none."""
    jars = configuration.jars_of(site, kitchen_id)
    if not any(jar.label or jar.stock for jar in jars):
        present = {jar.number for jar in jars}
        changes = [_jar(row) for row in kitchen()[w.JARS] if row[w.JAR] in present]
        configuration.set_jars(site, kitchen_id, changes, by)
    if not recipes.search(site, kitchen_id, "", 1, 0):
        for row in kitchen()[w.RECIPES]:
            recipes.add(site, kitchen_id, _recipe(row))


def _jar(row: dict[str, Any]) -> tuple[int, JarChange]:
    rate, stock = micrograms_per_second(row[w.RATE_G_PER_S]), milligrams(row[w.STOCK_G])
    return row[w.JAR], {"label": row[w.LABEL], "rate": rate, "stock": stock}


def _recipe(row: dict[str, Any]) -> Recipe:
    parts = [Ingredient(p[w.SPICE], milligrams(p[w.QUANTITY])) for p in row[w.INGREDIENTS]]
    return Recipe(row[w.NAME], row[w.PORTIONS], tuple(parts))
