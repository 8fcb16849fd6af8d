"""A form that is sent many times is booked once, at two servers on one database."""

from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from tests.yaguts.services.test_concurrency import at_once
from yaguts.domain.errors import AlreadySent, NotFound
from yaguts.domain.units import Milligrams
from yaguts.services.pantry import stock
from yaguts.services.runtime import once
from yaguts.services.runtime.once import SentForm

GRAM = Milligrams(1000)


@pytest.fixture
def kitchens(tmp_path: Path, database_url: str) -> Generator[tuple[Furnished, Furnished]]:
    """One kitchen, as each of two servers sees it."""
    here, there = (Household(tmp_path, migrated=True, database_url=database_url) for _ in range(2))
    kitchen = Furnished(here)
    yield kitchen, kitchen.at(there)
    here.close()
    there.close()


def refill(kitchen: Furnished, key: str, jar: int = 1) -> SentForm:
    form = SentForm(kitchen.site, kitchen.person.id, key)
    stock.refill(form.site, kitchen.person.id, kitchen.dispenser_id, jar, GRAM, by=kitchen.actor)
    return form


def test_of_many_at_once_one_is_booked(kitchens: tuple[Furnished, Furnished]) -> None:
    answers = at_once(lambda number: refill(kitchens[number % 2], "the same"), 16)

    assert answers.count(AlreadySent) == 15
    assert kitchens[0].jar(1).stock == FULL + GRAM


def test_a_form_that_was_refused_is_not_booked(kitchens: tuple[Furnished, Furnished]) -> None:
    kitchen = kitchens[0]
    with pytest.raises(Exception, match="unknown_jar"):
        refill(kitchen, "k", jar=9)

    refill(kitchen, "k")

    assert kitchen.jar(1).stock == FULL + GRAM


def test_a_repeat_is_told_where_the_first_led(kitchens: tuple[Furnished, Furnished]) -> None:
    refill(kitchens[0], "k").led_to("/app/jars")
    refill(kitchens[0], "killed before it was stored")

    with pytest.raises(AlreadySent) as repeat:
        refill(kitchens[1], "k")
    assert repeat.value.fields == {"at": kitchens[0].clock(), "address": "/app/jars"}
    with pytest.raises(AlreadySent) as repeat:
        refill(kitchens[1], "killed before it was stored")
    assert repeat.value.fields["address"] is None


def test_a_form_that_only_read_leads_nowhere(kitchens: tuple[Furnished, Furnished]) -> None:
    form = SentForm(kitchens[0].site, kitchens[0].person.id, "k")
    with pytest.raises(NotFound):
        stock.shelf(form.site, kitchens[0].person.id, 99)
    form.led_to("/app/jars")

    refill(kitchens[0], "k")


def test_keys_are_forgotten_after_a_while(kitchens: tuple[Furnished, Furnished]) -> None:
    kitchen, _ = kitchens
    refill(kitchen, "old")
    kitchen.clock.passes(days=(once.KEPT + timedelta(days=1)).days)
    with kitchen.site.database.write() as connection:
        kitchen.site.lived.until(connection, kitchen.clock())
    refill(kitchen, "new")

    with kitchen.site.database.read() as connection:
        keys = connection.exec_driver_sql("SELECT key FROM booked_forms").scalars().all()
    assert keys == ["new"]
