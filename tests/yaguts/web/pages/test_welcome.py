"""The pages before signing in, and what they do for a new kitchen."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import a_log
from tests.support.kitchen.household import PASSWORD, Household
from tests.support.kitchen.pages import links, read
from yaguts.services.people import administration, resets

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

    assert "Peça-o a quem é dono da cozinha" in read(browser.get("/app/register"))
    door = read(browser.get("/app/sign-in"))
    assert "Criar uma conta" not in door
    assert "Peça um convite a quem é dono da cozinha" in door
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


def test_without_scripts_no_browser_keeps_what_is_somebodys(
    home: Household, browser: TestClient
) -> None:
    ana = home.person()
    assert ana.get("/app/").headers["cache-control"] == "no-store"
    assert browser.get("/app/sign-in").headers["cache-control"] == "private, no-cache"

    ana.cookies.set("yaguts_scripts", "1")

    assert ana.get("/app/").headers["cache-control"] == "private, no-cache"


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


# A link for a new password

NEW = "louro e tomilho 9"


@pytest.fixture
def code(home: Household) -> str:
    """That of a link that was made for Ana."""
    home.person()
    return resets.offer(home.site, administration.find(home.site, "Ana").person)


def test_a_link_leads_to_a_new_password_and_in(browser: TestClient, code: str) -> None:
    page = browser.get(f"/app/new-password?code={code}")
    assert "Para a conta de Ana" in read(page)
    assert "no-cache" in page.headers["cache-control"]

    sent = browser.post("/app/new-password", data={"code": code, "senha": NEW})

    assert (sent.status_code, sent.headers["location"]) == (303, "/app/")
    assert browser.get("/app/").status_code == 200
    again = browser.post("/app/new-password", data={"code": code, "senha": NEW})
    assert (again.status_code, "não vale mais" in read(again)) == (400, True)


def test_to_look_at_the_link_does_not_use_it_up(browser: TestClient, code: str) -> None:
    for _ in range(3):
        assert browser.get(f"/app/new-password?code={code}").status_code == 200


@pytest.mark.parametrize(
    ("password", "says"),
    [("curta", "8"), ("12345678", "senha"), ("", "8")],
)
def test_a_password_that_is_none_is_explained_and_the_link_stays(
    browser: TestClient, code: str, password: str, says: str
) -> None:
    refused = browser.post("/app/new-password", data={"code": code, "senha": password})

    assert refused.status_code in (400, 422)
    assert says in read(refused)
    assert browser.post("/app/new-password", data={"code": code, "senha": NEW}).status_code == 303


@pytest.mark.parametrize("wrong", ["", "x", "x" * 64])
def test_a_link_that_is_none_says_so_in_the_readers_language(
    browser: TestClient, wrong: str
) -> None:
    page = browser.get(f"/app/new-password?code={wrong}", headers={"Accept-Language": "en"})

    assert page.status_code == 400
    assert "not valid any more" in read(page)
    assert "<form" not in page.text.partition("<main")[2].partition("</main")[0]


def test_a_disabled_account_is_told_so_at_the_door(home: Household, browser: TestClient) -> None:
    home.person()
    administration.disable(home.site, administration.find(home.site, "Ana").person)

    refused = browser.post("/app/sign-in", data=ANA)

    assert (refused.status_code, "foi desativada" in read(refused)) == (403, True)


def test_who_has_forgotten_their_password_reads_whom_to_ask(home: Household) -> None:
    home.person("Ana")
    assert "/app/forgotten" in links(home.browser().get("/app/sign-in"))

    page = read(home.browser().get("/app/forgotten"))

    assert "Ajustes, Casa, Nova senha" in page
    assert "yaguts user reset" in page


@pytest.mark.parametrize(
    "page", ["sign-in", "register", "forgotten", "new-password?code=wrong", "offline", "nowhere"]
)
def test_whoever_is_not_signed_in_sees_no_tabs(
    home: Household, browser: TestClient, page: str
) -> None:
    home.person()

    shown = browser.get(f"/app/{page}")

    assert 'class="tabs"' not in shown.text
    for link in links(shown):
        assert browser.get(link).headers.get("location", "") in ("", "/app/sign-in?next=%2Fapp%2F")
