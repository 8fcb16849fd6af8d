"""Who did it, and what may happen at the same moment, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.support.kitchen.furnished import Furnished
from yaguts.domain.errors import Conflict, WrongInvitation, YagutsError
from yaguts.domain.people import Actor, Person
from yaguts.domain.units import Milligrams
from yaguts.services.jobs import orders
from yaguts.services.pantry import stock
from yaguts.services.people import households
from yaguts.storage.tables import movements


@pytest.fixture
def bia(kitchen: Furnished) -> Person:
    return Furnished(kitchen.home, "Bia").person


def joined(kitchen: Furnished, person: Person) -> object:
    """The house, or the class of the refusal."""
    code = households.invite(kitchen.site, kitchen.person.id, by=kitchen.actor).code
    return tried(kitchen, person, code)


def tried(kitchen: Furnished, person: Person, code: str) -> object:
    try:
        return households.join(kitchen.site, person, code, by=Actor(person.id))
    except YagutsError as error:
        return type(error)


def test_every_movement_says_which_of_them_it_was(kitchen: Furnished, bia: Person) -> None:
    joined(kitchen, bia)
    by = Actor(bia.id, "192.0.2.1")
    wanted = orders.Order(kitchen.recipe(Sal=1), 1)

    stock.refill(kitchen.site, kitchen.person.id, kitchen.dispenser_id, 2, Milligrams(7), by)
    orders.order(kitchen.site, kitchen.person.id, wanted, by)
    orders.cancel_active(kitchen.site, kitchen.person.id, by)

    with kitchen.site.database.read() as connection:
        lines = select(movements.c.kind, movements.c.person_id).order_by(movements.c.id)
        *_, poured, held, released = map(tuple, connection.execute(lines))
    assert poured == ("refill", bia.id)
    assert held == ("hold", bia.id)
    assert released == ("release", bia.id)


def test_one_invitation_lets_one_person_in(kitchen: Furnished) -> None:
    crowd = [Furnished(kitchen.home, f"Pessoa {n}").person for n in range(6)]
    code = households.invite(kitchen.site, kitchen.person.id, by=kitchen.actor).code

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda person: tried(kitchen, person, code), crowd))

    assert answers.count(WrongInvitation) == 5
    assert len(households.household_of(kitchen.site, kitchen.person).members) == 1


def test_two_do_not_move_into_each_others_kitchen(kitchen: Furnished, bia: Person) -> None:
    ana = kitchen.person
    codes = {
        person: households.invite(kitchen.site, person.id, by=Actor(person.id)).code
        for person in (ana, bia)
    }
    moves = [(ana, codes[bia]), (bia, codes[ana])]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda move: tried(kitchen, *move), moves))

    refused = [answer for answer in answers if isinstance(answer, type)]
    assert len(refused) == 1
    assert issubclass(refused[0], Conflict | WrongInvitation)
