"""What was dispensed, order by order and spice by spice."""

import pytest

from tests.support.builders import a_report
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.jobs.job import FINAL, JobState
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import handover
from yaguts.services.jobs import history, maintenance, orders
from yaguts.services.pantry import recipes as recipe_services


def done(kitchen: Furnished, **grams: float) -> int:
    job = kitchen.fetched(**grams)
    kitchen.report(job)
    return job.id


def test_newest_first_a_page_at_a_time(kitchen: Furnished) -> None:
    ids = [done(kitchen, Sal=1.0) for _ in range(3)]
    kitchen.order()  # has not ended

    first = history.past(kitchen.site, kitchen.person.id, most=2)
    second = history.past(kitchen.site, kitchen.person.id, before_id=first[-1].job.id, most=2)

    assert [past.job.id for past in (*first, *second)] == [*reversed(ids)]
    assert first[0].job.recipe_name == "Arroz"


@pytest.mark.parametrize(("most", "at_once"), [(9, 2), (9, 3), (4, 2), (3, 2), (9, 9)])
def test_all_are_read_a_few_at_a_time(
    kitchen: Furnished, monkeypatch: pytest.MonkeyPatch, most: int, at_once: int
) -> None:
    monkeypatch.setattr(history, "MOST", most)
    monkeypatch.setattr(history, "AT_ONCE", at_once)
    done = [kitchen.report(kitchen.fetched(Sal=1)) for _ in range(6)]
    ids = [job.id for job in reversed(done) if job is not None]

    found = history.every(kitchen.site, kitchen.person.id, FINAL)
    assert [past.job.id for past in found] == ids[:most]


def test_by_how_they_ended(kitchen: Furnished) -> None:
    done(kitchen, Sal=1.0)
    job = kitchen.fetched(Sal=1.0, Pimenta=1.0)
    kitchen.report(job, a_report(job, failed=(2,)))

    partly = history.past(kitchen.site, kitchen.person.id, {JobState.DONE_PARTIAL})

    assert [past.job.id for past in partly] == [job.id]


def test_an_order_keeps_its_name_whatever_becomes_of_the_recipe(kitchen: Furnished) -> None:
    done(kitchen, Sal=1.0)
    renamed = Recipe("Pilaf", 1, (Ingredient("Pimenta", Milligrams(2000)),))
    recipe_services.change(kitchen.site, kitchen.person.id, 1, renamed)
    assert found(kitchen, "pilaf") == []
    recipe_services.remove(kitchen.site, kitchen.person.id, 1)

    assert history.past(kitchen.site, kitchen.person.id)[0].job.recipe_name == "Arroz"
    assert found(kitchen, "arróz") == [1]


def test_a_search_finds_every_job_that_a_spice_was_in(kitchen: Furnished) -> None:
    dish = done(kitchen, Sal=1.0)
    dose = maintenance.order_dose(
        kitchen.site, kitchen.person.id, kitchen.dispenser_id, 1, Milligrams(2000), kitchen.actor
    )
    job = handover.fetch(kitchen.site, kitchen.dispenser)
    assert job is not None
    kitchen.report(job)
    wanted = orders.Order(kitchen.recipe(Pimenta=1.0, Louro=0.5), by_hand=True)
    by_hand = orders.order(kitchen.site, kitchen.person.id, wanted, by=kitchen.actor)
    job = handover.fetch(kitchen.site, kitchen.dispenser)
    assert job is not None
    kitchen.report(job)

    assert found(kitchen, "sal") == [dose.id, dish]
    assert found(kitchen, "LOURO") == [by_hand.id]
    assert found(kitchen, "canela") == []


def found(kitchen: Furnished, text: str) -> list[int]:
    return [past.job.id for past in history.past(kitchen.site, kitchen.person.id, text=text)]


def test_nobody_sees_another_ones(home: Household, kitchen: Furnished) -> None:
    done(kitchen, Sal=1.0)
    bia = Furnished(home, "Bia").person.id

    assert history.past(kitchen.site, bia) == ()
    assert history.consumption(kitchen.site, bia) == ()


def test_consumption_by_week_most_first(kitchen: Furnished) -> None:
    done(kitchen, Sal=1.0)
    kitchen.clock.passes(days=14)
    done(kitchen, Sal=2.0, Pimenta=4.0)
    kitchen.order()
    orders.cancel_active(kitchen.site, kitchen.person.id, by=kitchen.actor)

    pepper, salt = history.consumption(kitchen.site, kitchen.person.id)

    assert (pepper.spice, pepper.weeks, pepper.total) == ("Pimenta", (*[0] * 7, 4000), 4000)
    assert (salt.spice, salt.weeks) == ("Sal", (*[0] * 5, 1000, 0, 2000))


def test_what_is_older_than_the_plot_is_left_out(kitchen: Furnished) -> None:
    done(kitchen, Sal=1.0)
    kitchen.clock.passes(days=57)

    assert history.consumption(kitchen.site, kitchen.person.id) == ()
