"""Every page says the same state of a dispenser, and the page of a pairing code how it stands."""

import re

import pytest
from starlette.responses import HTMLResponse
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import read
from yaguts.web.pages import dispensers
from yaguts.web.pages.settings import page as settings

SETTINGS, ONE, PAIRING = "/app/settings", "/app/dispensers/1", "/app/dispensers/pair"
WAITING = "Esperando o dispensador…"


@pytest.fixture
def looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live page sends what it shows now, and ends."""
    for page in (dispensers, settings):
        monkeypatch.setattr(page, "live", lambda *given: HTMLResponse(given[3]()))


@pytest.mark.usefixtures("looked_at_once")
def test_every_page_says_the_same_state(kitchen: Furnished) -> None:
    browser, board = kitchen.browser(), kitchen.board()

    def says(state: str, of: str = "") -> None:
        for page in (SETTINGS, f"{SETTINGS}/live"):
            assert f"Dispensador 1 {state}" in read(browser.get(page)), page
        assert f"Estado {of or state}" in read(browser.get(ONE))
        assert of or state in read(browser.get("/app/"))

    says("Fora do ar · ainda não deu sinal", of="Fora do ar")
    board.get("/devices/me/next_job")
    says("No ar")
    kitchen.started(Sal=1.0)
    says("Dosando")
    kitchen.clock.passes(seconds=40)
    says("Dosando, sem notícias por enquanto · visto agora há pouco", of="Dosando, sem notícias")


def made(browser: TestClient) -> tuple[str, str]:
    """A pairing code, and where its page looks how it stands."""
    page = browser.post(PAIRING)
    code = re.search(r'class="code" aria-label="([0-9A-Z-]{14})"', page.text)
    live = re.search(r'data-live="([^"]*)"', page.text)
    assert code
    assert live
    return code[1], live[1]


@pytest.mark.usefixtures("looked_at_once")
def test_a_code_waits_until_it_is_used_or_expires(home: Household) -> None:
    browser = home.person()
    home.board(browser)
    home.clock.passes(minutes=1)
    code, live = made(browser)

    assert WAITING in read(browser.get(live))
    assert "Dispensador 1" not in read(browser.get(live))
    home.claimed(code, "board-2")
    assert "Dispensador 2 No ar" in read(browser.get(live))
    assert WAITING not in read(browser.get(live))

    home.clock.passes(seconds=5)
    _, live = made(browser)
    home.clock.passes(minutes=10)
    assert "O código venceu sem ser usado." in read(browser.get(live))


@pytest.mark.parametrize("host", ["localhost", "192.168.1.7"])
def test_it_says_when_no_board_reaches_the_server(home: Household, host: str) -> None:
    browser = home.person()
    browser.headers["Host"] = host

    page = read(browser.get(PAIRING))

    assert ("inicie-o com yaguts serve" in page) == (host == "localhost")
    assert "pisca uma vez por segundo (azul)" in page
