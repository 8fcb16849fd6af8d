"""A clock that is ahead, or behind, and is put right: on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import PASSWORD
from yaguts.domain.clock import SKEW
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import NotPossibleNow, TooManyAttempts, WrongCode, WrongInvitation
from yaguts.domain.jobs.deadlines import patience
from yaguts.domain.jobs.job import Failure, JobState
from yaguts.domain.people import INVITATION_LIFE
from yaguts.services.delivery import handover
from yaguts.services.delivery.expiry import sweep
from yaguts.services.dispensers import device_tokens, dispensers, pairing, pairing_codes
from yaguts.services.jobs import history, orders
from yaguts.services.ops.clock_put_right import put_right
from yaguts.services.pantry import kitchen as pantry
from yaguts.services.people import accounts, households, sessions
from yaguts.services.people.rate_limits import Limit, admit
from yaguts.storage import tables

HERE = "192.0.2.1"
DAYS = pytest.mark.parametrize("days", [1, 30, 730])


@pytest.fixture(autouse=True)
def _was_right_before(kitchen: Furnished) -> None:
    """The server has run with the right clock."""
    kitchen.site.lived.keep(kitchen.site.database, kitchen.clock())


def seen(kitchen: Furnished) -> Dispenser:
    return dispensers.find(kitchen.site, kitchen.person.id, kitchen.dispenser_id)


def count(kitchen: Furnished, table: str) -> int:
    with kitchen.site.database.read() as connection:
        found = select(func.count()).select_from(tables.metadata.tables[table])
        return connection.execute(found).scalar_one()


# Deadlines


@DAYS
def test_an_order_from_a_clock_ahead_is_not_for_the_day_that_it_names(
    kitchen: Furnished, days: int
) -> None:
    kitchen.clock.jumps(days=days)
    job = kitchen.order(Sal=4.5)
    kitchen.clock.jumps(days=-days)
    kitchen.clock.passes(hours=8)

    assert handover.offer(kitchen.site, kitchen.dispenser) is None
    assert handover.fetch(kitchen.site, kitchen.dispenser) is None

    ended = kitchen.job(job.id)
    assert (ended.state, ended.failure) == (JobState.FAILED, Failure.EXPIRED)
    assert kitchen.stocks()[0] == (FULL, 0)


@DAYS
def test_what_a_clock_ahead_has_offered_is_not_accepted_later(
    kitchen: Furnished, days: int
) -> None:
    kitchen.clock.jumps(days=days)
    job = kitchen.order(Sal=4.5)
    handover.offer(kitchen.site, kitchen.dispenser)
    kitchen.clock.jumps(days=-days)

    with pytest.raises(NotPossibleNow):
        handover.accept(kitchen.site, kitchen.dispenser, job.id, job.key)
    assert handover.offer(kitchen.site, kitchen.dispenser) is None


@DAYS
def test_the_sweep_ends_it_before_its_day_comes(kitchen: Furnished, days: int) -> None:
    kitchen.clock.jumps(days=days)
    job = kitchen.order(Sal=4.5)
    kitchen.clock.jumps(days=-days)

    assert sweep(kitchen.site) == 1
    kitchen.clock.passes(days=days)
    assert kitchen.job(job.id).state == JobState.FAILED
    assert kitchen.order(Sal=1).state == JobState.QUEUED


@DAYS
def test_a_clock_that_goes_back_gives_an_order_no_more_time(kitchen: Furnished, days: int) -> None:
    job = kitchen.order(Sal=4.5)
    kitchen.clock.jumps(days=-days)

    assert sweep(kitchen.site) == 1
    assert kitchen.job(job.id).failure == Failure.EXPIRED


def test_a_few_minutes_between_the_clocks_of_two_servers_do_not_matter(kitchen: Furnished) -> None:
    job = kitchen.order(Sal=4.5)
    kitchen.clock.jumps(seconds=-SKEW.total_seconds())

    assert sweep(kitchen.site) == 0
    assert handover.offer(kitchen.site, kitchen.dispenser) is not None
    handover.accept(kitchen.site, kitchen.dispenser, job.id, job.key)
    assert seen(kitchen).last_seen_at is None


# Silence


@DAYS
@pytest.mark.parametrize("cancelled", [False, True])
def test_a_job_heard_of_in_the_future_is_waited_for_anew(
    kitchen: Furnished, days: int, cancelled: bool
) -> None:
    kitchen.clock.jumps(days=days)
    job = kitchen.started(Sal=4.5)
    if cancelled:
        orders.cancel(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)
    kitchen.clock.jumps(days=-days)

    assert sweep(kitchen.site) == 0
    assert kitchen.job(job.id).heard_at == kitchen.clock()
    kitchen.clock.passes(seconds=patience(job).total_seconds())
    assert sweep(kitchen.site) == 1
    expected = JobState.CANCELED if cancelled else JobState.FAILED
    assert kitchen.job(job.id).state == expected


@DAYS
def test_progress_is_a_sign_of_life_again(kitchen: Furnished, days: int) -> None:
    kitchen.clock.jumps(days=days)
    job = kitchen.started(Sal=4.5)
    kitchen.clock.jumps(days=-days)

    told = handover.ReportedProgress(job.key, 1, 1, job.doses[0].quantity, job.doses[0].status)
    handover.progress(kitchen.site, kitchen.dispenser, job.id, told)

    assert kitchen.job(job.id).heard_at == kitchen.clock()


# Dispensers


@DAYS
def test_a_dispenser_seen_in_the_future_is_offline_until_it_calls(
    kitchen: Furnished, days: int
) -> None:
    kitchen.clock.jumps(days=days)
    device_tokens.authenticate(kitchen.site, kitchen.token)
    assert seen(kitchen).online(kitchen.clock())
    kitchen.clock.jumps(days=-days)

    assert not seen(kitchen).online(kitchen.clock())
    device_tokens.authenticate(kitchen.site, kitchen.token)
    assert seen(kitchen).last_seen_at == kitchen.clock()
    assert seen(kitchen).online(kitchen.clock())


@DAYS
def test_nor_does_it_come_online_when_that_day_comes(kitchen: Furnished, days: int) -> None:
    kitchen.clock.jumps(days=days)
    device_tokens.authenticate(kitchen.site, kitchen.token)
    kitchen.clock.jumps(days=-days)
    put_right(kitchen.site)

    kitchen.clock.passes(days=days)
    assert not seen(kitchen).online(kitchen.clock())


@DAYS
def test_a_token_from_the_future_is_renewed(kitchen: Furnished, days: int) -> None:
    assert not seen(kitchen).wants_token(kitchen.clock())
    kitchen.clock.jumps(days=-days)

    assert seen(kitchen).wants_token(kitchen.clock())


@DAYS
@pytest.mark.parametrize("long", [False, True])
def test_a_pairing_code_from_the_future_is_none_neither_now_nor_then(
    kitchen: Furnished, days: int, long: bool
) -> None:
    kitchen.clock.jumps(days=days)
    code = pairing_codes.new_code(kitchen.site, kitchen.person.id, long=long).text
    kitchen.clock.jumps(days=-days)

    with pytest.raises(WrongCode):
        pairing.pair(kitchen.site, "board-9", code, HERE, {})
    put_right(kitchen.site)
    kitchen.clock.passes(days=days)
    with pytest.raises(WrongCode):
        pairing.pair(kitchen.site, "board-9", code, HERE, {})


def test_codes_from_the_future_leave_room_for_others(kitchen: Furnished) -> None:
    kitchen.clock.jumps(minutes=90)
    for _ in range(pairing_codes.MOST_ALIVE):
        pairing_codes.new_code(kitchen.site, kitchen.person.id, long=True)
    kitchen.clock.jumps(minutes=-90)

    codes = [
        pairing_codes.new_code(kitchen.site, kitchen.person.id, long=True).text for _ in range(3)
    ]
    for number, code in enumerate(codes):
        pairing.pair(kitchen.site, f"board-{number}", code, HERE, {})


# People


@DAYS
def test_an_invitation_from_the_future_lets_nobody_in_neither_now_nor_then(
    kitchen: Furnished, days: int
) -> None:
    kitchen.clock.jumps(days=days)
    code = households.invite(kitchen.site, kitchen.person.id, by=kitchen.actor).code
    kitchen.clock.jumps(days=-days)

    if days > INVITATION_LIFE.days:
        with pytest.raises(WrongInvitation):
            households.inviter_of(kitchen.site, code)
        assert households.household_of(kitchen.site, kitchen.person).invitations == ()
    put_right(kitchen.site)
    kitchen.clock.passes(days=days)
    with pytest.raises(WrongInvitation):
        households.inviter_of(kitchen.site, code)


@DAYS
def test_attempts_in_the_future_lock_nobody_out_neither_now_nor_then(
    kitchen: Furnished, days: int
) -> None:
    limit = Limit("try", 3, timedelta(minutes=10))
    kitchen.clock.jumps(days=days)
    for _ in range(limit.most):
        admit(kitchen.site, (limit, "somebody"))
    kitchen.clock.jumps(days=-days)

    admit(kitchen.site, (limit, "somebody"))
    put_right(kitchen.site)
    kitchen.clock.passes(days=days)
    admit(kitchen.site, (limit, "somebody"))


def test_nobody_waits_longer_than_a_limit_lasts_and_the_skew(kitchen: Furnished) -> None:
    limit = Limit("try", 1, timedelta(minutes=10))
    admit(kitchen.site, (limit, "somebody"))
    kitchen.clock.jumps(minutes=-4)

    with pytest.raises(TooManyAttempts) as refused:
        admit(kitchen.site, (limit, "somebody"))
    assert refused.value.fields == {"wait_s": 14 * 60}


@DAYS
def test_a_session_from_the_future_is_refused_and_does_not_come_to_life(
    kitchen: Furnished, days: int
) -> None:
    before = sessions.open_session(kitchen.site, kitchen.person)
    kitchen.clock.jumps(days=days)
    ahead = sessions.open_session(kitchen.site, kitchen.person)
    assert sessions.person_of(kitchen.site, ahead) == kitchen.person
    kitchen.clock.jumps(days=-days)

    assert sessions.person_of(kitchen.site, ahead) is None
    assert len(sessions.sessions_of(kitchen.site, kitchen.person, before)) == 1
    put_right(kitchen.site)
    assert sessions.person_of(kitchen.site, before) == kitchen.person
    kitchen.clock.passes(days=days)
    assert sessions.person_of(kitchen.site, ahead) is None


@pytest.mark.parametrize("days", [5, -5, 30, -30, 730, -730])
def test_whoever_was_signed_in_still_is_when_the_clock_is_right(
    kitchen: Furnished, days: int
) -> None:
    token = sessions.open_session(kitchen.site, kitchen.person)
    kitchen.clock.jumps(days=days)
    for _ in range(3):
        sessions.person_of(kitchen.site, token)
        sessions.open_session(kitchen.site, kitchen.person)
        put_right(kitchen.site)
        kitchen.clock.passes(hours=2)
    kitchen.clock.jumps(days=-days)
    put_right(kitchen.site)

    assert sessions.person_of(kitchen.site, token) == kitchen.person


# Nothing is removed


def test_a_sign_in_two_years_ahead_removes_nothing(kitchen: Furnished) -> None:
    accounts.register(kitchen.site, "Bia", PASSWORD, HERE)
    accounts.sign_in(kitchen.site, "Bia", PASSWORD, HERE)
    admit(kitchen.site, (Limit("try", 9, timedelta(minutes=10)), "somebody"))
    households.invite(kitchen.site, kitchen.person.id, by=kitchen.actor)
    pairing_codes.new_code(kitchen.site, kitchen.person.id, long=True)
    kept = ("trail", "sessions", "attempts", "invitations", "claim_codes")
    before = {table: count(kitchen, table) for table in kept}

    kitchen.clock.jumps(days=730)
    accounts.sign_in(kitchen.site, "Bia", PASSWORD, HERE)
    households.invite(kitchen.site, kitchen.person.id, by=kitchen.actor)
    pairing_codes.new_code(kitchen.site, kitchen.person.id, long=True)
    put_right(kitchen.site)

    after = {table: count(kitchen, table) for table in kept}
    assert [table for table in kept if after[table] < before[table]] == []
    assert after["trail"] > before["trail"]


def test_the_database_itself_keeps_the_audit_log_from_a_clock_ahead(kitchen: Furnished) -> None:
    accounts.register(kitchen.site, "Bia", PASSWORD, HERE)
    kitchen.clock.jumps(days=730)
    accounts.sign_in(kitchen.site, "Bia", PASSWORD, HERE)

    old = tables.audit_log.c.at < kitchen.clock() - timedelta(days=401)
    with (
        pytest.raises(IntegrityError, match="only added to"),
        kitchen.site.database.write() as connection,
    ):
        connection.execute(delete(tables.audit_log).where(old))


def test_what_is_old_goes_although_the_clock_jumped_meanwhile(kitchen: Furnished) -> None:
    accounts.register(kitchen.site, "Bia", PASSWORD, HERE)
    kitchen.clock.jumps(days=730)
    accounts.sign_in(kitchen.site, "Bia", PASSWORD, HERE)
    kitchen.clock.jumps(days=-730)
    kitchen.clock.passes(days=401)
    accounts.sign_in(kitchen.site, "Bia", PASSWORD, HERE)

    assert count(kitchen, "trail") == 2  # that from the future, and the last


def test_a_restart_goes_on_where_the_time_was(kitchen: Furnished) -> None:
    accounts.register(kitchen.site, "Bia", PASSWORD, HERE)
    kitchen.site.lived.forget()
    kitchen.clock.jumps(days=730)
    accounts.sign_in(kitchen.site, "Bia", PASSWORD, HERE)

    assert count(kitchen, "trail") == 2


# What pages show


@pytest.mark.parametrize("days", [1, 8, 730])
def test_what_was_used_in_the_future_is_no_use_of_late(kitchen: Furnished, days: int) -> None:
    kitchen.clock.jumps(days=days)
    kitchen.report(kitchen.started(Sal=4.5))
    kitchen.clock.jumps(days=-days)

    assert history.consumption(kitchen.site, kitchen.person.id) == ()
    with kitchen.site.database.read() as connection:
        jar = pantry.levels(kitchen.site, connection, seen(kitchen))[0]
    assert (jar.percent, jar.days_left) == (96, None)


def test_a_use_on_another_servers_clock_is_of_this_week(kitchen: Furnished) -> None:
    kitchen.report(kitchen.started(Sal=4.5))
    kitchen.clock.jumps(seconds=-1)

    (use,) = history.consumption(kitchen.site, kitchen.person.id)
    assert use.weeks[-1] == 4500
