"""A new board takes another one's place: a silent one's, once, and any that its owner names."""

import asyncio
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.support.kitchen.callers import caller
from tests.support.kitchen.furnished import Furnished, a_log
from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import AccountDisabled, NotFound, NotPossibleNow, NotSignedIn
from yaguts.services import audit_log
from yaguts.services.delivery import expiry, handover, replacement
from yaguts.services.delivery.long_poll import wait_for_job
from yaguts.services.dispensers import device_tokens, pairing
from yaguts.services.dispensers.settings import make_default
from yaguts.services.jobs import orders
from yaguts.services.ops import clock_put_right
from yaguts.services.people import administration
from yaguts.storage import dispensers, replacements
from yaguts.storage.ledger_check import inconsistencies
from yaguts.storage.tables import jars

HOLDING_NOTHING = {"Yaguts-Holding": ""}


@pytest.fixture
def old(kitchen: Furnished) -> TestClient:
    board = kitchen.board()
    assert poll(board) is None
    return board


@pytest.fixture
def new(kitchen: Furnished, old: TestClient) -> TestClient:
    assert old
    return newcomer(kitchen)


def newcomer(kitchen: Furnished, uid: str = "board-2", firmware: str = "0.1.6") -> TestClient:
    """A board with firmware 0.1 that is paired a minute later, beside the default one."""
    kitchen.clock.passes(minutes=1)
    code = kitchen.browser().post("/devices/claims").json()["code"]
    board = kitchen.home.browser(address="192.0.2.8")
    claim = {"uid": uid, "claim_code": code, "fw_version": firmware}
    token = board.post("/devices/claim", json=claim).json()["device_token"]
    board.headers["Authorization"] = f"Bearer {token}"
    return board


def poll(board: TestClient) -> dict[str, object] | None:
    answer = board.get("/devices/me/next_job")
    return None if answer.status_code == 204 else answer.json()


def second(kitchen: Furnished) -> Dispenser:
    with kitchen.site.database.read() as connection:
        return next(d for d in dispensers.of(connection, kitchen.person.id) if not d.is_default)


def asked(kitchen: Furnished) -> frozenset[int]:
    return replacement.asked_about(kitchen.site, kitchen.person.id)


def insist_on_books(kitchen: Furnished) -> None:
    with kitchen.site.database.read() as connection:
        assert not list(inconsistencies(connection))


# By itself


def test_a_new_board_gets_the_jobs_of_a_silent_one(kitchen: Furnished, new: TestClient) -> None:
    kitchen.clock.passes(hours=2)
    job = kitchen.order()
    fetched = poll(new)

    assert fetched is not None
    assert fetched["id"] == job.id
    done = new.post(f"/devices/me/jobs/{job.id}/complete", json=a_log(fetched))
    assert done.json()["stock_deducted"]
    assert kitchen.job(job.id).dispenser_id == kitchen.dispenser_id
    insist_on_books(kitchen)


def test_firmware_0_2_is_offered_them(kitchen: Furnished, old: TestClient) -> None:
    assert old
    new = newcomer(kitchen, firmware="0.2.0")
    kitchen.clock.passes(hours=2)
    job = kitchen.order()

    offered = new.get("/devices/me/next_job", headers=HOLDING_NOTHING).json()
    accept = {"job_key": offered["job_key"]}

    assert new.post(f"/devices/me/jobs/{job.id}/accept", json=accept).status_code == 200


def test_not_before_an_hour(kitchen: Furnished, new: TestClient) -> None:
    kitchen.clock.passes(minutes=58)
    kitchen.order()

    assert poll(new) is None
    kitchen.clock.passes(minutes=1)
    assert poll(new) is not None


def test_a_board_that_was_silent_before_is_replaced_as_soon_as_a_job_waits(
    kitchen: Furnished, old: TestClient
) -> None:
    assert old
    kitchen.clock.passes(hours=2)
    new = newcomer(kitchen)

    assert poll(new) is None
    assert not second(kitchen).is_default
    kitchen.order()
    assert poll(new) is not None


def test_not_while_the_old_board_may_be_pouring(kitchen: Furnished, new: TestClient) -> None:
    kitchen.clock.passes(hours=2)
    kitchen.browser().put(f"/devices/{kitchen.dispenser_id}", json={"aceita_fila": True})
    kitchen.started()
    kitchen.order()

    assert poll(new) is None
    assert kitchen.dispenser.uid == "board of Ana"


