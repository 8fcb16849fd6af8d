"""A spice that looks the same is the same one: in plans, jars, the catalogue and the history."""

import pytest

from tests.support.kitchen.household import Household
from yaguts_wire import words as w

SEEN = "Orégano"
AS_TYPED = (
    "ORÉGANO",
    "Oregano",
    "Ore\N{COMBINING ACUTE ACCENT}gano",
    "Orégano\N{ZERO WIDTH SPACE}",
    "Oré\N{SOFT HYPHEN}gano",
    "\N{NO-BREAK SPACE}Orégano",
)


@pytest.mark.parametrize("typed", AS_TYPED)
def test_it_is_poured_from_the_same_jar_and_listed_once(home: Household, typed: str) -> None:
    person = home.person("Ana")
    home.board(person)
    jars = [{w.JAR: 3, w.LABEL: typed, w.RATE_G_PER_S: 1.0, w.STOCK_G: 100.0}]
    assert person.put("/config/robo", json=jars).status_code == 200
    parts = [{w.SPICE: typed, w.QUANTITY: 4.5}]
    recipe = person.post("/receitas/", json={w.NAME: "Pizza", w.INGREDIENTS: parts}).json()

    job = person.post("/jobs", json={w.RECIPE_ID: recipe[w.ID], w.PEOPLE: 1}).json()

    assert [dose[w.JAR] for dose in job[w.ITEMS]] == [3]
    assert person.get("/config/robo").json()[2][w.LABEL] == SEEN
    assert person.get("/catalogo/temperos").json().count(SEEN) == 1
    assert len(person.get("/catalogo/temperos").json()) == 5
    assert person.get("/receitas/", params={"q": "oregano"}).json() == [recipe]
