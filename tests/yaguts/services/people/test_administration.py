"""What whoever runs the server does with accounts, on both databases."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.support.kitchen.belongings import furnish
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import PASSWORD, Household
from yaguts.domain.errors import (
    AccountDisabled,
    NameTaken,
    NotFound,
    NotSignedIn,
    WrongCredentials,
    WrongInvitation,
)
from yaguts.domain.jobs.job import FINAL, JobState
from yaguts.domain.people import Actor, Person
from yaguts.services.delivery import handover
from yaguts.services.dispensers import settings as dispenser_settings
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.services.people import accounts, administration, households, sessions
from yaguts.storage import people
from yaguts.storage.personal import NOT_PERSONAL, PERSONAL
from yaguts.storage.tables import audit_log, metadata

HERE = "192.0.2.1"
BOARD_ADDRESS = "192.0.2.7"


def person(home: Household, name: str) -> Person:
    return administration.find(home.site, name).person


def dump(home: Household) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    with home.site.database.read() as connection:
        return {
            name: [
                dict(row)
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for name, table in metadata.tables.items()
        }


@pytest.fixture
def ana(home: Household) -> TestClient:
    """Ana, with one of everything, and every text of hers to be found again."""
    ana = home.person("Ana")
    furnish(home, ana)
    home.browser(address="198.51.100.9").post(
        "/auth/login", json={"nome": "Ana", "senha": "errada demais"}
    )
    home.signed_in("Ana")
    dispenser_settings.rename(home.site, person(home, "Ana").kitchen_id, 1, "Fogão", Actor(None))
    return ana


def test_every_table_is_looked_through() -> None:
    """A new table says whether it is about a person, or it is in no export and outlives them."""
    known = [one.table.name for one in PERSONAL] + [one.name for one in NOT_PERSONAL]

    assert sorted([*known, audit_log.name]) == sorted(metadata.tables)


@pytest.mark.usefixtures("ana")
def test_accounts_are_found_by_name_and_by_number(home: Household) -> None:
    found = administration.find(home.site, " ANA ")

    assert (found.person.name, found.disabled_at) == ("Ana", None)
    assert found.seen_at == home.clock()
    assert administration.find(home.site, str(found.person.id)) == found
    for nobody in ("Zé", "99", "0", ""):
        with pytest.raises(NotFound):
            administration.find(home.site, nobody)


def test_a_name_that_looks_like_a_number_is_a_name(home: Household) -> None:
    home.person("Ana")
    home.person("1")

    assert administration.find(home.site, "1").person.name == "1"


# Disabled


def test_a_disabled_account_is_refused_everywhere_and_at_once(
    home: Household, ana: TestClient
) -> None:
    board = home.board(ana)
    code = ana.post("/devices/claims", json={"formato": "longo"}).json()["code"]
    invitation = ana.post("/casa/convites").json()["code"]
    assert board.get("/devices/me/next_job").status_code in (200, 204)

    administration.disable(home.site, person(home, "Ana"))

    assert ana.get("/auth/me").status_code == 401
    for path in ("/devices/me/next_job?wait=20", "/devices/me/next_job"):
        refused = board.get(path)
        assert (refused.status_code, "desativada" in refused.json()["detail"]) == (403, True)
    assert board.post("/devices/me/heartbeat", json={}).status_code == 403
    claim = {"uid": "another-board", "claim_code": code}
    assert home.browser().post("/devices/claim", json=claim).status_code == 400
    with pytest.raises(WrongInvitation):
        households.inviter_of(home.site, invitation)
    with pytest.raises(AccountDisabled):
        accounts.sign_in(home.site, "Ana", PASSWORD, HERE)
    with pytest.raises(WrongCredentials):
        accounts.sign_in(home.site, "Ana", "errada demais", HERE)
    answer = home.browser().post("/auth/login", json={"nome": "Ana", "senha": PASSWORD})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_a_session_that_was_begun_meanwhile_is_none(home: Household) -> None:
    """On PostgreSQL somebody may sign in in the same moment."""
    home.person("Ana")
    ana = person(home, "Ana")
    token = sessions.open_session(home.site, ana)
    with home.site.database.write() as connection:
        people.set_disabled(connection, ana.id, home.clock())

    assert sessions.person_of(home.site, token) is None


def test_a_held_poll_gives_no_job_of_a_disabled_kitchen(kitchen: Furnished) -> None:
    dispenser = kitchen.dispenser
    kitchen.order()
    administration.disable(kitchen.site, kitchen.person)

    with pytest.raises(AccountDisabled):
        handover.offer(kitchen.site, dispenser)


def test_enabled_again_the_boards_work_as_before(home: Household, ana: TestClient) -> None:
    board = home.board(ana)
    administration.disable(home.site, person(home, "Ana"))
    assert board.post("/devices/me/heartbeat", json={}).status_code == 403

    administration.enable(home.site, person(home, "Ana"))

    assert board.post("/devices/me/heartbeat", json={}).status_code == 200
    assert ana.get("/auth/me").status_code == 401
    assert home.signed_in("Ana").get("/auth/me").status_code == 200


def test_a_report_that_was_refused_meanwhile_is_booked_afterwards(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=1.0)
    board = kitchen.home.browser()
    board.headers["Authorization"] = f"Bearer {kitchen.token}"
    report = {"itens_completados": 1, "itens_falhados": 0, "execution_logs": [
        {"frasco": 1, "tempero": "Sal", "quantidade_g": 1.0, "segundos": 1.0, "status": "done"}
    ]}  # fmt: skip
    path = f"/devices/me/jobs/{job.id}/complete"

    administration.disable(kitchen.site, kitchen.person)
    assert board.post(path, json=report).status_code == 403
    administration.enable(kitchen.site, kitchen.person)

    assert board.post(path, json=report).json()["stock_deducted"]


@pytest.mark.usefixtures("ana")
def test_members_of_a_disabled_kitchen_still_see_it(home: Household) -> None:
    caio = home.signed_in("Caio")
    administration.disable(home.site, person(home, "Ana"))

    assert [one["nome"] for one in caio.get("/receitas/").json()] == ["Pão"]


# Exported


NOT_FURNISHED = (
    "password_resets booked_forms former_places by_hand update_choices alert_choices alert_hours"
    " alert_outbox alert_states former_spices weighed_spoons"
).split()


@pytest.mark.usefixtures("ana")
def test_an_export_is_everything_and_no_secret(home: Household) -> None:
    administration.export(home.site, person(home, "Ana"))
    told = administration.export(home.site, person(home, "Ana"))
    text = json.dumps(told, ensure_ascii=False, default=str)

    for known in ("Ana", "Pão", "Sal", "board-with-a-scale", "198.51.100.9", "exported"):
        assert known in text, known
    secrets = {"password_hash", "token_hash", "next_token_hash", "code_hash", "selector", "key"}
    secrets |= {"sealed", "endpoint_hash", "session_hash"}
    for name, rows in told.items():
        assert rows or name in NOT_FURNISHED, name
        assert not secrets & {column for row in rows for column in row}, name
    with home.site.database.read() as connection:
        hashes = connection.execute(select(metadata.tables["sessions"].c.token_hash)).scalars()
        assert not [hashed for hashed in hashes if hashed in text]


@pytest.mark.usefixtures("ana")
def test_an_export_holds_nothing_of_anybody_else(home: Household) -> None:
    home.board(home.person("Zuleica"), "zuleicas-board")

    text = json.dumps(administration.export(home.site, person(home, "Ana")), default=str)
    told = administration.export(home.site, person(home, "Zuleica"))

    assert "uleica" not in text
    assert "Caio" not in text
    assert [row["name"] for row in told["people"]] == ["Zuleica"]
    assert told["recipes"] == told["jobs"] == []


# Deleted

NUMBERS_STAY = ("people", "jobs", "job_items", "jars", "dispensers", "movements",
                "unclaimed_reports", "unclaimed_doses", "calibration_runs")  # fmt: skip


@pytest.mark.usefixtures("ana")
def test_of_a_deleted_account_the_numbers_stay_and_no_text(home: Household) -> None:
    before = dump(home)

    administration.forget(home.site, person(home, "Ana"))

    after = dump(home)
    text = json.dumps(after, ensure_ascii=False, default=str)
    for gone in ("Ana", "Pão", "Fogão", "board-1", "board-with-a-scale", "Sal", "198.51.100.9"):
        assert gone not in text, gone
    for name in NUMBERS_STAY:
        assert len(after[name]) >= len(before[name]), name
    assert [row["id"] for row in after["jobs"]] == [row["id"] for row in before["jobs"]]
    assert {row["state"] for row in after["jobs"]} <= FINAL
    assert check_ledger(home.site.database) == ()
    assert len(after["trail"]) == len(before["trail"]) + 1


def test_no_file_of_sqlite_holds_a_deleted_person(tmp_path: Path) -> None:
    home = Household(tmp_path)
    home.person("Zebulina")
    administration.forget(home.site, person(home, "Zebulina"))

    files = [path.read_bytes() for path in tmp_path.glob("yaguts.db*") if path.is_file()]
    home.close()

    assert [file for file in files if b"ebulina" in file] == []


def test_a_deleted_person_gets_in_nowhere(home: Household, ana: TestClient) -> None:
    board = home.board(ana)
    administration.forget(home.site, person(home, "Ana"))

    assert ana.get("/auth/me").status_code == 401
    assert board.get("/devices/me/next_job").status_code == 401
    for name in ("Ana", "", "\x1f1"):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(home.site, name, PASSWORD, HERE)
    for who in ("Ana", "1", ""):
        with pytest.raises(NotFound):
            administration.find(home.site, who)
    [deleted] = [one for one in administration.accounts_of(home.site) if one.deleted_at]
    assert (deleted.person.name, deleted.seen_at) == ("", None)


@pytest.mark.usefixtures("ana")
def test_the_name_is_free_again_and_leads_to_nothing_old(home: Household) -> None:
    before = person(home, "Ana").id
    administration.forget(home.site, person(home, "Ana"))

    new = home.newcomer("Ana")

    assert person(home, "Ana").id != before
    assert new.get("/receitas/").json() == []
    assert new.get("/devices").json()["devices"] == []
    with pytest.raises(NameTaken):
        home.newcomer("ana")


@pytest.mark.usefixtures("ana")
def test_members_of_a_deleted_kitchen_go_back_to_their_own(home: Household) -> None:
    caio = home.signed_in("Caio")
    assert [one["nome"] for one in caio.get("/receitas/").json()] == ["Pão"]
    assert [one.name for one in administration.members_of(home.site, person(home, "Ana"))] == [
        "Caio"
    ]

    administration.forget(home.site, person(home, "Ana"))

    assert caio.get("/receitas/").json() == []
    assert person(home, "Caio").is_owner
    body = {"nome": "Arroz", "ingredientes": [{"tempero": "Sal", "quantidade": 1}]}
    assert caio.post("/receitas/", json=body).status_code == 201


def test_a_deleted_member_leaves_the_kitchen_as_it_is(home: Household, ana: TestClient) -> None:
    caio = home.signed_in("Caio")
    caio.post("/jobs/active/cancel")
    members = ana.get("/casa").json()

    administration.forget(home.site, person(home, "Caio"))

    told = ana.get("/auditoria").json()
    assert "Caio" in json.dumps(members)
    assert "Caio" not in json.dumps([ana.get("/casa").json(), told])
    assert [one["nome"] for one in ana.get("/receitas/").json()] == ["Pão"]
    page = ana.get("/app/settings/audit-log", headers={"Accept-Language": "pt-BR"})
    assert "(conta apagada)" in page.text or page.status_code == 404


def test_a_removed_members_name_goes_from_the_owners_log(home: Household, ana: TestClient) -> None:
    number = ana.get("/casa").json()["membros"][0]["id"]
    assert ana.delete(f"/casa/membros/{number}").status_code in (200, 204)
    assert "Caio" in ana.get("/auditoria").text

    administration.forget(home.site, person(home, "Caio"))

    assert "Caio" not in ana.get("/auditoria").text


def test_a_job_that_runs_ends_and_holds_nothing(kitchen: Furnished) -> None:
    running = kitchen.started(Sal=1.0)
    dispenser = kitchen.dispenser

    administration.forget(kitchen.site, kitchen.person)

    assert kitchen.job(running.id).state == JobState.CANCELED
    with pytest.raises(NotSignedIn):
        handover.offer(kitchen.site, dispenser)


@pytest.mark.usefixtures("ana")
def test_each_is_in_the_audit_log(home: Household) -> None:
    ana_herself = person(home, "Ana")
    administration.disable(home.site, ana_herself)
    administration.enable(home.site, ana_herself)
    administration.export(home.site, ana_herself)
    administration.forget(home.site, ana_herself)

    written = [(row["what"], row["kitchen_id"]) for row in dump(home)["trail"]][-4:]
    assert written == [
        (what, ana_herself.id) for what in ("disabled", "enabled", "exported", "forgotten")
    ]


def test_a_deleted_first_account_opens_no_registration(home: Household) -> None:
    home.person("Ana")
    administration.forget(home.site, person(home, "Ana"))

    assert accounts.takes_new(home.site)[1] is False
