"""Who did what is written down with the deed, and nobody can change it: on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import PASSWORD, Household
from yaguts.domain.audit_log import KEPT
from yaguts.domain.errors import NotFound, WrongCode, WrongCredentials, WrongPassword
from yaguts.domain.people import Actor
from yaguts.domain.units import Milligrams
from yaguts.services import audit_log
from yaguts.services.dispensers import pairing, settings
from yaguts.services.jobs import orders
from yaguts.services.pantry import configuration
from yaguts.services.people import accounts
from yaguts.storage import tables

HERE = "192.0.2.1"


def told(kitchen: Furnished) -> list[tuple[object, ...]]:
    """What the owner reads, oldest first."""
    lines = audit_log.of_kitchen(kitchen.site, kitchen.person.id)
    return [
        (line.entry.what, line.who, line.entry.address, dict(line.entry.about))
        for line in reversed(lines)
    ]


def test_the_owner_reads_what_was_done_in_the_kitchen(kitchen: Furnished) -> None:
    site, ana = kitchen.site, kitchen.person
    by = Actor(ana.id, HERE)
    job = kitchen.order()

    orders.cancel_active(site, ana.id, by)
    orders.cancel_active(site, ana.id, by)
    changes = [(1, {"stock": Milligrams(5)}), (2, {"label": "Cominho"}), (3, {"label": "Orégano"})]
    configuration.set_jars(site, ana.id, changes, by=by)  # type: ignore[arg-type]
    configuration.set_motor(site, ana.id, {"intensity": 40}, by=by)
    pairing.unpair(site, ana.id, kitchen.dispenser_id, by)

    one = {"dispenser": kitchen.dispenser_id}
    assert told(kitchen) == [
        ("cancelled", "Ana", HERE, {"job": job.id}),
        ("corrected", "Ana", HERE, {**one, "jar": 1}),
        ("configured", "Ana", HERE, {**one, "jar": 2}),
        ("configured", "Ana", HERE, one),
        ("unlinked", "Ana", HERE, one),
    ]


def test_of_the_door_everything_is_written_and_no_secret(home: Household) -> None:
    site = home.site
    ana = accounts.register(site, "Ana", PASSWORD, HERE)
    for name in ("ana", "my own password"):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(site, name, "wrong password", HERE)
    accounts.sign_in(site, "Ana", PASSWORD, HERE)
    with pytest.raises(WrongPassword):
        accounts.change_password(site, ana, "wrong password", "louro e tomilho 9", HERE)
    accounts.change_password(site, ana, PASSWORD, "louro e tomilho 9", HERE)
    with pytest.raises(WrongCode):
        pairing.pair(site, "board-1", "ABCD-EFGH-JKMN", HERE, {})

    with site.database.read() as connection:
        lines = [tuple(row) for row in connection.execute(select(tables.audit_log))]
    assert [(line[1], line[3], line[4]) for line in lines] == [
        ("registered", ana.id, ana.id),
        ("sign_in_refused", ana.id, None),
        ("sign_in_refused", None, None),
        ("signed_in", ana.id, ana.id),
        ("password_change_refused", ana.id, None),
        ("password_changed", ana.id, ana.id),
        ("signed_in", ana.id, ana.id),
        ("claim_refused", None, None),
    ]
    assert {line[5] for line in lines} == {HERE}
    assert not any(secret in str(lines) for secret in ("password ", "louro", "canela", "JKMN"))


def test_what_is_undone_leaves_no_line(kitchen: Furnished) -> None:
    with pytest.raises(NotFound):
        pairing.unpair(kitchen.site, kitchen.person.id, 99, by=kitchen.actor)

    assert told(kitchen) == []


def test_a_kitchen_reads_its_own_lines(kitchen: Furnished) -> None:
    bia = Furnished(kitchen.home, "Bia")
    bia.order()
    orders.cancel_active(bia.site, bia.person.id, by=Actor(bia.person.id))

    assert told(kitchen) == []
    assert [line[:2] for line in told(bia)] == [("cancelled", "Bia")]


def test_the_database_refuses_to_change_a_line(kitchen: Furnished) -> None:
    settings.make_default(kitchen.site, kitchen.person.id, kitchen.dispenser_id, by=kitchen.actor)
    tampering = [
        update(tables.audit_log).values(person_id=None),
        update(tables.audit_log).values(at=kitchen.clock() - timedelta(days=900)),
        delete(tables.audit_log),
    ]

    for statement in tampering:
        with (
            pytest.raises(IntegrityError, match="only added to"),
            kitchen.site.database.write() as connection,
        ):
            connection.execute(statement)
    assert len(told(kitchen)) == 1


def test_a_line_is_kept_for_four_hundred_days(kitchen: Furnished) -> None:
    home = kitchen.home
    accounts.register(home.site, "Bia", PASSWORD, HERE)
    kitchen.clock.passes(days=KEPT.days)
    accounts.sign_in(home.site, "Bia", PASSWORD, HERE)
    assert lines(home) == ["registered", "signed_in"]

    kitchen.clock.passes(seconds=1)
    accounts.sign_in(home.site, "Bia", PASSWORD, HERE)
    assert lines(home) == ["signed_in", "signed_in"]


def lines(home: Household) -> list[str]:
    with home.site.database.read() as connection:
        found = connection.execute(select(tables.audit_log.c.what).order_by(tables.audit_log.c.id))
        return list(found.scalars())