def test_two_living_boards_do_not_take_turns(
    kitchen: Furnished, old: TestClient, new: TestClient
) -> None:
    kitchen.clock.passes(hours=2)
    kitchen.order()
    assert poll(old) is not None
    kitchen.clock.passes(hours=2)
    expiry.sweep(kitchen.site)
    kitchen.order()

    assert poll(new) is None


def test_a_clock_that_was_behind_makes_nobody_silent(
    kitchen: Furnished, old: TestClient, new: TestClient
) -> None:
    kitchen.clock.jumps(hours=-5)
    assert poll(old) is None
    kitchen.clock.jumps(hours=8)
    kitchen.order()

    assert poll(new) is None


def test_a_clock_that_was_ahead_makes_nobody_silent(
    kitchen: Furnished, old: TestClient, new: TestClient
) -> None:
    kitchen.clock.jumps(days=3)
    assert poll(old) is None
    kitchen.clock.jumps(days=-3, hours=2)
    clock_put_right.put_right(kitchen.site)
    kitchen.order()

    assert poll(new) is None


def test_a_board_without_a_known_sign_of_life_is_silent_from_the_pairing_on(
    kitchen: Furnished,
) -> None:
    new = newcomer(kitchen)
    kitchen.order()

    kitchen.clock.passes(minutes=9)
    assert poll(new) is None
    kitchen.clock.passes(minutes=51)
    kitchen.order()
    assert poll(new) is not None


def test_an_unpaired_board_is_replaced_at_once(kitchen: Furnished, new: TestClient) -> None:
    pairing.unpair(kitchen.site, kitchen.person.id, kitchen.dispenser_id, kitchen.actor)
    kitchen.order()

    assert poll(new) is not None


def test_a_board_that_does_not_reach_the_jars_gets_nothing(
    kitchen: Furnished, old: TestClient
) -> None:
    assert old
    with kitchen.site.database.write() as connection:
        dispensers.seen(connection, kitchen.dispenser_id, kitchen.clock(), {"firmware": "0.2.0"})
        dispensers.add_jars(connection, kitchen.dispenser_id, range(5, 6))
        of = jars.c.dispenser_id == kitchen.dispenser_id
        columns = {"label": "Louro", "rate_ug_s": 1_000_000, "stock_known": False}
        connection.execute(update(jars).where(of, jars.c.number == 5).values(columns))
    new = newcomer(kitchen)
    kitchen.clock.passes(hours=2)
    kitchen.order(Louro=1.0)

    assert poll(new) is None


def test_a_board_with_jars_of_its_own_stays_where_it_is(
    kitchen: Furnished, new: TestClient
) -> None:
    label_a_jar(kitchen)
    kitchen.clock.passes(hours=2)
    kitchen.order()

    assert poll(new) is None


def label_a_jar(kitchen: Furnished) -> None:
    with kitchen.site.database.write() as connection:
        own = jars.c.dispenser_id == second(kitchen).id, jars.c.number == 1
        connection.execute(update(jars).where(*own).values(label="Sal"))


def test_the_old_board_reports_late_and_gets_no_more(kitchen: Furnished, old: TestClient) -> None:
    first = kitchen.order()
    late = poll(old)
    assert late is not None
    new = newcomer(kitchen)
    kitchen.clock.passes(hours=2)
    expiry.sweep(kitchen.site)
    following = kitchen.order()
    assert poll(new) is not None

    for _ in range(2):
        done = old.post(f"/devices/me/jobs/{first.id}/complete", json=a_log(late))
        assert done.json()["stock_deducted"]
    kitchen.clock.passes(hours=2)
    expiry.sweep(kitchen.site)
    kitchen.order()
    assert poll(old) is None
    foreign = old.post(f"/devices/me/jobs/{following.id}/complete", json=a_log(late))
    assert not foreign.json()["stock_deducted"]
    insist_on_books(kitchen)


@pytest.mark.parametrize("status", ["done", "error"])
def test_firmware_up_to_0_1_3_reports_late_too(
    kitchen: Furnished, old: TestClient, status: str
) -> None:
    first = kitchen.order()
    assert poll(old) is not None
    new = newcomer(kitchen)
    kitchen.clock.passes(hours=2)
    expiry.sweep(kitchen.site)
    kitchen.order()
    assert poll(new) is not None

    told = old.post(f"/devices/me/jobs/{first.id}/status", json={"status": status})

    assert told.status_code == 200
    assert kitchen.job(first.id).reported


