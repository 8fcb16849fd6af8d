"""Amounts as people write them, on a phone with large text, in both languages, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_access import faults
from tests.browser.test_truth import cut_off
from tests.support.browser.window import Look, Window
from tests.support.processes.kitchen import Person
from yaguts.translations import Language
from yaguts.translations.pages import page_text

TYPED = {
    "pt_BR": ("1.000", "1 g", "1,250", "1/2 colher de chá", "1 colher de sopa", "0,3"),
    "en": ("1,000", "1 g", "1.250", "1/2 teaspoon", "1 tbsp", "0.3"),
}
ENLARGE = "document.documentElement.style.fontSize = '200%'"


class Cook:
    """Somebody at a phone, who reads in one language."""

    def __init__(self, window: Window, language: Language) -> None:
        self.window, self.page, self.language = window, window.page, language
        self.page.goto("/app/jars")
        self.jar = self.page.locator("a.row").first.get_attribute("href") or ""
        window.forgiven = ["422"]
        self.found: list[str] = []
        self.seen: set[str] = set()

    def text(self, key: str, **gaps: object) -> str:
        return page_text(self.language, key, **gaps)

    def look(self) -> Page:
        """The page, which fits. Where scripts run, axe looks at each page that asks, once."""
        self.page.evaluate(ENLARGE)
        self.window.insist_on_fitting()
        assert cut_off(self.page) == []
        asks, address = self.page.locator(".problem").count(), self.page.url.partition("?")[0]
        if self.window.look.scripts and asks and address not in self.seen:
            self.seen.add(address)
            self.found += faults(self.window)
        return self.page

    def sends(self, form: str, amount: str, *answers: str) -> None:
        """Type an amount into a form of the jar's page; tap the answers to what is asked back."""
        self.page.goto(f"{self.jar}?open={form}")
        field = self.page.locator(f"#{form}")
        field.fill(amount)
        self.page.locator(f"form[action$='/{form}'] button.plain").first.click()
        asked = ""
        for answer in answers:
            question = self.page.locator(f"#about-{form}.problem")
            expect(question).not_to_have_text(asked)
            asked = question.inner_text()
            expect(field).to_have_value(amount)
            self.look().get_by_role("button", name=answer, exact=True).click()
        self.window.wait_for_forms()
        expect(self.page.locator(".problem")).to_have_count(0)
        self.look()


@pytest.mark.more
@pytest.mark.parametrize(
    ("look", "language"),
    [(Look(scripts=False, still=True), "pt_BR"), (Look("phone", "dark", "en", still=True), "en")],
    ids=str,
)
def test_from_a_refill_to_a_recipe(
    person: Person, open_window: Open, look: Look, language: Language
) -> None:
    thousand, gram, precise, half_teaspoon, tablespoon, little = TYPED[language]
    cook = Cook(open_window(person, look), language)
    mark = "," if language == "pt_BR" else "."
    before = person.stock(1)

    cook.sends("refill", thousand, gram)
    cook.sends("refill", precise)
    cook.sends("refill", half_teaspoon)
    assert person.stock(1) == pytest.approx(before + 1 + 1.25 + 3)

    cook.sends("capacity", "150")
    expect(cook.page.locator(".facts")).to_contain_text(re.compile(r"\d+%.*150.g", re.DOTALL))
    yes = cook.text("amount.yes", amount=f"100{mark}0 g")
    cook.sends("refill", "100", yes, yes)  # Far more than before, and more than fits in.
    assert person.stock(1) == pytest.approx(before + 105.25)

    cook.page.get_by_role("link", name=cook.text("spoon.go")).click()
    expect(cook.look().locator("cite")).to_contain_text("USDA")
    cook.page.get_by_label(cook.text("unit.tablespoon", n=1)).check()
    cook.page.get_by_label(cook.text("spoon.weight")).fill("15")
    cook.page.get_by_role("button", name=cook.text("jar.save"), exact=True).click()
    expect(cook.page.get_by_role("button", name=cook.text("spoon.forget"))).to_be_visible()
    expect(cook.look().locator("main .facts")).to_contain_text(f"15{mark}0")
    cook.sends("refill", tablespoon, cook.text("amount.yes", amount=f"15{mark}0 g"))
    assert person.stock(1) == pytest.approx(before + 120.25)

    cook.page.goto("/app/recipes/new")
    cook.page.get_by_label(cook.text("recipe.name")).fill("Pão")
    cook.page.locator("input[name=spice]").first.fill("Sal")
    cook.page.locator("input[name=amount]").first.fill(little)
    cook.page.get_by_role("button", name=cook.text("recipe.save"), exact=True).click()
    sure = cook.text("amount.yes", amount=f"0{mark}3 g")
    expect(cook.page.locator("#row-0")).to_contain_text(f"0{mark}5 g")
    cook.look().get_by_role("button", name=sure, exact=True).click()
    expect(cook.page.locator(".share")).to_contain_text(f"0{mark}5 g")
    cook.look()

    assert cook.found == []
