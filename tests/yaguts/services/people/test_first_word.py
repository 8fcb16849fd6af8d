"""The word for the first account of a server that others can reach."""

import stat
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.kitchen.household import PASSWORD, Household
from tests.support.kitchen.pages import read
from yaguts.services.people import accounts
from yaguts.services.people.first_word import word_at_start
from yaguts.services.runtime.files.server_files import beside
from yaguts_wire import words as w

ACCOUNT = {w.NAME: "Ana", w.PASSWORD: PASSWORD}


@pytest.fixture
def fresh(tmp_path: Path, database_url: str) -> Generator[Household]:
    """A server without an account."""
    url, folder = database_url, tmp_path
    home = Household(folder, migrated=True, database_url=url, registration="first")
    yield home
    home.close()


def start(home: Household, *, reachable: bool = True) -> str | None:
    return word_at_start(home.site.settings, home.site.randomness, reachable=reachable)


def word_file(home: Household) -> Path:
    file = beside(home.site.settings, ".word")
    assert file is not None
    return file


@pytest.mark.parametrize("typed", [None, "", "aaaaaaaa", "é" * 8])
def test_without_the_word_there_is_no_first_account(fresh: Household, typed: str | None) -> None:
    start(fresh)

    answer = fresh.browser().post("/auth/register", json={**ACCOUNT, w.FIRST_WORD: typed})

    assert answer.status_code == 400
    assert answer.json()["type"].endswith("wrong_word")
    assert accounts.takes_new(fresh.site) == (True, True)


def test_the_word_makes_the_first_account_and_goes(fresh: Household) -> None:
    word = start(fresh)
    assert word is not None
    assert len(word) == 8
    assert stat.S_IMODE(word_file(fresh).stat().st_mode) == 0o600

    typed = f" {word[:4].upper()} {word[4:]}"
    answer = fresh.browser().post("/auth/register", json={**ACCOUNT, w.FIRST_WORD: typed})

    assert answer.status_code == 201
    assert not word_file(fresh).exists()
    assert start(fresh) is None


def test_the_page_asks_for_the_word(fresh: Household) -> None:
    word = start(fresh)
    assert word is not None
    browser = fresh.browser()
    headers = {"Origin": str(browser.base_url), "Accept-Language": "en"}

    assert "The server’s word" in read(browser.get("/app/register", headers=headers))
    wrong = browser.post("/app/register", data={**ACCOUNT, w.FIRST_WORD: "x"}, headers=headers)
    right = browser.post(
        "/app/register",
        data={**ACCOUNT, w.FIRST_WORD: word},
        headers=headers,
        follow_redirects=False,
    )

    assert wrong.status_code == 400
    assert "needs the word" in read(wrong)
    assert right.status_code == 303


def test_a_restart_keeps_the_word(fresh: Household) -> None:
    assert start(fresh) == start(fresh)


def test_whoever_alone_reaches_the_server_needs_none(fresh: Household) -> None:
    start(fresh)

    assert start(fresh, reachable=False) is None
    assert not word_file(fresh).exists()
    assert "palavra" not in read(fresh.browser().get("/app/register"))
    assert fresh.browser().post("/auth/register", json=ACCOUNT).status_code == 201


def test_where_anybody_may_register_there_is_no_word(home: Household) -> None:
    assert start(home) is None
    assert home.browser().post("/auth/register", json=ACCOUNT).status_code == 201


def test_guesses_at_the_word_are_limited(fresh: Household) -> None:
    start(fresh)
    wrong = {**ACCOUNT, w.FIRST_WORD: "aaaaaaaa"}

    answers = {fresh.browser().post("/auth/register", json=wrong).status_code for _ in range(61)}

    assert answers == {400, 429}


def test_an_invited_person_needs_no_word(fresh: Household) -> None:
    ana = fresh.person("Ana")
    code = ana.post("/casa/convites").json()[w.CODE]
    word_file(fresh).write_text("left over")

    invited = {w.NAME: "Bia", w.PASSWORD: PASSWORD, w.INVITATION: code}

    assert fresh.browser().post("/auth/register", json=invited).status_code == 201
