"""Nothing typed is lost: the network, the server and the session may go while a form is sent."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Open
from tests.support.browser.bad_network import BadNetwork, bad_network
from tests.support.browser.window import FLAGS, Look, Window
from tests.support.components import chromium_that_keeps_pages
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import PASSWORD, Person, Server

OpenOn = Callable[[Server, Look], Window]


class OnBadNetwork(Server):
    """The same server, as it is reached through the network."""

    def __init__(self, network: BadNetwork) -> None:
        self.address = network.address


@pytest.fixture
def network(server: Server) -> Iterator[BadNetwork]:
    with bad_network(server) as network:
        yield network


@pytest.fixture
def page(person: Person, network: BadNetwork, open_on: OpenOn) -> Page:
    return through(network, person, open_on)


def through(network: BadNetwork, person: Person, open_on: OpenOn) -> Page:
    """A page in which the person is signed in, through the network."""
    window = open_on(OnBadNetwork(network), Look())
    window.forgiven = ["Failed to load resource", "net::ERR", "fetching the script"]
    window.context.add_cookies(
        [
            {"name": name, "value": value, "url": network.address}
            for name, value in person.http.cookies.items()
        ]
    )
    return window.page


def said(page: Page) -> Locator:
    return page.locator("#unsent")


def write(page: Page, name: str = "Sopa") -> None:
    """Type a recipe with more spices than there are rows."""
    page.goto("/app/recipes/new")
    page.get_by_label(re.compile("Nome")).fill(name)
    page.get_by_role("button", name=re.compile("Mais linhas")).click()
    for row, spice in enumerate(("Sal", "Pimenta", "Cominho", "Louro", "Cravo")):
        page.locator("input[name=spice]").nth(row).fill(spice)
        page.locator("input[name=amount]").nth(row).fill(f"{row + 1}")


def is_written(page: Page, name: str = "Sopa") -> None:
    """All that was typed is in its fields."""
    expect(page.get_by_label(re.compile("Nome"))).to_have_value(name)
    for row in range(5):
        expect(page.locator("input[name=amount]").nth(row)).to_have_value(f"{row + 1}")


@pytest.mark.more
def test_a_server_that_dies_between_tap_and_answer_takes_one_order(
    person: Person, server: Server, network: BadNetwork, page: Page
) -> None:
    recipe = person.recipe(Sal=1.0)
    page.goto(f"/app/recipes/{recipe}?people=3")
    network.lose("POST /app/orders", server.kill)

    page.get_by_role("button", name=re.compile("^Dosar")).click()
    expect(said(page)).to_contain_text("será enviado assim que der")
    server.start()

    page.wait_for_url("**/app/jobs/*")
    queue = person.http.get("/jobs/queue").json()["fila"]
    assert [(job["receita_id"], job["pessoas_solicitadas"]) for job in queue] == [(recipe, 3)]


@pytest.mark.more
def test_without_a_network_a_recipe_stays_until_it_is_sent(
    person: Person, network: BadNetwork, page: Page
) -> None:
    write(page)
    network.down = True

    page.locator("input[name=spice]").nth(1).press("Enter")
    expect(said(page)).to_contain_text("O que você escreveu está aqui")
    is_written(page)
    page.get_by_role("button", name="Não enviar").click()
    expect(said(page)).to_be_hidden()
    page.get_by_role("button", name="Salvar").click()
    expect(said(page)).to_be_visible()
    network.down = False
    page.get_by_role("button", name="Enviar agora").click()

    page.wait_for_url(re.compile(r"/app/recipes/\d+$"))
    [stored] = person.http.get("/receitas/").json()
    assert len(stored["ingredientes"]) == 5


@pytest.mark.more
def test_a_session_that_ends_and_another_language_lose_nothing(person: Person, page: Page) -> None:
    write(page)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New recipe")
    page.get_by_role("button", name="Português").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nova receita")
    page.get_by_label(re.compile("Nome")).fill("Caldo")
    page.context.clear_cookies(name="yaguts_session")

    page.get_by_role("button", name="Salvar").click()
    expect(said(page)).to_contain_text("Sua sessão terminou")
    page.get_by_role("link", name="Entrar de novo").click()
    page.get_by_label("Nome").fill(person.name)
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()

    expect(said(page)).to_contain_text("está aqui de novo")
    is_written(page, "Caldo")
    page.get_by_role("button", name="Salvar").click()
    page.wait_for_url(re.compile(r"/app/recipes/\d+$"))
    assert [each["nome"] for each in person.http.get("/receitas/").json()] == ["Caldo"]


@pytest.mark.more
def test_on_a_network_that_cuts_connections_each_tap_counts_once(
    person: Person, server: Server, open_on: OpenOn
) -> None:
    with bad_network(server, cut_every=3) as network:
        page = through(network, person, open_on)
        page.goto(person.jar_page(1))
        for turn in range(1, 4):
            page.get_by_text("Reabastecer").first.click()
            page.get_by_label("Quanto você colocou (g)").fill("5")
            page.get_by_role("button", name="Somar ao frasco").click()
            expect(page.locator(".portrait-grams")).to_contain_text(
                f"{100 + 5 * turn} g", timeout=30_000
            )
        assert network.cuts > 0
    assert person.stock(1) == 115.0


def test_each_wrong_value_stays_beside_its_sentence(person: Person, open_window: Open) -> None:
    window = open_window(person)
    window.forgiven = ["422"]
    page = window.go(f"{person.jar_page(1)}?open=weigh")
    page.get_by_label("Quanto você colocou (g)").evaluate("field => field.value = '12,5'")

    page.get_by_label("Quanto tem agora (g)").fill("muito")
    page.get_by_label("Quanto tem agora (g)").press("Enter")

    expect(page.locator("#about-weigh.problem")).to_be_visible()
    expect(page.locator("#weigh")).to_have_value("muito")
    expect(page.locator("#weigh")).to_be_focused()
    expect(page.locator("#refill")).to_have_value("12,5")


def test_what_is_typed_while_another_form_is_on_its_way_stays(person: Person, page: Page) -> None:
    page.goto(f"{person.jar_page(1)}?open=weigh")
    page.get_by_text("Reabastecer").first.click()
    page.get_by_label("Quanto você colocou (g)").fill("5")
    page.get_by_role("button", name="Somar ao frasco").click()
    page.locator("html[data-sending]").wait_for()
    page.get_by_label("Quanto tem agora (g)").fill("12,5")

    expect(page.locator(".portrait-grams")).to_contain_text("105 g")
    expect(page.locator("#weigh")).to_have_value("12,5")
    expect(page.locator("#refill")).to_have_value("")
    assert person.stock(1) == 105.0


@pytest.mark.more
@pytest.mark.parametrize("is_refused", [False, True])
def test_two_forms_on_their_way_are_each_taken_once(
    person: Person, page: Page, is_refused: bool
) -> None:
    both_filled(person, page, capacity="muito" if is_refused else "150")
    asked = "POST" if is_refused else "HEAD"  # The page that follows is asked for with it.
    with page.expect_request(lambda request: request.method == asked):
        page.locator("#capacity").press("Enter")
    page.get_by_role("button", name="Somar ao frasco").click()
    page.locator("html[data-sending]").wait_for(state="detached")

    expect(page.locator(".portrait-grams")).to_contain_text("105 g")
    expect(page.locator("#refill")).to_have_value("")
    expect(page.locator("#about-capacity.problem")).to_have_count(int(is_refused))
    assert person.stock(1) == 105.0


@pytest.mark.more
def test_a_form_that_is_sent_while_the_page_goes_is_taken_once(person: Person, page: Page) -> None:
    both_filled(person, page, capacity="150")
    with page.expect_request(lambda request: request.is_navigation_request()):
        page.locator("#capacity").press("Enter")
    page.get_by_role("button", name="Somar ao frasco").click()
    page.locator("html[data-sending]").wait_for(state="detached")

    expect(page.locator(".portrait-grams")).to_contain_text("105 g")
    expect(page.locator("#refill")).to_have_value("")
    assert person.stock(1) == 105.0


def both_filled(person: Person, page: Page, capacity: str) -> None:
    """The page of a jar with two forms filled in."""
    page.goto(f"{person.jar_page(1)}?open=capacity")
    page.locator("#capacity").fill(capacity)
    page.get_by_text("Reabastecer").first.click()
    page.locator("#refill").fill("5")


def test_a_weight_stays_beside_its_own_run(person: Person, open_window: Open) -> None:
    """Several runs wait to be weighed when they are reported late."""
    window = open_window(person)
    window.forgiven = ["422"]
    wizard = f"{person.jar_page(1)}/calibration"
    runs = late_runs(person, wizard, 3)
    page = window.go(wizard)
    field = [page.locator(f"#run-{run}") for run in runs]
    field[0].fill("muito")
    field[0].press("Enter")
    expect(page.locator(".problem")).to_be_visible()
    field[1].fill("8,8")
    field[0].fill("4")
    field[0].press("Enter")

    expect(field[0]).to_have_count(0)
    expect(field[1]).to_have_value("8,8")
    expect(field[2]).to_have_value("")


def late_runs(person: Person, wizard: str, number: int) -> list[int]:
    """Runs that were cancelled and fell all the same. Their ids."""
    board = Arduino.paired(person, f"late {person.name}", "0.2.0")
    runs: list[dict[str, Any]] = []
    for seconds in range(1, number + 1):
        ordered = person.http.post(f"{wizard}/run", data={"seconds": str(seconds)})
        assert ordered.status_code == 303
        run = board.poll()
        assert run is not None
        person.http.post(f"/jobs/{run['id']}/cancel").raise_for_status()
        runs.append(run)
    for run in runs:
        board.complete(run["id"], board.report_of(run))
    return [run["id"] for run in runs]


@pytest.mark.more
def test_back_to_a_kept_page_orders_anew_but_never_what_it_does_not_show(
    person: Person, browser: Browser
) -> None:
    """The browser keeps pages for going back: Playwright switches that off unless it is told."""
    flags = ["--disable-back-forward-cache"]
    another = browser.browser_type.launch(
        executable_path=chromium_that_keeps_pages(), args=FLAGS, ignore_default_args=flags
    )
    window = Window(another, person.server, Look())
    window.take_cookies(person)
    window.forgiven = ["409"]
    page, recipe = window.page, person.recipe(Sal=1.0)
    page.add_init_script("addEventListener('pageshow', (event) => (window.kept = event.persisted))")
    page.goto("/app/")  # What a browser sees before its scripts have run once is not kept.
    page.goto(f"/app/recipes/{recipe}")
    order = page.get_by_role("button", name=re.compile("^Dosar"))

    for _ in range(2):
        order.click()
        page.wait_for_url("**/app/jobs/*")
        person.http.post("/jobs/active/cancel").raise_for_status()
        page.go_back(wait_until="commit")
        assert page.evaluate("window.kept") is True
    body = {"nome": "Outro", "porcoes": 1}
    body |= {"ingredientes": [{"tempero": "Sal", "quantidade": 100.0}]}
    person.http.put(f"/receitas/{recipe}", json=body).raise_for_status()
    order.click()

    expect(page.locator("main")).to_contain_text("a página mostrava 1,0 g, agora são 100,0 g")
    assert person.http.get("/jobs/queue").json()["fila"] == []
    window.close()
    another.close()
