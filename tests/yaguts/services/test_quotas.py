"""Nobody keeps without limit, and whoever comes to a limit is told which. On both databases."""

from dataclasses import replace

import pytest

from tests.support.kitchen.furnished import Furnished
from yaguts.domain import quotas
from yaguts.domain.errors import TooMany
from yaguts.domain.people import Actor, Person
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.units import Milligrams
from yaguts.services.dispensers import pairing, pairing_codes
from yaguts.services.pantry import recipes
from yaguts.services.people import households, sessions
from yaguts.services.people.sessions import open_session
from yaguts.storage import people
from yaguts.translations import explain

HERE = "192.0.2.1"
SALT = Recipe("Sal", 1, (Ingredient("Sal", Milligrams(1000)),))


def refused(error: pytest.ExceptionInfo[TooMany]) -> str:
    return explain(error.value)


def somebody(kitchen: Furnished, name: str) -> Person:
    with kitchen.site.database.write() as connection:
        return people.find(connection, people.add(connection, name, "a hash", kitchen.clock()).id)


def test_a_kitchen_has_five_thousand_recipes(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert quotas.MOST_RECIPES == 5000
    monkeypatch.setattr(recipes, "MOST_RECIPES", 3)
    mine = [recipes.add(kitchen.site, kitchen.person.kitchen_id, SALT) for _ in range(3)]

    with pytest.raises(TooMany) as error:
        recipes.add(kitchen.site, kitchen.person.kitchen_id, SALT)

    assert refused(error) == "Esta cozinha já tem 3 receitas. Apague uma para salvar outra."
    recipes.change(kitchen.site, kitchen.person.kitchen_id, mine[0].id, SALT)
    other = Furnished(kitchen.home, "Bia")
    recipes.add(other.site, other.person.kitchen_id, SALT)
    recipes.remove(kitchen.site, kitchen.person.kitchen_id, mine[0].id)
    recipes.add(kitchen.site, kitchen.person.kitchen_id, SALT)


def test_the_recipes_of_a_kitchen_use_so_many_spices(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "MOST_SPICES", 3)
    whose = kitchen.person.kitchen_id
    parts = [Ingredient(spice, Milligrams(1000)) for spice in ("Sal", "Orégano", "Louro", "Alho")]
    one = recipes.add(kitchen.site, whose, replace(SALT, ingredients=tuple(parts[:3])))
    recipes.add(kitchen.site, whose, SALT)

    for add_or_change in (
        lambda: recipes.add(kitchen.site, whose, replace(SALT, ingredients=(parts[3],))),
        lambda: recipes.change(kitchen.site, whose, one.id, replace(SALT, ingredients=(parts[3],))),
    ):
        with pytest.raises(TooMany) as error:
            add_or_change()
        assert "já usam 3 temperos diferentes" in refused(error)


def test_a_kitchen_has_so_many_dispensers(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing, "MOST_DISPENSERS", 2)
    site, whose = kitchen.site, kitchen.person.kitchen_id

    def code() -> str:
        return pairing_codes.new_code(site, whose, long=True).text

    pairing.pair(site, "board-2", code(), HERE, {})
    kept = code()
    with pytest.raises(TooMany) as error:
        pairing.pair(site, "board-3", kept, HERE, {})

    assert refused(error) == "Esta cozinha já tem 2 dispensadores. Não cabe mais nenhum."
    pairing.pair(site, "board-2", kept, HERE, {})  # The code is good, and the board is known.


def test_a_household_has_so_many_members(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(households, "MOST_MEMBERS", 1)
    site, owner = kitchen.site, kitchen.person
    codes = [households.invite(site, owner.kitchen_id, kitchen.actor).code for _ in range(2)]
    bia, caio = somebody(kitchen, "Bia"), somebody(kitchen, "Caio")
    households.join(site, bia, codes[0], Actor(bia.id))

    with pytest.raises(TooMany) as error:
        households.join(site, caio, codes[1], Actor(caio.id))

    assert refused(error) == "Esta casa já tem 1 pessoas. Alguém precisa sair antes."
    with site.database.read() as connection:
        bia = people.find(connection, bia.id)
    households.leave(site, bia, Actor(bia.id))
    households.join(site, caio, codes[1], Actor(caio.id))


def test_beyond_so_many_sessions_the_one_unused_for_longest_ends(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 3)
    site, ana = kitchen.site, somebody(kitchen, "Dora")
    tokens: list[str] = []
    for _ in range(3):
        tokens.append(open_session(site, ana))
        kitchen.clock.passes(hours=2)
    assert sessions.person_of(site, tokens[0]) == ana  # It is used, so it is not the one.
    kitchen.clock.passes(hours=2)

    tokens.append(open_session(site, ana))

    alive = [sessions.person_of(site, token) is not None for token in tokens]
    assert alive == [True, False, True, True]
