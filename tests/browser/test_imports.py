"""A cook brings recipes in: a page, a file of many, a text; and out again."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_access import faults
from tests.support.browser.window import Look, Window
from tests.support.processes.kitchen import PASSWORD, Person
from tests.yaguts.services.runtime.imports.pages import PAGES

WORDS = {
    "pt-BR": {
        "fold": "Importar, ou baixar todas",
        "paste": "Cole uma receita",
        "file": "Arquivo da receita",
        "open": "Abrir",
        "chosen": "Ver as escolhidas",
        "spoon": re.compile("1 colher de sopa · "),
        "by_hand": "Você põe à mão, para 4 pessoas",
        "save": "Salvar receita",
        "links": "Este servidor não abre links.",
    },
    "en": {
        "fold": "Import, or download all",
        "paste": "Paste a recipe",
        "file": "Recipe file",
        "open": "Open",
        "chosen": "Look at the chosen ones",
        "spoon": re.compile("1 tablespoon · "),
        "by_hand": "You add by hand, for 4 people",
        "save": "Save recipe",
        "links": "This server opens no links.",
    },
}
PASTED = "Feijão\nRende 4 porções\n6 g de sal\n1 colher de canela\n500 g de feijão"
FILE = json.dumps(
    [
        {"@type": "Recipe", "name": f"Sopa {n}", "recipeYield": 2, "recipeIngredient": ["2 g sal"]}
        for n in range(8)
    ]
)
WIDER = "document.documentElement.scrollWidth - innerWidth"


class Story:
    """A window in which a cook imports, and what is wrong with the pages on the way."""

    def __init__(self, window: Window) -> None:
        self.window, self.page = window, window.page
        self.words = WORDS[window.look.language]
        self.found: list[str] = []

    def begin(self, **given: str) -> Page:
        """Open the part of the page for imports, and send what is given."""
        page = self.window.go("/app/recipes/new")
        page.get_by_text(str(self.words["fold"])).click()
        if "text" in given:
            page.get_by_label(str(self.words["paste"])).fill(given["text"])
        if "file" in given:
            data = {"name": "all.json", "mimeType": "text/plain", "buffer": given["file"].encode()}
            page.get_by_label(str(self.words["file"])).set_input_files(data)  # type: ignore[arg-type]
        page.get_by_role("button", name=str(self.words["open"]), exact=True).click()
        page.wait_for_url("**/recipes/import")
        return page

    def look(self) -> None:
        """See whether the page is accessible, also with letters twice as large."""
        if self.window.look.scripts:  # axe is one.
            self.found += faults(self.window)
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        if self.page.evaluate(WIDER) > 0:
            self.found.append(f"{self.page.url} is wider than the window")
        self.page.evaluate("document.documentElement.style.fontSize = ''")

    def save(self) -> None:
        """Store the recipe."""
        self.page.get_by_role("button", name=str(self.words["save"])).click()
        self.page.wait_for_url(re.compile(r"/recipes/\d+$"))


@pytest.mark.more
@pytest.mark.parametrize(
    "look",
    [
        Look(still=True),
        Look("desk", "dark", "en", still=True),
        Look(scripts=False),
    ],
    ids=lambda look: f"{look}{'' if look.scripts else '-without-scripts'}",
)
def test_recipes_come_and_go(person: Person, open_window: Open, look: Look) -> None:
    window = open_window(person, look)
    window.forgiven = ["422"]
    story = Story(window)

    story.begin(text=PAGES["microdata"][0])
    story.save()
    expect(window.page.locator("h1")).to_have_text("Arroz doce")
    expect(window.page.locator("main")).to_contain_text("1 xícara de arroz")

    page = story.begin(file=FILE)
    story.look()
    page.get_by_label("Sopa 6").check()
    page.get_by_role("button", name=str(story.words["chosen"])).click()
    story.save()
    expect(page.locator("h1")).to_have_text("Sopa 6")

    page = story.begin(text=PASTED)
    story.look()
    page.get_by_role("button", name=story.words["spoon"]).click()
    expect(page.get_by_role("button", name=story.words["spoon"])).to_have_count(0)
    story.save()
    expect(page.locator("main")).to_contain_text(str(story.words["by_hand"]))
    expect(page.locator(".hand-lines")).to_have_text("500 g de feijão")
    story.look()
    page.goto(f"{page.url}/edit")
    expect(page.locator("#hand")).to_have_value("500 g de feijão")

    page = story.begin(text="https://example.org/sopa")
    expect(page.locator("main")).to_contain_text(str(story.words["links"]))
    story.look()
    taken = person.http.get("/app/recipes/all.json").json()["receitas"]
    assert [recipe["nome"] for recipe in taken] == ["Arroz doce", "Sopa 6", "Feijão"]
    assert story.found == []


@pytest.mark.more
def test_what_was_typed_stays_at_its_recipe_and_in_another_language(
    person: Person, open_window: Open
) -> None:
    window = open_window(person, Look())
    window.forgiven = ["422"]
    two = [
        {"@type": "Recipe", "name": name, "recipeYield": 2, "recipeIngredient": ["2 g sal"]}
        for name in ("Sopa", "Arroz")
    ]
    page = Story(window).begin(file=json.dumps(two))
    page.locator("[name=r0-amount]").fill("3")
    page.locator("[name=r1-portions]").fill("99")
    page.get_by_role("button", name="Salvar").last.click()

    expect(page.locator("main")).to_contain_text("Uma receita salva.")
    expect(page.locator("[name=r0-name]")).to_have_value("Arroz")
    expect(page.locator("[name=r0-amount]")).to_have_value("2,0")
    page.locator("[name=r0-amount]").fill("4")
    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=r0-name]")).to_have_value("Arroz")
    expect(page.locator("[name=r0-amount]")).to_have_value("4")


def sign_in_beside(page: Page, person: Person) -> None:
    """Sign in again in the tab that the page offers."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Entrar de novo").click()
    door = opened.value
    door.get_by_label("Nome").fill(person.name)
    door.get_by_label("Senha").fill(PASSWORD)
    door.get_by_role("button", name="Entrar").click()
    door.wait_for_url(re.compile(r"/app/$"))


