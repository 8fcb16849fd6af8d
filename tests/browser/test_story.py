"""From an empty server to the second try of a jar that failed."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.window import Look, Window, every_look
from tests.support.processes.kitchen import PASSWORD, Dispenser, Server
from yaguts.translations.pages import page_text

POUR_MS = 20_000


class Cook:
    """A person who reads the pages in the window's language."""

    def __init__(self, window: Window) -> None:
        self.window, self.page = window, window.page
        self.language = "pt_BR" if window.look.language == "pt-BR" else "en"

    def t(self, key: str, **fields: object) -> str:
        return page_text(self.language, key, **fields)  # type: ignore[arg-type]

    def tap(self, key: str, **fields: object) -> None:
        """A button or a link with exactly this text."""
        name = re.compile(rf"^{re.escape(self.t(key, **fields))}")
        targets = self.page.get_by_role("button", name=name).or_(
            self.page.get_by_role("link", name=name)
        )
        targets.first.click()

    def sees(self, key: str, **fields: object) -> None:
        expect(self.page.locator("main")).to_contain_text(self.t(key, **fields))


@pytest.mark.parametrize("look", every_look(), ids=str)
def test_from_first_run_to_the_second_try(
    look: Look,
    tmp_path: Path,
    open_on: Callable[[Server, Look], Window],
) -> None:
    server = Server(tmp_path, YAGUTS_REGISTRATION="first")
    server.start()
    cook = Cook(open_on(server, look))
    try:
        register(cook)
        board = link(cook, server, tmp_path)
        try:
            still_the_motor(cook)
            write_a_recipe(cook)
            fill_a_jar(cook, "Sal", 1, rate="2", amount="120")
            fill_a_jar(cook, "Pimenta", 2, rate="1", amount="40")
            cook_it(cook)
            try_again(cook, board)
            read_the_history(cook)
        finally:
            board.kill()
    finally:
        cook.page.close()  # It follows the server.
        server.kill()


@pytest.mark.more
def test_a_first_dose_without_a_board(
    tmp_path: Path, open_on: Callable[[Server, Look], Window]
) -> None:
    server = Server(tmp_path, YAGUTS_REGISTRATION="first")
    server.start()
    cook = Cook(open_on(server, Look()))
    try:
        register(cook)
        cook.tap("steps.pair.go")
        cook.tap("virtual.go")
        online = cook.t("kitchen.online")  # a process has to start first
        expect(cook.page.locator("main")).to_contain_text(online, timeout=POUR_MS)
        still_the_motor(cook)
        cook.page.locator(".card", has_text="Feijão").click()
        cook.page.locator(".quick a", has_text="1").first.click()
        cook.tap("cook.go", people=cook.t("people", n=1))
        expect(cook.page.locator(".fate-done")).to_be_visible(timeout=POUR_MS)
        cook.page.goto("/app/")
        expect(cook.page.locator(".first-steps")).to_have_count(0)
        # This page has no live part, which would fail when the server ends.
        cook.window.go("/app/history")
    finally:
        cook.page.close()  # It follows the server.
        server.kill()


def register(cook: Cook) -> None:
    cook.page.goto("/")
    cook.sees("register.first")
    cook.page.get_by_label(cook.t("account.name")).fill("Ana")
    cook.page.get_by_label(cook.t("account.password")).fill(PASSWORD)
    cook.tap("register.go")
    cook.sees("kitchen.unpaired")


def link(cook: Cook, server: Server, folder: Path) -> Dispenser:
    cook.tap("kitchen.pair")
    cook.tap("pair.go")
    code = cook.page.locator(".code").get_attribute("aria-label")
    assert code
    board = Dispenser(server, folder, code, "cpython", "virtual-1")
    board.start()
    cook.tap("pair.to_kitchen")
    cook.sees("kitchen.online")
    return board


def still_the_motor(cook: Cook) -> None:
    """Set the motor to no pauses, which saves the test time."""
    cook.window.go("/app/dispensers/1")
    cook.page.get_by_label(cook.t("motor.before")).fill("0")
    cook.page.get_by_label(cook.t("motor.after")).fill("0")
    cook.page.locator("form[action$='/motor'] button").click()
    expect(cook.page.get_by_label(cook.t("motor.before"))).to_have_value("0")
    cook.page.goto("/app/")


def write_a_recipe(cook: Cook) -> None:
    cook.tap("recipe.new")
    cook.page.get_by_label(cook.t("recipe.name")).fill("Ovos mexidos")
    for row, (spice, amount) in enumerate([("Sal", "2"), ("Pimenta", "1,5")], start=1):
        cook.page.get_by_label(cook.t("recipe.spice", n=row), exact=True).fill(spice)
        cook.page.get_by_label(cook.t("recipe.amount", n=row), exact=True).fill(amount)
    cook.tap("recipe.save")
    cook.sees("cook.not_yet")


def fill_a_jar(cook: Cook, spice: str, number: int, rate: str, amount: str) -> None:
    """Follow the remedies from the recipe's page. Each leads back to it."""
    back = quote(cook.page.url.removeprefix(cook.window.server.address))
    cook.page.locator("li", has_text=spice).get_by_role(
        "link", name=cook.t("remedy.assign")
    ).click()
    cook.page.get_by_role("button", name=cook.t("choose.put", spice=spice, jar=number)).click()
    cook.sees("calibration.step_bowl")
    cook.window.go(f"/app/dispensers/1/jars/{number}?open=rate&back={back}")
    cook.page.get_by_label(cook.t("jar.rate_label")).fill(rate)
    cook.page.locator("form[action$='/rate'] button").click()
    cook.page.wait_for_url(re.compile("^[^?]+/app/recipes/"))
    recipe = cook.page.url
    cook.window.go(f"/app/dispensers/1/jars/{number}?open=weigh")
    cook.page.get_by_label(cook.t("jar.weigh_label")).fill(amount)
    cook.tap("jar.weigh_go")
    expect(cook.page.locator(".portrait-grams")).to_contain_text(amount)
    cook.page.goto(recipe)


def cook_it(cook: Cook) -> None:
    cook.page.locator(".quick a", has_text="2").first.click()
    expect(cook.page.locator("button.big")).to_contain_text(cook.t("people", n=2))
    cook.tap("cook.go", people=cook.t("people", n=2))
    cook.page.wait_for_url("**/jobs/*")
    cook.sees("job.running")
    expect(cook.page.locator(".fate-done")).to_be_visible(timeout=POUR_MS)
    cook.window.insist_on_fitting()


def try_again(cook: Cook, board: Dispenser) -> None:
    board.plant({"jar2": "no_flow"})
    cook.tap("watch.again")
    cook.tap("cook.go", people=cook.t("people", n=2))
    expect(cook.page.locator(".fate-done_partial")).to_be_visible(timeout=POUR_MS)
    cook.sees("fault.no_flow")
    board.plant({})
    cook.tap("watch.retry")
    expect(cook.page.locator(".fate-done")).to_be_visible(timeout=POUR_MS)
    assert cook.page.url.endswith("/jobs/3")


def read_the_history(cook: Cook) -> None:
    page: Page = cook.window.go("/app/history")
    expect(page.locator(".rows .row")).to_have_count(3)
    expect(page.locator(".row-done_partial")).to_have_count(1)
    cook.window.go("/app/dispensers/1/jars/2")
    expect(page.locator("tbody tr")).not_to_have_count(0)
