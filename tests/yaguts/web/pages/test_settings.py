"""The pages of dispensers and of the account."""

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.support.builders import a_reported_dose, report_of
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import PASSWORD, Household
from tests.support.kitchen.pages import links, read
from yaguts.domain.happenings import MOST_KEPT
from yaguts.domain.ids import KitchenId
from yaguts.domain.units import Milligrams
from yaguts.storage import dispensers
from yaguts.web.views.happenings import MOST_SHOWN
from yaguts_wire import happenings as h
from yaguts_wire import words as w


@pytest.fixture
def browser(home: Household) -> TestClient:
    return home.person()


def test_a_code_is_shown_once_and_pairs_a_dispenser(home: Household, browser: TestClient) -> None:
    assert "Gerar código" in read(browser.get("/app/dispensers/pair"))

    page = browser.post("/app/dispensers/pair")
    assert "Esperando o dispensador…" in read(page)
    found = re.search(r'class="code" aria-label="([0-9A-Z-]{14})"', page.text)
    assert found
    home.claimed(found[1], "board-1")

    again = browser.post("/app/dispensers/pair")
    assert "Dispensador 1 No ar" in read(again)
    assert found[1] not in again.text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("pt-BR", ("QR da etiqueta", "http://192.168.4.1", "“Endereço do servidor” digite http")),
        ("en", ("QR code on its label", "http://192.168.4.1", "“Address of the server” type http")),
    ],
)
def test_it_tells_how_the_board_is_set_up_with_a_phone(
    browser: TestClient, language: str, told: tuple[str, ...]
) -> None:
    for ask in (browser.get, browser.post):
        page = read(ask("/app/dispensers/pair", headers={"Accept-Language": language}))
        assert [text for text in told if text not in page] == []


def test_old_firmware_takes_six_digits(browser: TestClient) -> None:
    page = browser.post("/app/dispensers/pair", data={"kind": "short"})

    assert re.search(r'aria-label="\d{6}"', page.text)


def test_the_page_of_a_dispenser_shows_and_changes_it(home: Household, browser: TestClient) -> None:
    home.board(browser)
    assert "/app/dispensers/1" in links(browser.get("/app/settings"))
    page = browser.get("/app/dispensers/1")
    assert "Estado No ar" in read(page)
    assert "Placa board-1" in read(page)

    browser.post(
        "/app/dispensers/1/motor",
        data={
            "vibration_intensity": "40",
            "pre_start_delay_ms": "0",
            "post_stop_delay_ms": "10",
            "max_runtime_sec": "60",
        },
    )

    assert browser.get("/config/motor").json()["vibration_intensity"] == 40


def test_a_setting_out_of_bounds_is_explained(browser: TestClient) -> None:
    answer = browser.post("/app/dispensers/1/motor", data={"vibration_intensity": "400"})

    assert answer.status_code == 422
    assert "no máximo 100" in read(answer)


def test_how_many_jars_it_has(browser: TestClient) -> None:
    browser.post("/app/dispensers/1/jars", data={"count": "6"})
    assert len(browser.get("/config/robo").json()) == 6

    browser.put("/config/robo", json=[{"frasco": 6, "rotulo": "Sal"}])
    answer = browser.post("/app/dispensers/1/jars", data={"count": "4"})

    assert answer.status_code == 400
    assert "O frasco 6 já está em uso" in read(answer)


def test_unpairing_asks_first_and_takes_effect_at_once(
    home: Household, browser: TestClient
) -> None:
    board = home.board(browser)
    assert "Desvincular Dispensador 1?" in read(browser.get("/app/dispensers/1/unlink"))

    browser.post("/app/dispensers/1/unlink")

    assert board.post("/devices/me/heartbeat").status_code == 401
    assert "Sem placa vinculada" in read(browser.get("/app/settings"))


def test_another_dispenser_becomes_the_default(kitchen: Furnished) -> None:
    kitchen.another_board()
    ana = kitchen.browser()

    ana.post("/app/dispensers/2/default")

    assert "Dispensador 2 · principal" in read(ana.get("/app/settings"))


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_pairing_a_second_board_asks_whether_it_replaces_the_first(
    home: Household, browser: TestClient, language: str
) -> None:
    question = {"pt-BR": "Sim, substitui Dispensador 1", "en": "Yes, it replaces Dispenser 1"}
    browser.headers["Accept-Language"] = language
    home.board(browser)
    for page in ("dispensers/1", "settings", ""):
        assert "replaces" not in browser.get(f"/app/{page}").text

    page = browser.post("/app/dispensers/pair")
    found = re.search(r'class="code" aria-label="([0-9A-Z-]{14})"', page.text)
    assert found
    home.claimed(found[1], "board-2")

    assert question[language] in read(browser.get("/app/dispensers/2"))
    assert question[language] in read(browser.post("/app/dispensers/pair"))
    assert question[language] not in read(browser.get("/app/dispensers/1"))
    for page, words in {
        "settings": {"pt-BR": "Esta placa substitui outra?", "en": "Does this board replace"},
        "": {"pt-BR": "Dispensador 2 substitui outro", "en": "Does Dispenser 2 replace"},
    }.items():
        assert words[language] in read(browser.get(f"/app/{page}"))
    assert "/app/dispensers/2" in links(browser.get("/app/"))