@pytest.mark.more
def test_a_session_that_ends_leaves_the_import_on_its_page(
    person: Person, open_window: Open
) -> None:
    window = open_window(person, Look())
    window.forgiven = ["401"]
    page = Story(window).begin(text=PASTED)
    page.locator("[name=r0-name]").fill("Caldo")
    page.locator("[name=r0-amount]").first.fill("3")
    page.context.clear_cookies(name="yaguts_session")
    page.get_by_role("button", name="Salvar receita").click()

    sign_in_beside(page, person)
    expect(page.locator("[name=r0-amount]").first).to_have_value("3")
    page.get_by_role("button", name="Salvar receita").click()

    page.wait_for_url(re.compile(r"/app/recipes/\d+$"))
    [stored] = person.http.get("/receitas/").json()
    assert stored["nome"] == "Caldo"
    assert stored["ingredientes"][0]["quantidade"] == 3


@pytest.mark.more
def test_a_session_that_ends_leaves_what_was_chosen_of_many(
    person: Person, open_window: Open
) -> None:
    window = open_window(person, Look())
    window.forgiven = ["401"]
    page = Story(window).begin(file=FILE)
    page.get_by_label("Sopa 6").check()
    page.context.clear_cookies(name="yaguts_session")
    page.get_by_role("button", name="Ver as escolhidas").click()

    sign_in_beside(page, person)
    expect(page.get_by_label("Sopa 6")).to_be_checked()
    page.get_by_role("button", name="Ver as escolhidas").click()

    expect(page.locator("[name=r0-name]")).to_have_value("Sopa 6")
