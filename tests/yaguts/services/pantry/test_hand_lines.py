"""What a cook adds by hand stays with the recipe. On both databases."""

from dataclasses import replace

import pytest

from tests.support.kitchen.furnished import Furnished
from yaguts.domain.errors import NotAsShown
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.recipe_version import version_of
from yaguts.domain.units import Milligrams
from yaguts.services.pantry import recipes

SALT = (Ingredient("Sal", Milligrams(1000)),)
LINES = ("500 g de feijão", "2 folhas de louro")


def test_they_are_kept_and_changed(kitchen: Furnished) -> None:
    mine = kitchen.person.kitchen_id
    stored = recipes.add(kitchen.site, mine, Recipe("Feijão", 4, SALT, hand_lines=LINES))

    def lines() -> tuple[str, ...]:
        return recipes.find(kitchen.site, mine, stored.id).hand_lines

    assert lines() == LINES
    fewer = Recipe("Feijão", 4, SALT)
    recipes.change(kitchen.site, mine, stored.id, fewer, keeps_hand_lines=True)
    assert lines() == LINES
    recipes.change(kitchen.site, mine, stored.id, replace(fewer, hand_lines=LINES[:1]))
    assert lines() == LINES[:1]
    recipes.change(kitchen.site, mine, stored.id, fewer)
    assert lines() == ()


def test_who_edited_others_is_told(kitchen: Furnished) -> None:
    mine = kitchen.person.kitchen_id
    stored = recipes.add(kitchen.site, mine, Recipe("Feijão", 4, SALT, hand_lines=LINES))
    shown = version_of(stored)
    recipes.change(kitchen.site, mine, stored.id, replace(stored, hand_lines=LINES[:1]), shown)

    with pytest.raises(NotAsShown):
        recipes.change(kitchen.site, mine, stored.id, replace(stored, hand_lines=()), shown)
