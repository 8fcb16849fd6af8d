"""The pages work without JavaScript: forms, links, and pages that refresh themselves."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.support.browser.window import Look
from tests.support.processes.kitchen import PASSWORD, Dispenser, Person, eventually

OFF = Look(scripts=False)


def test_sign_in_cook_watch_and_refill(person: Person, board: Dispenser, open_window: Open) -> None:
    person.recipe(Sal=1.0)
    eventually(person.online)
    window = open_window(person, OFF)
    window.context.clear_cookies()
    page = window.page

    page.goto("/app/")
    page.get_by_label("Nome").fill(person.name)
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("searchbox").fill("teste")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=re.compile("Teste")).click()
    page.get_by_role("link", name="Uma pessoa a mais").click()
    page.get_by_role("button", name=re.compile("Dosar para 2 pessoas")).click()
    expect(page.locator(".fate-done")).to_be_visible()  # The page refreshes itself.
    assert board.on_time_ms(1) == 1000

    page.goto(page.get_by_role("link", name="Frascos").first.get_attribute("href") or "")
    page.get_by_role("link", name=re.compile("^Sal")).click()
    page.get_by_text("Reabastecer").click()
    page.get_by_label("Quanto você colocou (g)").fill("2,5")
    page.get_by_role("button", name="Somar ao frasco").click()
    expect(page.locator("tbody tr").first).to_contain_text("+2,5 g")
    expect(page.locator(".portrait-grams")).to_contain_text("101 g")


def test_stop_and_choose_a_language(person: Person, open_window: Open) -> None:
    job = person.order(person.recipe(Sal=1.0))
    page = open_window(person, OFF).page
    page.goto(f"/app/jobs/{job['id']}")

    page.get_by_role("button", name="Tirar da fila").click()
    expect(page.locator(".fate-canceled")).to_be_visible()
    page.get_by_role("button", name="English").click()

    expect(page.locator("#fate-title")).to_have_text("Cancelled")


def test_name_a_dispenser_and_add_a_part_by_hand(person: Person, open_window: Open) -> None:
    recipe = person.recipe(Sal=1.0, Louro=2.0)
    page = open_window(person, OFF).page

    page.goto("/app/settings")
    page.get_by_role("link", name=re.compile("^Dispensador")).click()
    page.get_by_label("Como chamar este dispensador").fill("Bancada")
    page.locator("form[action$='/name'] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bancada")

    page.goto(f"/app/recipes/{recipe}")
    page.get_by_role("link", name="Pôr à mão").click()
    page.get_by_role("button", name=re.compile("Dosar para 1 pessoa")).click()
    expect(page.locator("main")).to_contain_text(re.compile(r"À mão\s+Louro"))


@pytest.mark.more
def test_what_is_typed_stays_in_another_language(person: Person, open_window: Open) -> None:
    page = open_window(person, OFF).page
    page.goto("/app/recipes/new")
    page.get_by_label("Nome").fill("Bolo de fubá")
    page.get_by_label("Tempero 1", exact=True).fill("Canela")
    page.get_by_role("button", name="Mais linhas").click()
    page.get_by_label("Tempero 4", exact=True).fill("Erva-doce")

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("New recipe")
    expect(page.get_by_label("Name")).to_have_value("Bolo de fubá")
    expect(page.locator("input[name=spice]").first).to_have_value("Canela")
    expect(page.locator("input[name=spice]").nth(1)).to_have_value("Erva-doce")
    page.locator("input[name=amount]").first.fill("2")
    page.locator("input[name=amount]").nth(1).fill("1")
    page.locator("input[name=amount]").nth(1).press("Enter")  # Saves, and switches nothing.
    expect(page.get_by_role("heading", level=1)).to_have_text("Bolo de fubá")

    page.goto(f"{person.jar_page(1)}?open=refill")
    page.get_by_label("How much you poured in (g)").fill("2.5")
    page.locator("details[open]").get_by_role("button", name="Português").click()
    expect(page.get_by_label("Quanto você colocou (g)")).to_have_value("2.5")