def test_a_second_replacement_loses_no_late_report(kitchen: Furnished, old: TestClient) -> None:
    first = kitchen.order()
    late = poll(old)
    assert late is not None
    for number in (2, 3):
        board = newcomer(kitchen, f"board-{number}")
        kitchen.clock.passes(hours=2)
        expiry.sweep(kitchen.site)
        kitchen.order()
        assert poll(board) is not None
        kitchen.clock.passes(hours=2)
        expiry.sweep(kitchen.site)

    done = old.post(f"/devices/me/jobs/{first.id}/complete", json=a_log(late))
    assert done.json()["stock_deducted"]
    insist_on_books(kitchen)


def test_the_old_board_paired_again_gets_its_jobs_back_when_the_new_one_is_silent(
    kitchen: Furnished, new: TestClient
) -> None:
    kitchen.clock.passes(hours=2)
    job = kitchen.order()
    fetched = poll(new)
    assert fetched is not None
    new.post(f"/devices/me/jobs/{job.id}/complete", json=a_log(fetched))
    again = newcomer(kitchen, "board of Ana")
    kitchen.clock.passes(hours=2)
    kitchen.order()

    assert poll(again) is not None


# A board whose place is exchanged while it calls


def test_a_held_poll_goes_on_at_the_place_where_its_board_is_now(
    kitchen: Furnished, new: TestClient
) -> None:
    assert new
    before = kitchen.dispenser, caller(kitchen.site, second(kitchen).id)
    say(kitchen, kitchen.dispenser_id)
    kitchen.order()

    assert handover.fetch(kitchen.site, before[0]) is None
    assert handover.fetch(kitchen.site, before[1]) is not None


def test_a_held_poll_does_not_cost_a_board_its_token(kitchen: Furnished, new: TestClient) -> None:
    assert new
    before = kitchen.dispenser
    say(kitchen, kitchen.dispenser_id)

    async def never() -> bool:
        return False

    held = wait_for_job(kitchen.site, before, "", 0.01, never)
    assert asyncio.run(held) is None


def test_a_revoked_token_is_refused_all_the_same(kitchen: Furnished, new: TestClient) -> None:
    assert new
    before = kitchen.dispenser
    say(kitchen, kitchen.dispenser_id)
    pairing.unpair(kitchen.site, kitchen.person.id, second(kitchen).id, kitchen.actor)

    with pytest.raises(NotSignedIn):
        handover.fetch(kitchen.site, before)


def paired_anew(kitchen: Furnished) -> None:
    one = second(kitchen)
    with kitchen.site.database.write() as connection:
        dispensers.pair(connection, one.id, one.uid or "", "another hash", kitchen.clock())


def disabled(kitchen: Furnished) -> None:
    administration.disable(kitchen.site, kitchen.person)


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("revoke", [paired_anew, disabled])
def test_a_board_whose_token_was_revoked_takes_no_place(
    kitchen: Furnished, new: TestClient, revoke: Callable[[Furnished], None]
) -> None:
    """Another process may know it a second longer."""
    assert new
    newcomer = caller(kitchen.site, second(kitchen).id)
    kitchen.order()
    pairing.unpair(kitchen.site, kitchen.person.id, kitchen.dispenser_id, kitchen.actor)
    revoke(kitchen)
    before = kitchen.dispenser, second(kitchen)

    with pytest.raises((NotSignedIn, AccountDisabled)):
        handover.fetch(kitchen.site, newcomer)
    assert (kitchen.dispenser, second(kitchen)) == before


def test_a_heartbeat_and_a_new_token_follow_the_board(kitchen: Furnished, new: TestClient) -> None:
    assert new
    before = kitchen.dispenser
    say(kitchen, kitchen.dispenser_id)

    device_tokens.heartbeat(kitchen.site, before, {"firmware": "0.2.9"})
    token = device_tokens.offer_token(kitchen.site, before)

    assert second(kitchen).firmware == "0.2.9"
    assert kitchen.dispenser.firmware == "0.1.6"
    taken = device_tokens.authenticate(kitchen.site, token)
    assert taken is not None
    assert taken.id == second(kitchen).id


def test_a_job_under_way_is_stopped_and_reported_from_the_earlier_place(
    kitchen: Furnished, old: TestClient, new: TestClient
) -> None:
    assert new
    job = kitchen.started()
    say(kitchen, kitchen.dispenser_id)
    orders.cancel(kitchen.site, kitchen.person.id, job.id, kitchen.actor)

    told = {
        "job_key": job.key,
        "item_ordem": 1,
        "frasco": 1,
        "dispensado_g": 0.5,
        "status": "running",
    }
    progress = old.post(f"/devices/me/jobs/{job.id}/progress", json=told)
    assert progress.status_code == 200, progress.text
    assert progress.json()["cancelar"]


