"""Accessibility: axe finds nothing, targets are large enough, and a keyboard suffices."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support.browser.window import Look, Window, every_look
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import Person

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TOUCH_PX = 44
BY_BUTTON = {
    "/app/dispensers/pair": "button.big",
    "/app/settings": "form[action$='/invitations'] button",
}
"""Pages that are shown once, after a button on another page."""
SMALL = """
(least) => [...document.querySelectorAll("a, button, input, select, summary")]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.type !== "hidden")
  .filter((e) => !e.closest("p, td, dd") && !e.matches(".skip, .hush-button"))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width < least - 0.5 || box.height < least - 0.5)
  .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`)
"""


@pytest.fixture
def pages(person: Person) -> dict[str, str]:
    """The addresses of all pages, in a kitchen with a history."""
    board = Arduino.paired(person, f"hand of {person.name}")
    person.http.put("/config/robo", json=[{"frasco": 4, "estoque_g": 5.0, "g_por_seg": None}])
    done = person.recipe(Sal=1.0, Pimenta=2.0)
    herbs = person.recipe(Sal=1.0, Louro=1.0)
    hard = person.recipe(Sal=500.0, Cominho=1.0, Canela=2.0)
    job = person.order(done)["id"]
    fetched = board.poll()
    assert fetched is not None
    board.complete(job, board.report_of(fetched, jar2="sem fluxo"))
    one = person.http.get("/me/devices").json()["devices"][0]["id"]
    ways = {"aceita_fila": True, "pergunta_ao_retomar": True}
    person.http.put(f"/devices/{one}", json=ways).raise_for_status()
    asking = person.order(done)["id"]
    ask(board, asking)
    waiting = person.order(done)["id"]
    person.order(done)
    Arduino.paired(person, f"second of {person.name}")
    return {
        "kitchen": "/app/",
        "cook": f"/app/recipes/{done}",
        "not yet": f"/app/recipes/{hard}",
        "by hand": f"/app/recipes/{herbs}?hand=yes",
        "asking": f"/app/jobs/{asking}",
        "waiting": f"/app/jobs/{waiting}",
        "in part": f"/app/jobs/{job}",
        "history": "/app/history",
        "search": "/app/history?q=canela",
        "jars": "/app/jars",
        "labels": "/app/jars/labels",
        "jar": f"/app/dispensers/{one}/jars/1?open=refill",
        "calibration": f"/app/dispensers/{one}/jars/4/calibration",
        "spoon": f"/app/dispensers/{one}/jars/1/spoon",
        "cleaning": f"/app/dispensers/{one}/cleaning",
        "vacant": f"/app/dispensers/{one}/jars?spice=Canela",
        "recipe": f"/app/recipes/{hard}/edit",
        "new recipe": "/app/recipes/new",
        "delete": f"/app/recipes/{hard}/delete",
        "settings": "/app/settings",
        "trail": "/app/trail",
        "alerts": "/app/settings/alerts",
        "dispenser": f"/app/dispensers/{one}",
        "unlink": f"/app/dispensers/{one}/unlink",
        "pair": "/app/dispensers/pair",
        "offline": "/app/offline",
        "not found": "/app/nowhere",
    }


def ask(board: Arduino, job: int) -> None:
    """Ask for resume consent, as firmware 0.2 does after an outage."""
    fetched = board.poll()
    assert fetched is not None
    told = {"job_key": fetched["job_key"], "item_ordem": 1, "frasco": 1, "dispensado_g": 0.5}
    told |= {"status": "running", "pergunta": 5}
    status, answer = board.call("POST", f"/devices/me/jobs/{job}/progress", told)
    assert (status, answer) == (200, {"ok": True, "cancelar": False})


def violations(page: Page) -> list[str]:
    """What axe reports of the page as it is shown."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("(rules) => axe.run(document, rules)", RULES)
    return [
        f"{page.url} {each['id']}: {node['html'][:120]} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def faults(window: Window) -> list[str]:
    """What is wrong with the page, including its folded parts."""
    page = window.page
    page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
    small = [f"{page.url}: {each}" for each in page.evaluate(SMALL, TOUCH_PX)]
    return violations(page) + small


@pytest.mark.parametrize("look", every_look(still=True), ids=str)
def test_every_page_is_accessible(
    person: Person, pages: dict[str, str], open_window: Open, look: Look
) -> None:
    window = open_window(person, look)
    window.forgiven = ["404"]
    found: list[str] = []
    for path in pages.values():
        window.go(path)
        found += faults(window)
    for path, button in BY_BUTTON.items():
        window.go(path).locator(button).click()
        found += faults(window)
    invitation = window.page.locator("pre code").inner_text()
    window.context.clear_cookies()
    for path in ("/app/sign-in", "/app/register", invitation):
        window.go(path)
        found += faults(window)
    newcomer = Person(person.server, f"{person.name}, new {look}")
    window.take_cookies(newcomer)
    window.go("/app/")
    found += faults(window)
    newcomer.http.close()

    assert found == []


def test_an_order_needs_no_more_than_a_keyboard(person: Person, open_window: Open) -> None:
    recipe = person.recipe(Sal=1.0)
    page = open_window(person, Look("desk")).go("/app/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, f"a[href='/app/recipes/{recipe}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/recipes/{recipe}")
    tab_to(page, ".step:last-of-type")
    page.keyboard.press("Enter")
    expect(page.locator("button.big")).to_contain_text("2 pessoas")
    tab_to(page, "button.big")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/*")
    tab_to(page, "button.danger")
    page.keyboard.press("Enter")
    expect(page.locator(".fate-canceled")).to_be_visible()


def tab_to(page: Page, target: str) -> None:
    """Press Tab until the target is focused. The focus must be visible."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("(target) => document.activeElement.matches(target)", target):
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(outline) == "solid"
            return
    raise AssertionError(f"Tab does not reach {target}")


def test_nothing_moves_with_reduced_motion(person: Person, open_window: Open) -> None:
    person.recipe(Sal=1.0)
    page = open_window(person, Look(still=True)).go("/app/")

    moving = """[...document.querySelectorAll("*")].filter((e) =>
        getComputedStyle(e).transitionDuration.split(", ").some((d) => parseFloat(d) > 0))"""
    assert page.evaluate(f"{moving}.length") == 0
