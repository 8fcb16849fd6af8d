"""The pages before signing in, and what they do for a new kitchen."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import a_log
from tests.support.kitchen.household import PASSWORD, Household
from tests.support.kitchen.pages import read

ANA = {"nome": "Ana", "senha": PASSWORD}


@pytest.fixture
def browser(home: Household) -> TestClient:
    """A browser without a session. It does not follow redirects."""
    browser = home.browser()
    browser.follow_redirects = False
    return browser


def test_a_browser_is_sent_to_the_pages_and_a_program_is_told_what_answers(
    browser: TestClient,
) -> None:
    sent = browser.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

    assert (sent.status_code, sent.headers["location"]) == (303, "/app/")
    assert browser.get("/", headers={"Accept": "*/*"}).json()["name"] == "Yaguts"


def test_a_new_server_asks_for_the_first_account_and_then_shows_the_kitchen(
    browser: TestClient,
) -> None:
    assert browser.get("/app/").headers["location"] == "/app/sign-in?next=%2Fapp%2F"
    assert browser.get("/app/sign-in").headers["location"] == "/app/register"
    assert "primeira conta deste servidor" in read(browser.get("/app/register"))

    made = browser.post("/app/register", data=ANA)

    assert (made.status_code, made.headers["location"]) == (303, "/app/")
    assert "Nenhum dispensador vinculado" in read(browser.get("/app/"))


def test_signing_in_leads_to_the_page_that_was_asked_for(
    home: Household, browser: TestClient
) -> None:
    home.person()
    page = browser.get("/app/sign-in?next=/app/history")
    assert 'value="/app/history"' in page.text

    answer = browser.post("/app/sign-in", data={**ANA, "next": "/app/history"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/app/history")


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test", "/app/\\evil.test", ""])
def test_signing_in_never_leads_to_another_site(
    home: Household, browser: TestClient, elsewhere: str
) -> None:
    home.person()

    answer = browser.post("/app/sign-in", data={**ANA, "next": elsewhere})

    assert answer.headers["location"] == "/app/"


def test_a_wrong_password_is_explained_and_the_form_keeps_the_name(
    home: Household, browser: TestClient
) -> None:
    home.person()

    answer = browser.post("/app/sign-in", data={"nome": "Ana", "senha": "sal grosso"})

    assert answer.status_code == 401
    assert "Nome ou senha incorretos." in read(answer)
    assert 'value="Ana"' in answer.text


def test_a_problem_is_shown_at_its_field(browser: TestClient) -> None:
    answer = browser.post("/app/register", data={"nome": " ", "senha": "curta"})

    assert answer.status_code == 422
    assert "não pode ficar vazio" in read(answer)
    assert "pelo menos 8 caracteres" in read(answer)
    assert answer.text.count('aria-invalid="true"') == 2


def test_a_common_password_is_refused(browser: TestClient) -> None:
    answer = browser.post("/app/register", data={"nome": "Ana", "senha": "password1"})

    assert answer.status_code == 400
    assert "muito comum" in read(answer)


def test_closed_registration_is_explained(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = Household(tmp_path_factory.mktemp("closed"), registration="first")
    home.person()
    browser = home.browser()

    assert "não aceita novas contas" in read(browser.get("/app/register"))
    assert "Criar uma conta" not in read(browser.get("/app/sign-in"))
    assert browser.post("/app/register", data={**ANA, "nome": "Bia"}).status_code == 403
    home.close()


def test_signing_out_ends_the_session(home: Household, browser: TestClient) -> None:
    ana = home.person()
    token = ana.cookies["yaguts_session"]

    ana.post("/app/sign-out", follow_redirects=False)

    browser.cookies.set("yaguts_session", token)
    assert browser.get("/app/").status_code == 303


def test_a_language_is_chosen_once_and_stays(home: Household) -> None:
    ana = home.person()
    assert 'lang="pt-BR"' in ana.get("/app/").text

    chosen = ana.post("/app/language", data={"language": "en", "back": "/app/"})

    assert chosen.history[0].status_code == 303
    assert "No dispenser linked" in read(ana.get("/app/"))
    assert '<html lang="en">' in ana.get("/app/").text
    ana.post("/app/language", data={"language": "tlh", "back": "/app/"})
    assert '<html lang="en">' in ana.get("/app/").text


def test_a_form_from_another_site_changes_nothing(home: Household) -> None:
    ana = home.person()

    answer = ana.post("/app/sign-out", headers={"Origin": "https://evil.test"})

    assert answer.status_code == 403
    assert ana.get("/app/", follow_redirects=False).status_code == 200


def test_pages_keep_to_a_strict_policy(home: Household) -> None:
    answer = home.person().get("/app/")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "private, no-cache"


def test_not_found_is_a_page(home: Household) -> None:
    answer = home.browser().get("/app/nowhere")

    assert answer.status_code == 404
    assert "Este endereço não existe." in read(answer)
    assert home.browser().get("/app/nowhere", headers={"Accept-Language": "en"}).status_code == 404


def test_a_new_kitchen_shows_the_steps_to_its_first_dose(home: Household) -> None:
    ana = home.person()
    assert "Até a primeira dose" in read(ana.get("/app/"))
    assert "Vincule um dispensador, de verdade ou virtual. Vincular um dispensador" in read(
        ana.get("/app/")
    )

    board = home.board(ana)
    assert "Feito: Vincule um dispensador" in read(ana.get("/app/"))
    assert "calibre-os. Ver os frascos" in read(ana.get("/app/"))
    ana.put("/config/robo", json=[{"frasco": 1, "rotulo": "Sal", "g_por_seg": 1}])
    assert "Escreva uma receita. Escrever receita" in read(ana.get("/app/"))
    part = {"tempero": "Sal", "quantidade": 1}
    ana.post("/receitas/", json={"nome": "Arroz", "ingredientes": [part]})
    assert "Dose pela primeira vez. Escolher quantidade" in read(ana.get("/app/"))

    ana.post("/jobs", json={"receita_id": 1})
    job = board.get("/devices/me/next_job").json()
    assert "Até a primeira dose" in read(ana.get("/app/"))
    board.post("/devices/me/jobs/1/complete", json=a_log(job))

    assert "Até a primeira dose" not in read(ana.get("/app/"))


@pytest.mark.parametrize(("most", "offered"), [(1, True), (0, False)])
def test_a_virtual_dispenser_is_offered_where_the_server_runs_some(
    tmp_path: Path, database_url: str, most: int, offered: bool
) -> None:
    home = Household(tmp_path, migrated=True, database_url=database_url, virtual_dispensers=most)
    ana = home.person()

    assert ("Usar um dispensador virtual" in read(ana.get("/app/dispensers/pair"))) == offered
    if not offered:
        assert ana.post("/app/dispensers/virtual").status_code == 409
    home.close()