def test_yes_exchanges_the_boards_and_no_leaves_them(home: Household, browser: TestClient) -> None:
    home.board(browser)
    home.board(browser, "board-2")
    home.board(browser, "board-3")

    page = browser.post("/app/dispensers/2/replaces", data={"place": "1"})
    assert page.url.path == "/app/dispensers/1"
    assert "board-2" in read(page)
    page = browser.post("/app/dispensers/3/replaces", data={"place": "none"})
    assert page.url.path == "/app/dispensers/3"
    assert "board-3" in read(page)
    assert "substitui" not in read(page)


def test_the_answer_sent_twice_is_said_once(home: Household, browser: TestClient) -> None:
    home.board(browser)
    home.board(browser, "board-2")

    for _ in range(2):
        browser.post("/app/dispensers/2/replaces", data={"place": "1"})

    assert "board-2" in read(browser.get("/app/dispensers/1"))
    assert "board-1" in read(browser.get("/app/dispensers/2"))


@pytest.mark.parametrize("place", ["", "x", "0", "2", "4711"])
def test_an_answer_that_names_no_other_dispenser_changes_nothing(
    home: Household, browser: TestClient, place: str
) -> None:
    home.board(browser)
    home.board(browser, "board-2")

    answer = browser.post("/app/dispensers/2/replaces", data={"place": place})

    assert answer.status_code == 404
    assert "Sim, substitui" in read(browser.get("/app/dispensers/2"))


def test_a_member_is_not_asked(home: Household, browser: TestClient) -> None:
    home.board(browser)
    home.board(browser, "board-2")

    bia = home.member(browser, "Bia")
    for page in ("settings", ""):
        assert "substitui" in read(browser.get(f"/app/{page}"))
        assert "substitui" not in read(bia.get(f"/app/{page}"))


def test_somebody_elses_dispenser_is_not_found(home: Household, browser: TestClient) -> None:
    home.board(browser)
    bia = home.person("Bia")

    assert bia.get("/app/dispensers/1").status_code == 404
    assert bia.get("/app/dispensers/1/unlink").status_code == 404
    for path in ("motor", "jars", "default", "replaces", "unlink"):
        form = {"count": "4", "vibration_intensity": "1", "pre_start_delay_ms": "1"}
        form |= {"post_stop_delay_ms": "1", "max_runtime_sec": "60"}
        assert bia.post(f"/app/dispensers/1/{path}", data=form).status_code == 404, path


def test_another_password_ends_the_other_sessions(home: Household, browser: TestClient) -> None:
    elsewhere = home.signed_in("Ana")
    form = {"senha_atual": PASSWORD, "senha": "louro e tomilho 9"}

    page = browser.post("/app/settings/password", data=form)

    assert "Senha trocada." in read(page)
    assert elsewhere.get("/app/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "said"),
    [
        ("errada 123", "louro e tomilho 9", "A senha atual não confere."),
        (PASSWORD, "curta", "pelo menos 8 caracteres"),
        (PASSWORD, "password1", "muito comum"),
    ],
)
def test_a_new_password_that_is_refused(
    browser: TestClient, current: str, new: str, said: str
) -> None:
    answer = browser.post("/app/settings/password", data={"senha_atual": current, "senha": new})

    assert answer.status_code in (400, 422)
    assert said in read(answer)


def test_sessions_are_listed_and_the_others_ended(home: Household, browser: TestClient) -> None:
    elsewhere = home.signed_in("Ana")
    home.clock.passes(hours=3)
    assert "2 sessões abertas" in read(browser.get("/app/settings"))
    assert "Este aparelho" in read(browser.get("/app/settings"))

    browser.post("/app/settings/sessions")

    assert "1 sessão aberta" in read(browser.get("/app/settings"))
    assert elsewhere.get("/app/", follow_redirects=False).status_code == 303


def test_a_dispenser_has_the_name_its_owner_gives_it(browser: TestClient) -> None:
    browser.post("/app/dispensers/1/name", data={"nome": "  Bancada da pia "})
    assert "Bancada da pia" in read(browser.get("/app/settings"))
    assert "Desvincular Bancada da pia?" in read(browser.get("/app/dispensers/1/unlink"))

    answer = browser.post("/app/dispensers/1/name", data={"nome": "x" * 61})
    assert answer.status_code == 422
    assert "no máximo 60 caracteres" in read(answer)

    browser.post("/app/dispensers/1/name", data={"nome": ""})
    assert "Dispensador 1" in read(browser.get("/app/settings"))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ({"rssi": -55}, "Sinal de Wi-Fi forte (-55 dBm)"),
        ({"rssi": -70}, "Sinal de Wi-Fi bom (-70 dBm)"),
        ({"rssi": -80}, "Sinal de Wi-Fi fraco (-80 dBm)"),
        ({"rssi": -91}, "Sinal de Wi-Fi muito fraco (-91 dBm)"),
    ],
)
def test_the_signal_is_shown_in_a_word(
    home: Household, browser: TestClient, status: dict[str, object], said: str
) -> None:
    home.board(browser).post("/devices/me/heartbeat", json={"status": status})

    assert said in read(browser.get("/app/dispensers/1"))


