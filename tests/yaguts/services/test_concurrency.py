"""Many at once, at two servers on one database: each thing happens once."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.support.builders import a_report, a_reported_dose, report_of
from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import PASSWORD, Household
from tests.yaguts.services.delivery.test_reports import insist_on_balance
from yaguts.domain.errors import (
    Busy,
    NotPossibleNow,
    RegistrationClosed,
    WrongCode,
    YagutsError,
)
from yaguts.domain.jobs.job import JobState
from yaguts.domain.people import Actor
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import expiry, handover
from yaguts.services.dispensers import pairing, pairing_codes
from yaguts.services.jobs import orders
from yaguts.services.pantry import configuration
from yaguts.services.people import accounts

AT_ONCE = 64


@pytest.fixture
def servers(tmp_path: Path, database_url: str) -> Generator[tuple[Household, Household]]:
    both = tuple(
        Household(tmp_path, migrated=True, database_url=database_url, registration="first")
        for _ in range(2)
    )
    yield both[0], both[1]
    for server in both:
        server.close()


@pytest.fixture
def kitchens(servers: tuple[Household, Household]) -> tuple[Furnished, Furnished]:
    """One kitchen, as each of the servers sees it."""
    here = Furnished(servers[0])
    return here, here.at(servers[1])


def at_once(does: Callable[[int], object], times: int = AT_ONCE) -> list[object]:
    """What each call answers, or the error it raises; all begin together."""
    ready = Barrier(times)

    def call(number: int) -> object:
        ready.wait()
        try:
            return does(number)
        except YagutsError as error:
            return type(error)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(call, range(times)))


def test_one_report_at_both_servers_is_booked_once(
    kitchens: tuple[Furnished, Furnished],
) -> None:
    job = kitchens[0].started(Sal=4.5, Pimenta=1.5)

    answers = at_once(lambda number: kitchens[number % 2].report(job))

    assert answers == [kitchens[0].job(job.id)] * AT_ONCE
    assert kitchens[0].stocks()[:2] == [(FULL - 4500, 0), (FULL - 1500, 0)]
    insist_on_balance(kitchens[0])


def test_of_contradicting_reports_the_first_counts_whole(
    kitchens: tuple[Furnished, Furnished],
) -> None:
    job = kitchens[0].started(Sal=4.5, Pimenta=1.5)
    first, second = job.doses
    half = report_of(
        a_reported_dose(first),
        a_reported_dose(
            second, done=False, fell_at_least_mg=Milligrams(0), fell_at_most_mg=Milligrams(7)
        ),
    )
    said = (a_report(job), half)

    answers = at_once(lambda number: kitchens[number % 2].report(job, said[number % 2]))

    booked = kitchens[0].job(job.id)
    assert answers == [booked] * AT_ONCE
    fell = [dose.fell_at_most_mg for dose in booked.doses]
    assert fell in ([4500, 1500], [4500, 7])
    assert [FULL - stock for stock, _ in kitchens[0].stocks()[:2] if stock is not None] == fell
    insist_on_balance(kitchens[0])


def test_of_many_orders_one_is_taken(kitchens: tuple[Furnished, Furnished]) -> None:
    recipe = kitchens[0].recipe(Sal=1)

    def order(number: int) -> object:
        site, person = kitchens[number % 2].site, kitchens[0].person
        return orders.order(site, person.id, orders.Order(recipe, 1), by=Actor(person.id))

    answers = at_once(order, 16)

    assert answers.count(Busy) == 15
    assert kitchens[0].stocks()[0] == (FULL, 1000)


def test_a_job_is_fetched_once(kitchens: tuple[Furnished, Furnished]) -> None:
    kitchens[0].order(Sal=1)

    answers = at_once(
        lambda number: handover.fetch(kitchens[number % 2].site, kitchens[0].dispenser), 16
    )

    assert answers.count(None) == 15


def test_a_job_is_either_cancelled_before_it_starts_or_asked_to_stop(
    kitchens: tuple[Furnished, Furnished],
) -> None:
    here, there = kitchens
    job = here.order(Sal=1)
    handover.offer(here.site, here.dispenser)

    answers = at_once(
        lambda number: (
            orders.cancel_active(here.site, here.person.id, by=Actor(here.person.id))
            if number % 2
            else handover.accept(there.site, there.dispenser, job.id, job.key)
        ),
        8,
    )

    ended = here.job(job.id)
    held = 1000 if ended.state == JobState.CANCELLING else 0
    assert ended.state in (JobState.CANCELLING, JobState.CANCELED)
    assert (ended.started_at is None) == (ended.state == JobState.CANCELED)
    assert here.stocks()[0] == (FULL, held)
    assert sum(answer for answer in answers if isinstance(answer, int)) == 1
    assert set(answers) <= {0, 1, None, NotPossibleNow}


def test_an_overdue_job_is_ended_once_whoever_notices(
    kitchens: tuple[Furnished, Furnished],
) -> None:
    here, there = kitchens
    here.order(Sal=60)
    recipe = here.recipe(Sal=60)
    for kitchen in kitchens:
        kitchen.clock.passes(minutes=10)

    def happens(number: int) -> object:
        if number % 2:
            return expiry.sweep(there.site)
        return orders.order(
            here.site, here.person.id, orders.Order(recipe, 1), by=Actor(here.person.id)
        )

    answers = at_once(happens, 8)

    assert answers.count(Busy) == 3
    assert here.stocks()[0] == (FULL, 60_000)
    insist_on_balance(here)


def test_a_late_report_and_the_clock_agree(kitchens: tuple[Furnished, Furnished]) -> None:
    here, there = kitchens
    job = here.fetched(Sal=4.5)
    for kitchen in kitchens:
        kitchen.clock.passes(hours=1)

    at_once(lambda number: here.report(job) if number % 2 else expiry.sweep(there.site), 8)

    assert here.job(job.id).state == JobState.DONE
    assert here.stocks()[0] == (FULL - 4500, 0)
    insist_on_balance(here)


def test_jars_are_set_while_reports_are_booked(kitchens: tuple[Furnished, Furnished]) -> None:
    here, there = kitchens
    backwards = [(number, configuration.JarChange(stock=FULL)) for number in (4, 3, 2, 1)]

    def happens(number: int) -> object:
        if number:
            return configuration.set_jars(
                there.site, there.person.id, backwards, by=Actor(there.person.id)
            )
        for _ in range(10):
            job = here.started(Cominho=1, Sal=1, Pimenta=1)
            here.report(job)
        return None

    answers = at_once(happens, 4)

    assert YagutsError not in [type(answer) for answer in answers]
    insist_on_balance(here)


def test_there_is_one_first_account(servers: tuple[Household, Household]) -> None:
    answers = at_once(
        lambda number: accounts.register(
            servers[number % 2].site, f"Ana {number}", PASSWORD, "192.0.2.1"
        ),
        8,
    )

    assert answers.count(RegistrationClosed) == 7


def test_a_code_links_one_board(kitchens: tuple[Furnished, Furnished]) -> None:
    here, _ = kitchens
    code = pairing_codes.new_code(here.site, here.person.id, long=True)

    answers = at_once(
        lambda number: pairing.pair(
            kitchens[number % 2].site, f"board {number}", code.text, "192.0.2.7", {}
        ),
        8,
    )

    assert answers.count(WrongCode) == 7


def test_boards_that_are_linked_at_once_get_a_dispenser_each(
    kitchens: tuple[Furnished, Furnished],
) -> None:
    here, _ = kitchens
    codes = [pairing_codes.new_code(here.site, here.person.id, long=True).text for _ in range(5)]

    answers = at_once(
        lambda number: pairing.pair(
            kitchens[number % 2].site, f"board {number}", codes[number], "192.0.2.7", {}
        ),
        5,
    )

    linked = [answer.dispenser_id for answer in answers if isinstance(answer, pairing.Paired)]
    assert len(set(linked)) == 5
