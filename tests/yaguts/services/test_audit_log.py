"""Who did what is written down with the deed, and nobody can change it: on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import PASSWORD, Household
from yaguts.domain.audit_log import KEPT
from yaguts.domain.errors import NotFound, WrongCode, WrongCredentials, WrongPassword
from yaguts.domain.people import Actor
from yaguts.domain.units import Milligrams
from yaguts.http.public_address import Forwarded
from yaguts.services import audit_log
from yaguts.services.dispensers import pairing, settings
from yaguts.services.jobs import orders
from yaguts.services.ops.sealing import seal
from yaguts.services.pantry import configuration
from yaguts.services.people import accounts
from yaguts.storage import tables
from yaguts_wire import words as w

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
        texts = [tuple(row) for row in connection.execute(select(tables.personal))]
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
    kept = {(entry, field): (of, text) for entry, field, of, _, text in texts}
    assert kept[1, "address"] == kept[2, "address"] == (ana.id, HERE)
    assert kept[2, "name"] == kept[5, "name"] == (ana.id, "Ana")
    assert kept[3, "address"] == (None, HERE)
    assert len(kept) == len(lines) + 2
    assert not any(
        secret in f"{lines} {texts}" for secret in ("password ", "louro", "canela", "JKMN")
    )


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


REPLACED = (
    "INSERT OR REPLACE INTO trail (id, what, at, about) SELECT id, 'left', at, '{}' FROM trail"
)
RENUMBERED = "UPDATE OR REPLACE trail SET id = id"
REPLACED_TEXT = (
    "INSERT OR REPLACE INTO trail_personal SELECT entry_id, field, NULL, salt, 'x'"
    " FROM trail_personal"
)
REPLACED_SEAL = (
    "INSERT OR REPLACE INTO trail_seals SELECT number + 5, entry_id, at, entry_hash, previous,"
    " 'x' FROM trail_seals"
)
OF_ONE_DATABASE = {
    "sqlite": [REPLACED, RENUMBERED, REPLACED_TEXT, REPLACED_SEAL],
    "postgresql": ["TRUNCATE trail CASCADE", "TRUNCATE trail_seals", "TRUNCATE trail_personal"],
}
OF_BOTH = [
    "UPDATE trail_personal SET text = 'x'",
    "UPDATE trail_seals SET seal = 'x'",
    "DELETE FROM trail_seals",
]


def test_nor_by_what_only_one_database_knows(kitchen: Furnished) -> None:
    settings.make_default(
        kitchen.site, kitchen.person.id, kitchen.dispenser_id, by=Actor(kitchen.person.id, HERE)
    )
    seal(kitchen.site)
    before = rows(kitchen.home)

    for statement in [*OF_BOTH, *OF_ONE_DATABASE[kitchen.site.database.engine.dialect.name]]:
        with (
            pytest.raises(IntegrityError, match="only added to"),
            kitchen.site.database.write() as connection,
        ):
            connection.execute(text(statement))
    assert rows(kitchen.home) == before


def test_a_line_is_kept_for_four_hundred_days(kitchen: Furnished) -> None:
    home = kitchen.home
    accounts.register(home.site, "Bia", PASSWORD, HERE)
    kitchen.clock.passes(days=KEPT.days)
    accounts.sign_in(home.site, "Bia", PASSWORD, HERE)
    assert lines(home) == ["registered", "signed_in"]

    kitchen.clock.passes(seconds=1)
    accounts.sign_in(home.site, "Bia", PASSWORD, HERE)
    assert lines(home) == ["signed_in", "signed_in"]


def rows(home: Household) -> list[tuple[object, ...]]:
    with home.site.database.read() as connection:
        found = (tables.audit_log, tables.personal, tables.seals)
        return [tuple(row) for table in found for row in connection.execute(select(table))]


def lines(home: Household) -> list[str]:
    with home.site.database.read() as connection:
        found = connection.execute(select(tables.audit_log.c.what).order_by(tables.audit_log.c.id))
        return list(found.scalars())


def test_an_address_of_any_length_is_no_failure(home: Household) -> None:
    """A trusted proxy may pass on whatever a stranger calls itself."""
    home.person("Ana")
    behind = TestClient(Forwarded(home.app, (HERE,)), client=(HERE, 50000))
    behind.portal, behind.headers = home.portal, home.browser().headers
    account = {w.NAME: "Ana", w.PASSWORD: PASSWORD}

    for address in ("a" * 200, "::" + "1" * 200, "203.0.113.7" + " " * 200, "\xff" * 70):
        headers = {"X-Forwarded-For": address.encode("latin-1")}
        assert behind.post("/auth/login", json=account, headers=headers).status_code == 200
