"""The audit log is sealed: what is changed, removed or cut off is named. On both databases."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from tests.support.kitchen.furnished import Furnished
from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.ids import PersonId
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.ops import sealing
from yaguts.services.ops.epochs import restored
from yaguts.services.ops.restore_detection import notice
from yaguts.services.ops.seal_check import check_seals
from yaguts.services.ops.sealing import seal
from yaguts.services.people.sessions import open_session
from yaguts.storage import seals, tables
from yaguts.translations.audit_log import audit_entry_text

HERE = "192.0.2.1"
CUT = "its end is not the one that the mark"


def note(kitchen: Furnished, times: int = 1) -> None:
    for _ in range(times):
        with kitchen.site.database.write() as connection:
            by, about = Actor(kitchen.person.id, HERE), {"dispenser": 1}
            owner = kitchen.person.kitchen_id
            audit_log.note(kitchen.site, connection, AuditEvent.CONFIGURED, owner, by, **about)


def found(kitchen: Furnished) -> list[str]:
    findings = check_seals(kitchen.site.database, kitchen.site.high_water_mark)
    assert {finding.rule for finding in findings} <= {"audit log"}
    return [finding.text for finding in findings]


def tamper(kitchen: Furnished, *statements: str) -> None:
    """As somebody does who may do anything in the database."""
    database = kitchen.site.database
    with database.restructure() as connection:
        if connection.dialect.name == "sqlite":
            named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for trigger in connection.execute(text(named)).scalars().all():
                connection.execute(text(f"DROP TRIGGER {trigger}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        orphans = "DELETE FROM trail_personal WHERE entry_id NOT IN (SELECT id FROM trail)"
        for statement in (*statements, orphans):
            connection.execute(text(statement))


def chain(kitchen: Furnished) -> list[tuple[int, int]]:
    with kitchen.site.database.read() as connection:
        by_number = select(tables.seals.c.number, tables.seals.c.entry_id).order_by("number")
        return [(number, entry_id) for number, entry_id in connection.execute(by_number)]


def test_every_entry_is_sealed_once(kitchen: Furnished, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "AT_ONCE", 3)
    note(kitchen, 7)
    assert found(kitchen) == []  # They wait for the next sweep.

    seal(kitchen.site)
    seal(kitchen.site)

    assert chain(kitchen) == [(number, number) for number in range(1, 8)]
    assert found(kitchen) == []


def test_of_several_sealers_one_seals(kitchen: Furnished) -> None:
    note(kitchen, 30)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: seal(kitchen.site), range(8)))

    assert chain(kitchen) == [(number, number) for number in range(1, 31)]


def test_an_entry_that_was_committed_later_is_sealed_later(kitchen: Furnished) -> None:
    note(kitchen, 3)
    tamper(kitchen, "CREATE TABLE aside AS SELECT * FROM trail WHERE id = 2")
    tamper(kitchen, "DELETE FROM trail WHERE id = 2")
    seal(kitchen.site)
    tamper(kitchen, "INSERT INTO trail SELECT * FROM aside", "DROP TABLE aside")

    seal(kitchen.site)

    assert chain(kitchen) == [(1, 1), (2, 3), (3, 2)]
    assert found(kitchen) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE trail SET what = 'cancelled' WHERE id = 2", ["entry 2 was changed"]),
        ("UPDATE trail SET person_id = NULL WHERE id = 3", ["entry 3 was changed"]),
        ("UPDATE trail SET about = '{\"dispenser\": 2}' WHERE id = 1", ["entry 1 was changed"]),
        ("UPDATE trail SET at = '2026-01-01' WHERE id = 1", ["entry 1 was changed"]),
        ("UPDATE trail SET personal = '{}' WHERE id = 4", [
            "entry 4 was changed", "the address of entry 4 was changed"]),
        ("UPDATE trail_personal SET text = 'x' WHERE entry_id = 2", [
            "the address of entry 2 was changed"]),
        ("DELETE FROM trail WHERE id = 2", ["entry 2 is missing"]),
        ("DELETE FROM trail_seals WHERE number = 2", [
            "seal 3 (entry 3) does not follow from the one before"]),
        ("UPDATE trail_seals SET at = '2024-01-01' WHERE number = 2", [
            "seal 2 (entry 2) does not follow from the one before"]),
        ("DELETE FROM trail_seals WHERE number <= 2", [
            "seal 3 (entry 3) does not follow from the one before"]),
    ],
)  # fmt: skip
def test_what_was_changed_or_removed_is_named(
    kitchen: Furnished, statement: str, named: list[str]
) -> None:
    note(kitchen, 4)
    seal(kitchen.site)

    tamper(kitchen, statement)

    assert found(kitchen) == named


def test_an_end_that_is_cut_off_is_noticed_and_stays_noticed(
    kitchen: Furnished, caplog: pytest.LogCaptureFixture
) -> None:
    note(kitchen, 4)
    seal(kitchen.site)
    assert notice(kitchen.site) is None
    tamper(kitchen, "DELETE FROM trail WHERE id > 2", "DELETE FROM trail_seals WHERE number > 2")

    with caplog.at_level(logging.ERROR):
        assert (notice(kitchen.site), notice(kitchen.site)) == (None, None)
    assert [record.message for record in caplog.records if "audit log" in record.message] == [
        "The last entries of the audit log were removed or changed: `yaguts audit`"
    ]
    note(kitchen, 5)
    seal(kitchen.site)
    assert notice(kitchen.site) is None

    [told] = found(kitchen)
    assert told.startswith(CUT)


def test_a_log_that_was_written_anew_is_not_the_one_that_the_mark_knows(
    kitchen: Furnished,
) -> None:
    note(kitchen, 3)
    seal(kitchen.site)
    notice(kitchen.site)

    tamper(kitchen, "DELETE FROM trail_seals", "UPDATE trail SET kitchen_id = NULL WHERE id = 1")
    seal(kitchen.site)

    [told] = found(kitchen)
    assert told.startswith(CUT)


def test_a_restore_is_no_offence(kitchen: Furnished) -> None:
    note(kitchen, 3)
    seal(kitchen.site)
    notice(kitchen.site)
    tamper(kitchen, "DELETE FROM trail WHERE id > 1", "DELETE FROM trail_seals WHERE number > 1")

    restored(kitchen.site)

    assert found(kitchen) == []
    note(kitchen)
    seal(kitchen.site)
    assert notice(kitchen.site) is None
    assert found(kitchen) == []


def test_when_old_entries_pass_an_anchor_stays(kitchen: Furnished) -> None:
    site = kitchen.site
    note(kitchen, 3)
    kitchen.clock.passes(days=300)
    note(kitchen, 2)
    seal(site)
    notice(site)

    kitchen.clock.passes(days=101)
    open_session(site, kitchen.person, address=HERE)
    seal(site)

    assert chain(kitchen) == [(3, 3), (4, 4), (5, 5), (6, 6)]
    assert found(kitchen) == []
    kitchen.clock.passes(days=401)
    open_session(site, kitchen.person, address=HERE)
    seal(site)
    assert chain(kitchen) == [(6, 6), (7, 7)]
    assert found(kitchen) == []
    tamper(kitchen, "UPDATE trail_seals SET entry_id = 9 WHERE number = 6")
    assert found(kitchen) == ["seal 6 (entry 9) does not follow from the one before"]


def test_an_entry_of_a_clock_ahead_keeps_the_seals_behind_it(kitchen: Furnished) -> None:
    note(kitchen)
    kitchen.clock.jumps(days=730)
    note(kitchen)
    kitchen.clock.jumps(days=-730)
    note(kitchen)
    seal(kitchen.site)

    kitchen.clock.passes(days=401)
    open_session(kitchen.site, kitchen.person, address=HERE)
    seal(kitchen.site)

    assert chain(kitchen) == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert found(kitchen) == []


def test_a_person_can_be_forgotten_and_the_chain_is_whole(kitchen: Furnished) -> None:
    site, bia = kitchen.site, Furnished(kitchen.home, "Bia").person
    owner = kitchen.person.kitchen_id
    note(kitchen)
    with site.database.write() as connection:
        gone, by = AuditEvent.MEMBER_REMOVED, Actor(kitchen.person.id, HERE)
        audit_log.note(site, connection, gone, owner, by, bia)
        audit_log.note(site, connection, AuditEvent.LEFT, owner, Actor(bia.id, "192.0.2.9"))
    seal(site)
    told = [audit_entry_text(each.entry) for each in audit_log.of_kitchen(site, owner)]
    assert "Removeu Bia da casa." in told

    with site.database.write() as connection:
        audit_log.forget(connection, PersonId(bia.id))

    left, removed, _ = audit_log.of_kitchen(site, owner)
    assert (left.entry.what, left.entry.address) == ("left", None)
    assert audit_entry_text(removed.entry) == "Removeu alguém que não está mais aqui da casa."
    assert removed.entry.address == HERE  # That is Ana's.
    assert found(kitchen) == []


def test_the_same_address_has_another_commitment_each_time(kitchen: Furnished) -> None:
    note(kitchen, 2)

    with kitchen.site.database.read() as connection:
        one, other = connection.execute(select(tables.audit_log.c.personal)).scalars()
    assert set(one) == {"address"}
    assert one != other


def test_what_nobody_sealed_although_much_came_later_is_named(kitchen: Furnished) -> None:
    note(kitchen, 5)
    tamper(kitchen, "DELETE FROM trail WHERE id < 5")
    seal(kitchen.site)
    tamper(
        kitchen,
        "INSERT INTO trail (id, what, at, about) SELECT id - 1001, 'left', at, about FROM trail",
    )
    assert seals.LATE == 1000
    seal(kitchen.site)

    assert found(kitchen) == ["entry -996 is not sealed"]
