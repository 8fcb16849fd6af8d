"""How passwords are kept and compared."""

import secrets
import time
from contextlib import ExitStack

import pytest
from argon2 import PasswordHasher

from tests.support.kitchen.household import Household
from yaguts.domain.errors import Overloaded, WeakPassword
from yaguts.services.people.passwords import a_place, hash_password, insist_on_uncommon, is_password
from yaguts.storage import people
from yaguts_wire import words as w

GOOD = "canela em pau 42"


def seconds_to_check(kept: str | None) -> float:
    began = time.thread_time()
    is_password("errada", kept)
    return time.thread_time() - began


def test_a_password_is_told_from_another() -> None:
    kept = hash_password(GOOD, secrets.token_bytes)

    assert is_password(GOOD, kept)
    assert not is_password(GOOD + " ", kept)
    assert not is_password(GOOD, None)


def test_nobody_has_the_password_that_nobody_has() -> None:
    assert not is_password("", None)


def test_kept_as_owasp_asks() -> None:
    assert hash_password(GOOD, secrets.token_bytes).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_more_than_eight_at_once_are_sent_away() -> None:
    with ExitStack() as others:
        for _ in range(8):
            others.enter_context(a_place())

        with pytest.raises(Overloaded), a_place():
            pass

    with a_place():
        pass


def test_the_same_password_is_kept_differently_each_time() -> None:
    first, second = (hash_password(GOOD, secrets.token_bytes) for _ in range(2))

    assert first != second


def test_no_account_takes_as_long_as_a_wrong_password() -> None:
    kept = hash_password(GOOD, secrets.token_bytes)

    wrong = min(seconds_to_check(kept) for _ in range(5))
    nobody = min(seconds_to_check(None) for _ in range(5))

    assert nobody == pytest.approx(wrong, rel=0.5)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pão de queijo", "pa\N{COMBINING TILDE}o de queijo"),
        ("canela em pau", "canela\N{NO-BREAK SPACE}em\N{IDEOGRAPHIC SPACE}pau"),
        ("colher\tde pau", "colher\tde pau"),  # No form of it is hashed but its own.
    ],
)
def test_a_password_works_however_it_is_typed(one: str, other: str) -> None:
    for typed, again in ((one, other), (other, one)):
        assert is_password(again, hash_password(typed, secrets.token_bytes))


def test_case_and_width_are_part_of_a_password() -> None:
    kept = hash_password(GOOD, secrets.token_bytes)

    assert not is_password(GOOD.upper(), kept)
    assert not is_password("ｃanela em pau 42", kept)


@pytest.mark.parametrize("password", ["password", "PASSWORD", "12345678", "qwertyuiop"])
def test_common_passwords(password: str) -> None:
    with pytest.raises(WeakPassword):
        insist_on_uncommon(password)


def test_uncommon_passwords() -> None:
    insist_on_uncommon(GOOD)


def test_a_password_that_was_hashed_as_typed_is_hashed_anew(home: Household) -> None:
    typed, otherwise = "pa\N{COMBINING TILDE}o de queijo", "pão de queijo"
    ana = home.newcomer("Ana")
    assert ana.get("/auth/me").status_code == 200
    _keep(home, PasswordHasher().hash(typed))
    account = {w.NAME: "Ana", w.PASSWORD: typed}
    assert _signs_in(home, otherwise) == 401

    assert home.browser().post("/auth/login", json=account).status_code == 200

    assert _signs_in(home, otherwise) == _signs_in(home, typed) == 200


def _keep(home: Household, password_hash: str) -> None:
    with home.site.database.write() as connection:
        people.set_password(connection, 1, password_hash)


def _signs_in(home: Household, password: str) -> int:
    return (
        home.browser().post("/auth/login", json={w.NAME: "Ana", w.PASSWORD: password}).status_code
    )