# When its owner says so


def say(kitchen: Furnished, place: int | None) -> Dispenser:
    ids = kitchen.person.id, second(kitchen).id
    return replacement.answer(kitchen.site, *ids, place, kitchen.actor)


def test_pairing_a_second_board_asks(kitchen: Furnished, new: TestClient) -> None:
    assert new
    assert asked(kitchen) == {second(kitchen).id}


def test_a_first_board_is_not_asked_about(kitchen: Furnished) -> None:
    assert asked(kitchen) == frozenset()


def test_yes_gives_it_the_place_at_once(
    kitchen: Furnished, old: TestClient, new: TestClient
) -> None:
    moved = say(kitchen, kitchen.dispenser_id)
    kitchen.order()

    assert (moved.id, moved.uid) == (kitchen.dispenser_id, "board-2")
    assert second(kitchen).uid == "board of Ana"
    assert asked(kitchen) == frozenset()
    assert poll(old) is None
    assert poll(new) is not None


@pytest.mark.usefixtures("old")
def test_a_board_moves_to_0_2_and_back_with_its_jars(kitchen: Furnished) -> None:
    """The one board has another name with each firmware: docs/build.md, "From firmware 0.1"."""
    former = kitchen.dispenser.uid
    assert former is not None

    newcomer(kitchen, f"esp32-{former}", "0.2.0")
    say(kitchen, 1)
    assert (kitchen.dispenser.uid, kitchen.jar(1).stock) == (f"esp32-{former}", 100_000)
    again = newcomer(kitchen, former)
    say(kitchen, 1)

    assert kitchen.dispenser.uid == former
    kitchen.order()
    assert poll(again) is not None
    insist_on_books(kitchen)


def test_no_leaves_both_where_they_are(kitchen: Furnished, new: TestClient) -> None:
    assert say(kitchen, None).uid == "board-2"
    kitchen.clock.passes(hours=2)
    kitchen.order()

    assert asked(kitchen) == frozenset()
    assert poll(new) is None


def test_an_answer_counts_once(kitchen: Furnished, new: TestClient) -> None:
    assert new
    say(kitchen, kitchen.dispenser_id)

    with pytest.raises(NotPossibleNow):
        say(kitchen, kitchen.dispenser_id)
    with pytest.raises(NotPossibleNow):
        say(kitchen, None)
    assert kitchen.dispenser.uid == "board-2"


def test_nobody_replaces_themselves_or_what_is_anothers(
    kitchen: Furnished, new: TestClient
) -> None:
    assert new
    theirs = Furnished(kitchen.home, "Bia").dispenser_id

    for place in (second(kitchen).id, theirs, 4711):
        with pytest.raises(NotFound):
            say(kitchen, place)


def test_whoever_makes_a_dispenser_the_default_one_has_answered(
    kitchen: Furnished, new: TestClient
) -> None:
    assert new
    make_default(kitchen.site, kitchen.person.id, kitchen.dispenser_id, kitchen.actor)

    assert asked(kitchen) == frozenset()


def test_whoever_gives_it_jars_has_answered(kitchen: Furnished, new: TestClient) -> None:
    assert new
    label_a_jar(kitchen)

    assert asked(kitchen) == frozenset()


def test_it_is_written_into_the_audit_log(kitchen: Furnished, new: TestClient) -> None:
    assert new
    say(kitchen, kitchen.dispenser_id)

    entry = audit_log.of_kitchen(kitchen.site, kitchen.person.id)[0]
    assert (entry.entry.what, entry.who) == (AuditEvent.REPLACED, kitchen.person.name)
    assert entry.entry.about == {"dispenser": kitchen.dispenser_id}


def test_a_board_of_the_same_name_in_another_kitchen_reports_nothing(
    kitchen: Furnished, new: TestClient
) -> None:
    assert new
    job = kitchen.fetched()
    say(kitchen, kitchen.dispenser_id)
    theirs = Furnished(kitchen.home, "Bia")
    with kitchen.site.database.write() as connection:
        hashed = theirs.dispenser.token_hash or ""
        dispensers.pair(connection, theirs.dispenser_id, "board of Ana", hashed, kitchen.clock())
        assert not replacements.is_its_job(connection, theirs.dispenser_id, job)
        assert replacements.is_its_job(connection, second(kitchen).id, job)
