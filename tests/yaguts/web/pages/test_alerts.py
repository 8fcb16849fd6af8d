"""The page of alerts: targets, choices, and a test button."""

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links, read
from tests.support.push_service import Browser
from tests.support.receivers import LOCAL, hooks
from yaguts.services.alerts.delivery import deliver
from yaguts.services.alerts.vapid import public_key

PAGE = "/app/settings/alerts"
SECRET = "https://hooks.example/a-secret"
CHOSEN = {
    "tipo": ["jar_low"],
    "mudo_min": "30",
    "silencio_inicio": "22:00",
    "silencio_fim": "07:30",
    "fuso": "America/Sao_Paulo",
}


@pytest.fixture
def browser(home: Household) -> TestClient:
    return home.person()


def ticked(page: str) -> list[str]:
    return re.findall(r'name="tipo" value="(\w+)" checked', page)


def test_the_settings_lead_there(browser: TestClient) -> None:
    assert PAGE in links(browser.get("/app/settings"))
    page = browser.get(PAGE)
    assert "Ainda para lugar nenhum." in read(page)
    kinds = "dispenser_silent job_failed job_done jar_low backup_old disk_full release_halted"
    assert ticked(page.text) == kinds.split()


def test_a_target_is_added_and_never_shown_whole(browser: TestClient) -> None:
    page = browser.post(f"{PAGE}/targets", data={"endereco": SECRET})
    key = re.search(r"<pre><code>([\w-]{43})</code></pre>", page.text)
    assert key
    assert page.headers["Cache-Control"] == "no-store"

    again = browser.get(PAGE)
    assert "https://hooks.example/… webhook assinado · nada enviado ainda" in read(again)
    assert "a-secret" not in page.text + again.text
    assert key[1] not in again.text


def test_another_service_has_no_key(browser: TestClient) -> None:
    page = browser.post(f"{PAGE}/targets", data={"endereco": "tgram://123456789:abcdef/12345678"})
    assert "<pre>" not in page.text
    assert "Endereço salvo." in read(page)
    assert "tgram://…5678" in read(page)


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "x" * 600])
def test_an_address_that_is_refused_is_explained(browser: TestClient, address: str) -> None:
    page = browser.post(f"{PAGE}/targets", data={"endereco": address})

    assert page.status_code == 400
    assert "Não se pode mandar avisos a este endereço." in read(page)
    assert "passwd" not in page.text


def test_there_are_at_most_ten(browser: TestClient) -> None:
    for _ in range(10):
        assert browser.post(f"{PAGE}/targets", data={"endereco": SECRET}).status_code == 200
    page = browser.post(f"{PAGE}/targets", data={"endereco": SECRET})

    assert page.status_code == 409
    assert "no máximo 10 lugares" in read(page)


def test_a_target_is_removed(browser: TestClient) -> None:
    browser.post(f"{PAGE}/targets", data={"endereco": SECRET})
    page = browser.post(f"{PAGE}/targets/1/remove")

    assert "hooks.example" not in page.text


def test_a_test_shows_what_came_of_it(home: Household, browser: TestClient) -> None:
    with hooks() as hook:
        browser.post(f"{PAGE}/targets", data={"endereco": hook.address})
        hook.status = 503
        page = browser.post(f"{PAGE}/targets/1/test")
        assert "O teste está a caminho…" in read(page)
        assert 'http-equiv="refresh"' in page.text
        deliver(home.site)
        page = browser.get(PAGE)
        assert "o endereço é de uma rede particular" in read(page)
        assert "refresh" not in page.text

        settings = replace(home.site.settings, alert_private_targets=LOCAL)
        site = replace(home.site, settings=settings)
        home.clock.passes(minutes=1)
        deliver(site)
        assert "o outro lado recusou (HTTP 503) " in read(browser.get(PAGE))
        hook.status = 200
        browser.post(f"{PAGE}/targets/1/test")
        home.clock.passes(minutes=1)
        deliver(site)
        page = read(browser.get(PAGE))
        assert "último aviso agora há pouco" in page
        assert "recusou" not in page
        assert {one.told["titulo"] for one in hook.received} == {"Teste do Yaguts"}


