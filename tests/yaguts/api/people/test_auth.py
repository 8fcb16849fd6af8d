"""Accounts and sessions over HTTP."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.kitchen.household import PASSWORD, Household
from yaguts.http.access import BROWSER_COOKIE, COOKIE, SECURE_COOKIE
from yaguts.services.people import administration, resets
from yaguts.services.people.passwords import a_place
from yaguts.services.people.rate_limits import (
    CHANGE_PASSWORD,
    SIGN_IN_AS_NAME,
    SIGN_IN_AS_NAME_FROM,
    SIGN_IN_FROM_ADDRESS,
    SIGN_IN_IN_BROWSER,
)

ANA = {"nome": "Ana", "senha": PASSWORD}
WRONG = {"nome": "Ana", "senha": "errada"}


def test_register_sign_in_and_out(home: Household) -> None:
    browser = home.browser()

    registered = browser.post("/auth/register", json=ANA)
    assert (registered.status_code, registered.json()) == (201, {"id": 1, "nome": "Ana"})
    assert browser.get("/auth/me").status_code == 401

    assert browser.post("/auth/login", json=ANA).json() == {"id": 1, "nome": "Ana"}
    assert browser.get("/auth/me").json() == {"id": 1, "nome": "Ana"}

    token = browser.cookies[COOKIE]
    assert browser.post("/auth/logout").status_code == 200
    assert COOKIE not in browser.cookies
    browser.cookies.set(COOKIE, token)
    assert browser.get("/auth/me").status_code == 401


def test_a_new_account_has_a_dispenser_with_four_empty_jars(home: Household) -> None:
    jars = home.person().get("/config/robo").json()

    assert [jar["frasco"] for jar in jars] == [1, 2, 3, 4]
    empty = {"rotulo": None, "g_por_seg": None, "estoque_g": None, "updated_at": None}
    assert all(jar.items() >= empty.items() for jar in jars)


def test_a_name_is_taken_whatever_its_case(home: Household) -> None:
    home.person("Ana")

    answer = home.browser().post("/auth/register", json={"nome": " aNA ", "senha": PASSWORD})

    assert answer.status_code == 400
    assert "Já existe" in answer.json()["detail"]


@pytest.mark.parametrize("password", ["1234567", "x" * 129])
def test_a_password_has_8_to_128_characters(home: Household, password: str) -> None:
    answer = home.browser().post("/auth/register", json={"nome": "Ana", "senha": password})

    assert answer.status_code == 422


@pytest.mark.parametrize("password", ["12345678", "Password", "baseball"])
def test_common_passwords_are_refused(home: Household, password: str) -> None:
    answer = home.browser().post("/auth/register", json={"nome": "Ana", "senha": password})

    assert answer.status_code == 400
    assert "comum" in answer.json()["detail"]


def test_whoever_finds_no_place_to_sign_in_comes_again(home: Household) -> None:
    ana = home.person("Ana")
    code = resets.offer(home.site, administration.find(home.site, "Ana").person)
    account = {"nome": "Ana", "senha": PASSWORD}
    browser = home.browser()
    with ExitStack() as others:
        for _ in range(8):
            others.enter_context(a_place())

        for _ in range(20):
            answer = browser.post("/auth/login", json=account)

            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        for caller, path, form in (
            (browser, "/app/sign-in", account),
            (browser, "/app/register", {"nome": "Bia", "senha": PASSWORD}),
            (browser, "/app/new-password", {"code": code, "senha": PASSWORD}),
            (ana, "/app/settings/password", {"senha_atual": PASSWORD, "senha": PASSWORD}),
        ):
            page = caller.post(path, data=form)
            assert (page.status_code, page.headers.get("Retry-After")) == (503, "2"), path
            assert "Espere 2 segundos" in page.text

    assert browser.post("/auth/login", json=account).status_code == 200


def test_the_name_is_no_password(home: Household) -> None:
    account = {"nome": "Ana Célia", "senha": "ana célia"}

    answer = home.browser().post("/auth/register", json=account)

    assert answer.status_code == 400
    assert "igual ao nome" in answer.json()["detail"]


def test_only_the_first_account_by_default(tmp_path: Path) -> None:
    home = Household(tmp_path, registration="first")
    home.person("Ana")

    answer = home.browser().post("/auth/register", json={"nome": "Bia", "senha": PASSWORD})

    assert answer.status_code == 403
    home.close()


def test_closed_means_not_even_the_first(tmp_path: Path) -> None:
    home = Household(tmp_path, registration="closed")

    assert home.browser().post("/auth/register", json=ANA).status_code == 403
    home.close()


def test_an_unknown_name_and_a_wrong_password_look_the_same(home: Household) -> None:
    home.person("Ana")

    wrong = home.browser().post("/auth/login", json={"nome": "Ana", "senha": "errada"})
    unknown = home.browser().post("/auth/login", json={"nome": "Bia", "senha": "errada"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


@pytest.mark.more
def test_guesses_at_one_name_are_limited_from_everywhere(home: Household) -> None:
    home.person("Ana")
    wrong = {"nome": "ana", "senha": "errada"}
    for number in range(SIGN_IN_AS_NAME.most):
        browser = home.browser(address=f"192.0.2.{number}")
        assert browser.post("/auth/login", json=wrong).status_code == 401

    answer = home.browser(address="198.51.100.1").post("/auth/login", json=ANA)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    home.clock.passes(minutes=15)
    assert home.browser().post("/auth/login", json=ANA).status_code == 200


def test_guesses_at_one_name_are_limited_from_each_address(home: Household) -> None:
    home.person("Ana")
    browser = home.browser(address="192.0.2.66")
    for _ in range(SIGN_IN_AS_NAME_FROM.most):
        assert browser.post("/auth/login", json=WRONG).status_code == 401

    assert browser.post("/auth/login", json=ANA).status_code == 429
    assert home.browser(address="192.0.2.67").post("/auth/login", json=ANA).status_code == 200


@pytest.mark.more
def test_guesses_from_everywhere_keep_out_no_browser_that_is_known(home: Household) -> None:
    home.person("Ana")
    known, signed_in = home.browser(), home.browser()
    for browser in (known, signed_in):
        assert browser.post("/auth/login", json=ANA).status_code == 200
    assert known.post("/auth/logout").status_code == 200
    for number in range(SIGN_IN_AS_NAME.most):
        browser = home.browser(address=f"192.0.2.{number}")
        assert browser.post("/auth/login", json=WRONG).status_code == 401
    stranger = home.browser(address="198.51.100.1")
    assert stranger.post("/auth/login", json=ANA).status_code == 429

    assert known.post("/auth/login", json=ANA).status_code == 200
    change = {"senha_atual": PASSWORD, "senha": "louro e tomilho 9"}
    assert signed_in.put("/auth/password", json=change).status_code == 200

    assert known.post("/auth/login", json=ANA).status_code == 429, "a new password ends its token"


def test_a_known_browser_has_a_limit_of_its_own(home: Household) -> None:
    home.person("Ana")
    home.person("Bia")
    browser = home.browser()
    assert browser.post("/auth/login", json=ANA).status_code == 200
    for _ in range(SIGN_IN_IN_BROWSER.most):
        assert browser.post("/auth/login", json=WRONG).status_code == 401

    assert browser.post("/auth/login", json=ANA).status_code == 429
    assert home.browser().post("/auth/login", json=ANA).status_code == 200
    assert browser.post("/auth/login", json={**ANA, "nome": "Bia"}).status_code == 200


@pytest.mark.parametrize("forged", ["", "1", "1..", "1.00.", "2.{rest}", "1.{rest}0"])
def test_a_token_that_is_forged_makes_no_browser_known(home: Household, forged: str) -> None:
    home.person("Ana")
    browser = home.browser()
    browser.post("/auth/login", json=ANA)
    genuine = browser.cookies[BROWSER_COOKIE]
    browser.cookies.clear()
    browser.cookies.set(BROWSER_COOKIE, forged.format(rest=genuine.partition(".")[2]))
    for _ in range(SIGN_IN_AS_NAME_FROM.most):
        assert browser.post("/auth/login", json=WRONG).status_code == 401

    assert browser.post("/auth/login", json=ANA).status_code == 429


def test_guesses_at_the_password_in_an_open_session_are_limited(home: Household) -> None:
    browser = home.person("Ana")
    change = {"senha_atual": "errada", "senha": "louro e tomilho 9"}
    for _ in range(CHANGE_PASSWORD.most):
        assert browser.put("/auth/password", json=change).status_code == 400

    right = {**change, "senha_atual": PASSWORD}
    assert browser.put("/auth/password", json=right).status_code == 429


@pytest.mark.more
def test_guesses_from_one_address_are_limited_over_all_names(home: Household) -> None:
    browser = home.browser(address="192.0.2.66")
    for number in range(SIGN_IN_FROM_ADDRESS.most):
        login = {"nome": f"nome {number}", "senha": "errada"}
        assert browser.post("/auth/login", json=login).status_code == 401

    assert browser.post("/auth/login", json=ANA).status_code == 429
    assert home.browser(address="192.0.2.67").post("/auth/login", json=ANA).status_code == 401


def test_signing_in_often_is_no_guessing(home: Household) -> None:
    home.person("Ana")

    for _ in range(SIGN_IN_AS_NAME_FROM.most + 1):
        assert home.browser().post("/auth/login", json=ANA).status_code == 200


def test_a_session_is_new_at_sign_in(home: Household) -> None:
    browser = home.browser()
    home.person("Ana")
    browser.post("/auth/login", json=ANA)
    before = browser.cookies[COOKIE]
    browser.post("/auth/login", json=ANA)

    assert browser.cookies[COOKIE] != before
    old = home.browser()
    old.cookies.set(COOKIE, before)
    assert old.get("/auth/me").status_code == 401


def test_a_session_ends_when_unused(home: Household) -> None:
    browser = home.person("Ana")
    home.clock.passes(days=13)
    assert browser.get("/auth/me").status_code == 200
    home.clock.passes(days=13)
    assert browser.get("/auth/me").status_code == 200
    home.clock.passes(days=14)
    assert browser.get("/auth/me").status_code == 401


def test_a_session_ends_at_ninety_days_however_much_used(home: Household) -> None:
    browser = home.person("Ana")
    for _ in range(8):
        home.clock.passes(days=11)
        assert browser.get("/auth/me").status_code == 200
    home.clock.passes(days=2)
    assert browser.get("/auth/me").status_code == 401


def test_a_new_password_ends_the_other_sessions(home: Household) -> None:
    here, there = home.person("Ana"), home.signed_in("Ana")
    change = {"senha_atual": PASSWORD, "senha": "cominho torrado 7"}

    assert here.put("/auth/password", json=change).status_code == 200

    assert here.get("/auth/me").status_code == 200
    assert there.get("/auth/me").status_code == 401
    assert home.browser().post("/auth/login", json=ANA).status_code == 401


def test_a_new_password_takes_the_current_one(home: Household) -> None:
    change = {"senha_atual": "errada", "senha": "cominho torrado 7"}

    answer = home.person("Ana").put("/auth/password", json=change)

    assert answer.status_code == 400
    assert home.browser().post("/auth/login", json=ANA).status_code == 200


def test_the_cookie_over_http(home: Household) -> None:
    home.person("Ana")

    cookie = home.browser().post("/auth/login", json=ANA).headers["Set-Cookie"]

    assert cookie.startswith(f"{COOKIE}=")
    assert f"Max-Age={400 * 86_400};" in cookie, "as long as browsers keep one"
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_the_cookie_over_https(home: Household) -> None:
    home.person("Ana")
    browser = home.browser(https=True)

    answer = browser.post("/auth/login", json=ANA)

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{SECURE_COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"]
    assert browser.get("/auth/me").status_code == 200


def test_the_database_holds_no_token_and_no_password(home: Household) -> None:
    browser = home.person("Ana")
    file = Path(str(home.site.database.engine.url.database))
    home.site.database.close()

    kept = b"".join(part.read_bytes() for part in file.parent.glob("yaguts.db*"))

    assert browser.cookies[COOKIE].encode() not in kept
    assert PASSWORD.encode() not in kept
