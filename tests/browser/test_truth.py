"""The pages tell the truth: on slow networks, without scripts, in many tabs, after a sign-out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open
from tests.support.browser.window import FLAGS, Look, Window
from tests.support.components import chromium_that_keeps_pages
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import Person

SLOW_MS = 400
STREAMS = """
  window.streams = [];
  window.EventSource = class extends EventSource {
    constructor(...given) { super(...given); window.streams.push(this); }
  };
"""
"""Lets a test see the streams that a page opens."""
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
_OPEN = "window.streams.filter((stream) => stream.readyState !== EventSource.CLOSED)"
OPEN = f"{_OPEN}.length"
FOLLOWED = f"{_OPEN}.map((stream) => new URL(stream.url).pathname)"
LONG = "Pneumoultramicroscopicossilicovulcanoconiotico" * 3


@pytest.mark.more
def test_the_field_and_the_button_always_agree(person: Person, open_window: Open) -> None:
    recipe = person.recipe(Sal=1.0)
    page = open_window(person).go(f"/app/recipes/{recipe}")
    page.evaluate("""(ms) => {
      const fetched = window.fetch;
      window.fetch = (...given) =>
        new Promise((done) => setTimeout(() => done(fetched(...given)), ms));
    }""", SLOW_MS)  # fmt: skip
    field, button = page.locator("input[name=people]"), page.locator(".deck button.big")
    more = page.get_by_role("link", name="Uma pessoa a mais")

    for _ in range(3):
        more.click()
    expect(field).to_have_value("4")
    expect(button).to_be_disabled()
    expect(button).to_contain_text("Um momento…")
    expect(button).to_contain_text("Dosar para 4 pessoas")
    expect(button).to_be_enabled()
    expect(field).to_have_value("4")
    assert page.url.endswith("people=4")

    field.fill("150")
    expect(button).to_be_disabled()
    expect(button).to_contain_text("Dosar para 100 pessoas")
    expect(field).to_have_value("100")
    expect(page.locator("#people-said")).to_have_text("No máximo 100 pessoas.")
    field.fill("2")
    field.press("Enter")
    expect(button).to_contain_text("Dosar para 2 pessoas")
    button.click()
    page.wait_for_url("**/jobs/*")
    assert person.http.get("/jobs/active").json()["active"]["id"]
    expect(page.locator("h1")).to_contain_text("2 pessoas")


def test_without_scripts_another_number_is_shown_before_it_is_ordered(
    person: Person, open_window: Open
) -> None:
    recipe = person.recipe(Sal=1.0)
    window = open_window(person, Look(scripts=False))
    window.forgiven = ["409"]
    page = window.page
    page.goto(f"/app/recipes/{recipe}?people=4")
    field, button = page.locator("input[name=people]"), page.locator(".deck button.big")

    field.fill("5")
    button.click()
    expect(button).to_contain_text("Dosar para 5 pessoas")
    expect(page.locator("#people-said")).to_contain_text("O número de pessoas mudou.")
    assert person.http.get("/jobs/active").json()["active"] is None
    field.fill("7")
    field.press("Enter")
    expect(button).to_contain_text("Dosar para 7 pessoas")
    assert page.url.endswith(f"/recipes/{recipe}?people=7")
    button.click()
    expect(page.locator("h1")).to_contain_text("7 pessoas")


@pytest.mark.more
def test_hidden_tabs_keep_no_connection_and_ended_jobs_that_of_the_news(
    person: Person, open_window: Open
) -> None:
    board = Arduino.paired(person, f"tabs of {person.name}", "0.2.0")
    job = person.order(person.recipe(Sal=1.0))["id"]
    window = open_window(person)
    window.context.add_init_script(STREAMS)
    pages = [window.page, *(window.context.new_page() for _ in range(6))]
    for page in pages:
        page.goto("/app/")
        page.evaluate(HIDE, True)
        assert page.evaluate(OPEN) == 0
    pages[0].evaluate(HIDE, False)
    expect(pages[0].locator(".now")).to_contain_text("Na fila")
    assert pages[0].evaluate(OPEN) == 1

    page = pages[1]
    page.goto(f"/app/jobs/{job}")
    assert page.evaluate(OPEN) == 1
    fetched = board.poll()
    assert fetched is not None
    board.call("POST", f"/devices/me/jobs/{job}/accept", {"job_key": fetched["job_key"]})
    expect(page.locator(".fate-running")).to_be_visible()
    expect(page.locator(".fate-left")).to_contain_text("Faltam cerca de")
    board.complete(job, board.report_of(fetched))
    expect(page.locator(".fate-done")).to_be_visible()
    page.wait_for_function(f"() => {FOLLOWED}.join() === '/app/news'")
    expect(page.locator("#lost")).to_be_hidden()
    page.evaluate(HIDE, True)
    assert page.evaluate(OPEN) == 0
    page.evaluate(HIDE, False)
    page.wait_for_function(f"() => {FOLLOWED}.join() === '/app/news'")


@pytest.fixture
def with_bfcache(browser: Browser) -> Iterator[Browser]:
    """Playwright switches the cache off that Back uses."""
    other = browser.browser_type.launch(
        executable_path=chromium_that_keeps_pages(),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield other
    other.close()


@pytest.mark.more
def test_after_a_sign_out_tabs_say_so_and_back_shows_nothing(
    person: Person, with_bfcache: Browser
) -> None:
    window = Window(with_bfcache, person.server, Look())
    window.forgiven = ["401"]
    window.take_cookies(person)
    window.context.add_init_script(
        "addEventListener('pageshow', (e) => (window.restored = e.persisted))"
    )
    watched = window.context.new_page()
    watched.goto("/app/")
    page = window.go("/app/settings")
    page.goto("/app/history")
    page.go_back(wait_until="commit")
    assert page.evaluate("window.restored") is True
    expect(page.locator("main")).to_be_visible()
    page.goto("/app/history")
    page.goto("/app/settings")

    page.locator("form[action$='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    expect(watched.locator("#signed-out")).to_contain_text("Você saiu da conta")
    expect(watched.locator("#lost")).to_be_hidden()
    expect(watched.locator(".dot")).to_be_hidden()
    page.go_back(wait_until="commit")
    page.wait_for_url("**/sign-in?*")
    expect(page.get_by_label("Senha")).to_be_visible()
    window.close()


@pytest.mark.more
def test_without_scripts_back_shows_nothing_either(person: Person, with_bfcache: Browser) -> None:
    window = Window(with_bfcache, person.server, Look(scripts=False))
    window.take_cookies(person)
    page = window.page
    page.goto("/app/recipes/new")
    page.get_by_label("Nome").fill("Bolo de fubá")
    page.goto("/app/jars")
    page.go_back(wait_until="commit")
    expect(page.get_by_label("Nome")).to_have_value("Bolo de fubá")
    page.goto("/app/settings")

    page.locator("form[action$='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    for _ in range(2):
        page.go_back(wait_until="commit")
        expect(page.get_by_label("Senha")).to_be_visible()
    window.close()


@pytest.mark.more
def test_every_page_fits_much_enlarged(person: Person, open_window: Open) -> None:
    """400 % of a screen of 1280 x 1024 is one of 320 x 256; and text of twice the size."""
    recipe = person.recipe(Sal=1.0, **{LONG[:60]: 1.0})
    body = {"nome": LONG[:120], "porcoes": 4, "ingredientes": [{"tempero": "Sal", "quantidade": 4}]}
    long = person.http.post("/receitas/", json=body).raise_for_status().json()["id"]
    Arduino.paired(person, f"enlarged {person.name}")
    one = person.http.get("/me/devices").json()["devices"][0]["id"]
    person.http.post(f"/app/dispensers/{one}/jars", data={"count": "16"})
    job = person.order(long)["id"]
    pages = ["/app/", f"/app/recipes/{recipe}", f"/app/recipes/{long}", f"/app/jobs/{job}",
             "/app/history", "/app/jars", f"/app/dispensers/{one}/jars/1", "/app/settings",
             f"/app/dispensers/{one}", f"/app/dispensers/{one}/cleaning", "/app/dispensers/pair",
             "/app/settings/alerts", f"/app/recipes/{long}/edit"]  # fmt: skip
    window = open_window(person)
    for width, height, text in ((320, 256, 100), (390, 844, 200), (320, 640, 200)):
        window.page.set_viewport_size({"width": width, "height": height})
        for path in pages:
            window.page.goto(path)
            window.page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
            window.insist_on_fitting()
            assert cut_off(window.page) == [], f"{path} at {width} px, {text} %"
    window.page.set_viewport_size({"width": 390, "height": 844})
    window.page.goto("/app/")
    assert window.page.locator(".recipes").bounding_box()["y"] < 500  # type: ignore[index]


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_words_of_a_waiting_order_have_room_beside_its_button(
    person: Person, open_window: Open, size: str
) -> None:
    """A button with many words goes below: it does not break the others between their letters."""
    Arduino.paired(person, f"waiting {person.name}")
    recipe = person.recipe(Sal=1.0)
    person.order(recipe)
    waits = {"receita_id": recipe, "entrar_na_fila": True}
    person.http.post("/jobs", json=waits).raise_for_status()
    window = open_window(person, Look(size, language="en"))

    page = window.go("/app/")

    # Found and measured in one go: the page replaces the list when it hears what is new.
    words = "document.querySelector('ol .row-words').getBoundingClientRect()"
    assert page.evaluate(f"{words}.width") >= 144


def cut_off(page: Page) -> list[str]:
    """Words that stand outside the screen, or over others' heads."""
    return page.evaluate("""() => [...document.querySelectorAll("main *, .tabs *, .top *")]
      .filter((e) => !e.closest(".hush, .scroll, .filters, .shelf.many, svg, .hush-button, thead"))
      .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
      .map((e) => [e, e.getBoundingClientRect()])
      .filter(([e, box]) => box.width && (box.right > innerWidth + 1 || box.left < -1))
      .map(([e]) => e.outerHTML.slice(0, 90))""")  # fmt: skip