@pytest.mark.parametrize(
    "status", [{}, {"rssi": "-5"}, {"rssi": True}, {"rssi": 7}, {"rssi": None}]
)
def test_an_unknown_signal_is_not_shown(
    home: Household, browser: TestClient, status: dict[str, object]
) -> None:
    home.board(browser).post("/devices/me/heartbeat", json={"status": status})

    assert "Sinal" not in read(browser.get("/app/dispensers/1"))


SAID = {
    "Foi ligado": [h.STARTED, h.POWER_ON, 0],
    "Travou e reiniciou sozinho": [h.STARTED, h.WATCHDOG, 0],
    "Iniciou": [h.STARTED, 0, 0],
    "Recomeçou após um erro (2 em seguida)": [h.RESTARTED, 2, 0],
    "Conectou-se ao servidor após 4 s": [h.HEARD, 4, 0],
    "Conectou-se ao servidor após 5 s, sinal de -61 dBm": [h.HEARD, 5, -61],
    "O servidor deixou de responder": [h.LOST, h.NO_ANSWER, 0],
    "Pelo relógio dele, o certificado do servidor não vale": [h.LOST, h.WRONG_DATES, 0],
    "Terminou o pedido 9": [h.FINISHED, 9, 0],
    "Encerrou o pedido 9; doses que falharam: 2": [h.FINISHED, 9, 2],
    "O pedido 9 foi parado pelo botão": [h.STOPPED, 9, 1],
    "O servidor recusou o relatório do pedido 9 (409)": [h.REPORT_REFUSED, 9, 409],
    "O código para vincular estava errado": [h.CODE_REFUSED, 0, 0],
    "Alguém segurou o botão": [h.HELD, 0, 0],
    "Algo que este servidor não conhece": [250, 1, 2],
}


@pytest.mark.parametrize("said", SAID)
def test_what_happened_to_a_dispenser_is_said_in_words(
    home: Household, browser: TestClient, said: str
) -> None:
    board = home.board(browser)
    assert "O que aconteceu" not in read(browser.get("/app/dispensers/1"))
    told = {"rssi": -50, w.HAPPENINGS: [77, [0, *SAID[said], 3600]]}
    board.post("/devices/me/heartbeat", json={"status": told})

    page = read(browser.get("/app/dispensers/1"))
    assert "O que aconteceu há 1 h" in page
    assert said in page


def test_what_is_told_twice_stands_there_once_and_only_the_latest_stand_there(
    home: Household, browser: TestClient
) -> None:
    board = home.board(browser)
    for first in range(0, 60, 6):
        for _ in range(2):
            entries = [[first + n, h.FINISHED, first + n, 0, -1] for n in range(6)]
            told = {w.HAPPENINGS: [5, *entries]}
            assert board.post("/devices/me/heartbeat", json={"status": told}).status_code == 200

    page = read(browser.get("/app/dispensers/1"))
    shown = [int(number) for number in re.findall(r"Terminou o pedido (\d+)", page)]
    assert shown == list(range(59, 59 - MOST_SHOWN, -1))
    with home.site.database.read() as connection:
        kept = dispensers.find(connection, KitchenId(1), 1).happenings
    assert [one[1] for one in kept] == list(range(60 - MOST_KEPT, 60))


@pytest.mark.parametrize(
    "told",
    [
        "x", {}, [], [5], [5, 6], [5, [1, 2]], [5, [1, 2, 3, 4, "5"]], [5, [1, 2, 3, 4, 2**40]],
        [5, [1, 2, 3, True, 4]], [5, *([[1, 2, 3, 4, 5]] * 100)],
    ],
)  # fmt: skip
def test_garbage_among_the_happenings_is_ignored(
    home: Household, browser: TestClient, told: object
) -> None:
    answer = home.board(browser).post(
        "/devices/me/heartbeat", json={"status": {w.HAPPENINGS: told}}
    )

    assert answer.status_code in (200, 422)
    assert "O que aconteceu" not in read(browser.get("/app/dispensers/1"))


def test_the_latest_failures_are_on_the_page_of_their_dispenser(kitchen: Furnished) -> None:
    browser = kitchen.browser()
    assert "Últimas falhas" not in read(browser.get("/app/dispensers/1"))
    kitchen.report(kitchen.fetched(Sal=1.0))
    job = kitchen.started(Sal=4.0, Pimenta=3.0)
    good, bad = (a_reported_dose(dose) for dose in job.doses)
    bad = replace(bad, done=False, error=w.NO_FLOW, fell_at_most_mg=Milligrams(0))
    kitchen.report(job, report_of(good, bad), job.key)

    page = browser.get("/app/dispensers/1")

    said = "Últimas falhas pedido 2 Frasco 2, Pimenta: nada saiu do frasco; talvez esteja vazio"
    assert said in read(page)
    assert "pedido 1" not in read(page)
    assert "/app/jobs/2" in links(page)
