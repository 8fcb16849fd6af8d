"""Refill a jar, give it to another spice, and see how it came to be as it is."""

import pytest

from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.errors import NotFound, UnknownJar
from yaguts.domain.people import Actor
from yaguts.domain.stock.ledger import MovementKind, MovementReason
from yaguts.domain.units import Milligrams as Mg
from yaguts.services.pantry import configuration, replaced, stock
from yaguts.storage import former_spices


def look(kitchen: Furnished, number: int = 1) -> stock.Contents:
    return stock.look_into(kitchen.site, kitchen.person.id, kitchen.dispenser_id, number)


def refill(kitchen: Furnished, grams: int) -> None:
    amount = Mg(grams * 1000)
    stock.refill(
        kitchen.site,
        kitchen.person.id,
        kitchen.dispenser_id,
        1,
        amount,
        by=kitchen.actor,
    )


def throw_away(kitchen: Furnished, grams: int) -> None:
    amount = Mg(grams * 1000)
    stock.throw_away(
        kitchen.site,
        kitchen.person.id,
        kitchen.dispenser_id,
        1,
        amount,
        by=kitchen.actor,
    )


def assign(kitchen: Furnished, spice: str | None) -> None:
    stock.assign(kitchen.site, kitchen.person.id, kitchen.dispenser_id, 1, spice, by=kitchen.actor)


def test_the_book_says_how_the_jar_came_to_be_so(kitchen: Furnished) -> None:
    kitchen.report(kitchen.fetched(Sal=4.0))
    refill(kitchen, 50)

    lines = look(kitchen).movements

    assert [(line.movement.kind, line.movement.amount, line.balance) for line in lines] == [
        (MovementKind.REFILL, 50_000, 146_000),
        (MovementKind.SETTLE, -4_000, 96_000),
        (MovementKind.CORRECTION, 100_000, 100_000),
    ]
    assert lines[1].movement.job_id == 1


def test_a_refill_raises_what_full_means(kitchen: Furnished) -> None:
    kitchen.report(kitchen.fetched(Sal=60.0))
    assert look(kitchen).level.percent == 40

    refill(kitchen, 110)

    assert look(kitchen).level.percent == 100
    assert kitchen.jar(1).stock == 150_000


def test_what_the_scale_did_not_find_counts_as_used(kitchen: Furnished) -> None:
    kitchen.report(kitchen.fetched(Sal=1.0))
    for grams, days in ((9, 0), (95, None)):
        change = (1, {"stock": Mg(1000 * grams)})
        configuration.set_jars(kitchen.site, kitchen.person.id, [change], by=kitchen.actor)
        assert look(kitchen).level.days_left == days
    assert look(kitchen).level.percent == 95
    kitchen.clock.passes(days=2)
    kitchen.report(kitchen.fetched(Sal=10.0))
    assert look(kitchen).level.days_left == 85 * 7 // 15


def test_a_refill_of_what_nobody_knows_tells_nobody(kitchen: Furnished) -> None:
    configuration.set_jars(
        kitchen.site, kitchen.person.id, [(1, {"stock": None})], by=kitchen.actor
    )

    refill(kitchen, 10)

    assert kitchen.jar(1).stock is None


def test_another_spice_makes_everything_unknown(kitchen: Furnished) -> None:
    assign(kitchen, "alho em pó")

    jar = kitchen.jar(1)
    assert (jar.label, jar.stock, jar.rate) == ("Alho em pó", None, None)
    configuration.set_jars(
        kitchen.site, kitchen.person.id, [(1, {"stock": Mg(8000)})], by=kitchen.actor
    )
    assert look(kitchen).level.percent == 100


def test_the_same_spice_changes_nothing(kitchen: Furnished) -> None:
    before = kitchen.jar(1)

    assign(kitchen, " SAL ")

    assert kitchen.jar(1) == before


def test_a_jar_may_hold_nothing(kitchen: Furnished) -> None:
    assign(kitchen, None)

    assert kitchen.jar(1).label is None


def test_any_spice_may_be_given_to_a_jar(kitchen: Furnished) -> None:
    assign(kitchen, " Flor\N{NO-BREAK SPACE} de  sal ")

    assert kitchen.jar(1).label == "Flor de sal"


def test_a_replaced_spice_comes_back_with_its_rate(kitchen: Furnished) -> None:
    before = kitchen.jar(1)

    assign(kitchen, "Louro")
    assert (kitchen.jar(1).rate, kitchen.jar(1).stock) == (None, None)
    assign(kitchen, "SAL")

    assert kitchen.jar(1).rate == before.rate
    assert kitchen.jar(1).stock is None


def test_a_replacement_is_undone_with_all_that_was_known(kitchen: Furnished) -> None:
    fits: configuration.JarChange = {"capacity": Mg(250_000)}
    configuration.set_jars(kitchen.site, kitchen.person.id, [(1, fits)], by=kitchen.actor)
    before = kitchen.jar(1)
    where = (kitchen.site, kitchen.person.id, kitchen.dispenser_id, 1)
    assert not replaced.undo(*where, by=kitchen.actor)

    assign(kitchen, "Louro")
    refill(kitchen, 50)
    assert kitchen.jar(1).capacity is None
    assert replaced.undo(*where, by=kitchen.actor)

    after = kitchen.jar(1)
    assert (after.label, after.rate, after.stock) == (before.label, before.rate, before.stock)
    assert after.capacity == 250_000
    assert replaced.undo(*where, by=kitchen.actor)
    assert kitchen.jar(1).label == "Louro"


def test_a_jar_remembers_the_latest_spices(kitchen: Furnished) -> None:
    for number in range(former_spices.MOST + 3):
        kitchen.clock.passes(minutes=1)
        assign(kitchen, f"Tempero {number}")

    with kitchen.site.database.read() as connection:
        known = former_spices.of(connection, kitchen.dispenser_id, 1)
    assert len(known) == former_spices.MOST
    assert known[0].label == f"Tempero {former_spices.MOST + 1}"


def test_a_jar_that_is_not_there_and_one_of_somebody_else(
    home: Household, kitchen: Furnished
) -> None:
    bia = Furnished(home, "Bia").person.id
    with pytest.raises(UnknownJar):
        look(kitchen, 5)
    with pytest.raises(NotFound):
        stock.look_into(kitchen.site, bia, kitchen.dispenser_id, 1)
    with pytest.raises(NotFound):
        stock.refill(kitchen.site, bia, kitchen.dispenser_id, 1, Mg(1), by=Actor(bia))
    with pytest.raises(NotFound):
        stock.assign(kitchen.site, bia, kitchen.dispenser_id, 1, None, by=Actor(bia))


def test_what_is_thrown_away_is_gone_and_stays_in_the_book(kitchen: Furnished) -> None:
    throw_away(kitchen, 30)

    assert kitchen.jar().stock == FULL - 30_000
    latest = look(kitchen).movements[0]
    assert (latest.movement.kind, latest.movement.reason) == (
        MovementKind.WASTE,
        MovementReason.THROWN_AWAY,
    )
    assert latest.balance == FULL - 30_000