def test_choices_are_stored(browser: TestClient) -> None:
    page = browser.post(PAGE, data=CHOSEN)

    assert "Escolhas salvas." in read(page)
    assert ticked(page.text) == ["jar_low"]
    for value in ("30", "22:00", "07:30", "America/Sao_Paulo"):
        assert f'value="{value}"' in page.text
    page = browser.post(PAGE, data={**CHOSEN, "silencio_inicio": "", "silencio_fim": ""})
    assert "Escolhas salvas." in read(page)
    assert "22:00" not in page.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("mudo_min", "4", "no mínimo 5"),
        ("mudo_min", "x", "Informe um número inteiro"),
        ("silencio_inicio", "", "obrigatório"),
        ("silencio_fim", "25:00", "não é uma das opções"),
        ("fuso", "No/Where", "não é uma das opções"),
    ],
)
def test_choices_that_cannot_be_stored(
    browser: TestClient, field: str, value: str, said: str
) -> None:
    page = browser.post(PAGE, data={**CHOSEN, field: value})

    assert page.status_code == 422
    assert said in read(page), read(page)
    assert ticked(page.text) == ["jar_low"]
    assert "30" in browser.get(PAGE).text or field == "mudo_min"


def test_a_member_has_alerts_of_their_own_and_is_not_the_operator(
    home: Household, browser: TestClient
) -> None:
    browser.post(f"{PAGE}/targets", data={"endereco": SECRET})
    member = home.member(browser)

    page = member.get(PAGE)
    assert "hooks.example" not in page.text
    assert ticked(page.text) == ["dispenser_silent", "job_failed", "job_done", "jar_low"]
    assert member.post(f"{PAGE}/targets/1/remove").status_code == 404
    assert member.post(f"{PAGE}/targets/1/test").status_code == 404


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_it_is_in_both_languages(browser: TestClient, language: str) -> None:
    browser.headers["Accept-Language"] = language
    title = {"pt-BR": "Horas de silêncio", "en": "Quiet hours"}
    assert title[language] in read(browser.get(PAGE))


BROWSER = Browser("https://push.example/a-secret").form


def test_a_browser_is_allowed_and_told_which_it_is(home: Household, browser: TestClient) -> None:
    page = browser.get(PAGE)
    (key,) = re.findall(r'data-push="([\w-]{87})"', page.text)
    assert key == public_key(home.site)
    browser.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"
    page = browser.post(f"{PAGE}/browsers", data=BROWSER)

    assert "Chrome, Linux este navegador · nada enviado ainda" in read(page)
    assert "Este navegador recebe avisos. Envie um teste" in read(page)
    assert "data-push" not in page.text
    assert "a-secret" not in page.text
    browser.post("/app/sign-out")
    again = home.signed_in("Ana")
    assert "Chrome" not in read(again.get(PAGE))


@pytest.mark.parametrize("wrong", [{"endpoint": "http://push.example/"}, {"auth": "x"}])
def test_a_browser_that_cannot_be_used(browser: TestClient, wrong: dict[str, str]) -> None:
    page = browser.post(f"{PAGE}/browsers", data={**BROWSER, **wrong})

    assert page.status_code == 400
    assert "Não se pode mandar avisos a este endereço." in read(page)
    unknown = {**BROWSER, "before": "https://push.example/unknown"}
    assert browser.post(f"{PAGE}/browsers", data=unknown).status_code == 404


@pytest.mark.parametrize(("language", "said"), [("pt-BR", "http simples"), ("en", "plain http")])
def test_what_plain_http_cannot_do_is_said(browser: TestClient, language: str, said: str) -> None:
    browser.headers["Accept-Language"] = language
    for page in (PAGE, "/app/settings"):
        assert said not in read(browser.get(page))
        plain = browser.get(page, headers={"Host": "192.168.0.10:8000"})
        assert said in read(plain)
        assert "data-push" not in plain.text
