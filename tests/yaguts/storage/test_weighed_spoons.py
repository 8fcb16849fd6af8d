"""Spoons that were weighed, and what recipes ask for at most, on both databases."""

from dataclasses import replace
from datetime import timedelta

from tests.support.builders import NOW
from yaguts.domain.amounts.measures import Unit
from yaguts.domain.amounts.spoons import WeighedSpoon
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.units import Milligrams
from yaguts.storage import recipes, weighed_spoons
from yaguts.storage.db.database import Database

MINE = KitchenId(1)


def test_a_spice_has_one_spoon_however_it_is_written(database: Database) -> None:
    spoon = WeighedSpoon("Orégano", Unit.TEASPOON, Milligrams(1_000), NOW)
    other = WeighedSpoon("Sal", Unit.CUP, Milligrams(290_000), NOW + timedelta(days=1))
    later = replace(spoon, spice="oregano", unit=Unit.TABLESPOON, at=NOW + timedelta(days=2))
    with database.write() as connection:
        for each in (spoon, other, later):
            weighed_spoons.keep(connection, MINE, each)
        assert weighed_spoons.of(connection, MINE) == (later, other)
        assert weighed_spoons.remove(connection, MINE, "ORÉGANO")
        assert not weighed_spoons.remove(connection, MINE, "ORÉGANO")
        assert weighed_spoons.of(connection, MINE) == (other,)


def test_the_largest_quantities_are_those_of_other_recipes(database: Database) -> None:
    def asks(name: str, portions: int, *salt: int) -> Recipe:
        parts = tuple(Ingredient("Sal", Milligrams(each)) for each in salt)
        return Recipe(name, portions, parts, kitchen_id=MINE)

    with database.write() as connection:
        before = recipes.largest(connection, MINE)
        recipes.add(connection, asks("Pão", 7, 4_000, 6_000), NOW)
        most = recipes.add(connection, asks("Caldo", 7, 9_000), NOW)
        assert ("Sal", 7, 9_000) in recipes.largest(connection, MINE)
        assert ("Sal", 7, 6_000) in recipes.largest(connection, MINE, most.id)
        assert len(recipes.largest(connection, MINE)) == len(before) + 1
        assert recipes.largest(connection, KitchenId(2)) == []
