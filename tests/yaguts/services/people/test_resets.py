"""A link for a new password works once, for a day, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.support.kitchen.household import PASSWORD, Household
from yaguts.domain.errors import (
    AccountDisabled,
    PasswordIsName,
    WeakPassword,
    WrongCredentials,
    WrongReset,
)
from yaguts.domain.people import Person
from yaguts.services import audit_log
from yaguts.services.people import accounts, administration, resets
from yaguts.storage.tables import password_resets

NEW = "louro e tomilho 9"
HERE = "192.0.2.1"


@pytest.fixture
def ana(home: Household) -> Person:
    home.person("Ana")
    return administration.find(home.site, "Ana").person


def test_the_link_sets_the_password_and_ends_every_session(home: Household, ana: Person) -> None:
    browser = home.signed_in("Ana")
    code = resets.offer(home.site, ana)

    assert resets.person_of(home.site, code) == ana
    assert browser.get("/auth/me").status_code == 200
    resets.reset(home.site, code, NEW, HERE)

    assert browser.get("/auth/me").status_code == 401
    accounts.sign_in(home.site, "Ana", NEW, HERE)
    with pytest.raises(WrongCredentials):
        accounts.sign_in(home.site, "Ana", PASSWORD, HERE)


def test_it_works_once(home: Household, ana: Person) -> None:
    code = resets.offer(home.site, ana)
    resets.reset(home.site, code, NEW, HERE)

    with pytest.raises(WrongReset):
        resets.reset(home.site, code, "salsa e coentro 8", HERE)


def test_of_several_at_once_one_works(home: Household, ana: Person) -> None:
    code = resets.offer(home.site, ana)

    def attempt(password: str) -> bool:
        try:
            resets.reset(home.site, code, password, HERE)
        except WrongReset:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(attempt, [f"{NEW} {number}" for number in range(4)]))

    assert done.count(True) == 1
    accounts.sign_in(home.site, "Ana", f"{NEW} {done.index(True)}", HERE)


def test_it_works_for_a_day(home: Household, ana: Person) -> None:
    code = resets.offer(home.site, ana)
    home.clock.passes(hours=23, minutes=59)
    resets.person_of(home.site, code)
    home.clock.passes(minutes=2)

    with pytest.raises(WrongReset):
        resets.reset(home.site, code, NEW, HERE)


def test_a_link_from_the_future_is_none(home: Household, ana: Person) -> None:
    home.clock.jumps(days=400)
    code = resets.offer(home.site, ana)
    home.clock.jumps(days=-400)

    with pytest.raises(WrongReset):
        resets.person_of(home.site, code)


def test_a_second_link_ends_the_first(home: Household, ana: Person) -> None:
    first, second = resets.offer(home.site, ana), resets.offer(home.site, ana)

    with pytest.raises(WrongReset):
        resets.reset(home.site, first, NEW, HERE)
    resets.reset(home.site, second, NEW, HERE)


@pytest.mark.parametrize(("password", "error"), [("12345678", WeakPassword)])
def test_a_weak_password_leaves_the_link_good(
    home: Household, ana: Person, password: str, error: type[Exception]
) -> None:
    code = resets.offer(home.site, ana)

    with pytest.raises(error):
        resets.reset(home.site, code, password, HERE)

    resets.reset(home.site, code, NEW, HERE)


def test_the_name_is_no_password(home: Household) -> None:
    home.person("maria antonia")
    code = resets.offer(home.site, administration.find(home.site, "maria antonia").person)

    with pytest.raises(PasswordIsName):
        resets.reset(home.site, code, "Maria Antonia", HERE)


def test_a_disabled_account_gets_none_and_loses_its_own(home: Household, ana: Person) -> None:
    code = resets.offer(home.site, ana)
    administration.disable(home.site, ana)

    with pytest.raises(AccountDisabled):
        resets.offer(home.site, ana)
    with pytest.raises(WrongReset):
        resets.reset(home.site, code, NEW, HERE)


def test_the_database_holds_no_code(home: Household, ana: Person) -> None:
    code = resets.offer(home.site, ana)

    with home.site.database.read() as connection:
        stored = connection.execute(select(password_resets)).one()
    assert code not in str(stored)


def test_both_are_in_the_audit_log(home: Household, ana: Person) -> None:
    resets.reset(home.site, resets.offer(home.site, ana), NEW, HERE)

    told = [line.entry.what for line in audit_log.of_kitchen(home.site, ana.kitchen_id)]
    assert told[:2] == ["password_reset", "reset_offered"]
