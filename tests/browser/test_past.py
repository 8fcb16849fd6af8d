"""The past that `make screens` gives a kitchen still fits the server."""

from pathlib import Path

from tests.support.browser.past import COOKED, cook_for_weeks
from tests.support.kitchen.household import Household


def test_a_kitchen_is_given_a_past_and_no_board(tmp_path: Path) -> None:
    home = Household(tmp_path)
    ana = home.person("Ana")
    body = {"porcoes": 4, "ingredientes": [{"tempero": "Sal", "quantidade": 1.0}]}
    recipes = [ana.post("/receitas/", json={"nome": f"R{n}", **body}).json()["id"] for n in "1234"]

    me = ana.get("/auth/me").json()["id"]
    cook_for_weeks(home.site.settings.database_url, me, recipes)

    assert [ana.get(f"/jobs/{n + 1}").json()["status"] for n in range(len(COOKED))] == (
        ["done"] * len(COOKED)
    )
    assert ana.get("/me/devices").json()["devices"] == []
    home.close()
