"""Limits that a crowd can't get around."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.support.kitchen.household import Household
from yaguts.domain.errors import TooManyAttempts
from yaguts.services.people.rate_limits import Limit, admit, forget

LIMIT = Limit("try", 3, timedelta(minutes=10))


def tries(home: Household, who: str = "somebody") -> list[int]:
    return admit(home.site, (LIMIT, who))


def test_so_many_and_no_more_until_the_first_is_old(home: Household) -> None:
    for _ in range(LIMIT.most):
        tries(home)
        home.clock.passes(minutes=1)

    with pytest.raises(TooManyAttempts) as refused:
        tries(home)
    assert refused.value.fields == {"wait_s": 7 * 60}
    tries(home, "somebody else")
    home.clock.passes(minutes=7)
    tries(home)


def test_what_turned_out_well_does_not_count(home: Household) -> None:
    for _ in range(10):
        forget(home.site, tries(home))


def test_a_refused_attempt_does_not_count_either(home: Household) -> None:
    for _ in range(LIMIT.most):
        tries(home)
    for _ in range(5):
        with pytest.raises(TooManyAttempts):
            tries(home)
    home.clock.passes(minutes=10)

    tries(home)


def test_one_limit_reached_and_nothing_is_noted_under_the_other(home: Household) -> None:
    other = Limit("other", 1, timedelta(minutes=10))
    for _ in range(LIMIT.most):
        tries(home)
    with pytest.raises(TooManyAttempts):
        admit(home.site, (other, "somebody"), (LIMIT, "somebody"))

    admit(home.site, (other, "somebody"))


def test_a_crowd_at_once_gets_no_more(home: Household) -> None:
    def admitted(_: int) -> bool:
        try:
            return bool(tries(home))
        except TooManyAttempts:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(admitted, range(64))) == LIMIT.most
