"""Each kind of alert fires once and clears, at real receivers, from both databases."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.builders import a_report, a_reported_dose, report_of
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.releases import publish
from tests.support.receivers import LOCAL, Hooks, MailBox
from yaguts.domain.alerts.choices import AlertChoices, QuietHours
from yaguts.domain.alerts.delivery import KEPT, LEASE, AlertFault, Failed
from yaguts.domain.errors import Unavailable
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Job, JobState
from yaguts.domain.people import Person
from yaguts.domain.units import Milligrams
from yaguts.services.alerts import kinds, targets
from yaguts.services.alerts.delivery import deliver
from yaguts.services.alerts.look import look, sweep
from yaguts.services.delivery.expiry import sweep as expire
from yaguts.services.dispensers.updates import publishing
from yaguts.services.jobs import orders
from yaguts.services.people import administration, households
from yaguts.services.runtime.files.last_backup import note, note_file
from yaguts.storage import alert_targets, dispensers, ledger
from yaguts.storage import people as people_rows
from yaguts_wire import words as w


def add(kitchen: Furnished, hook: Hooks, person: Person | None = None) -> int:
    """Have the alerts of a person go to a webhook."""
    return targets.add(kitchen.site, person or kitchen.person, hook.address, "pt_BR").target.id


def passes(kitchen: Furnished, **time: float) -> int:
    """Let time pass, look, and deliver."""
    kitchen.clock.passes(**time)
    kitchen.site.alerting.time_to_look(kitchen.clock())
    look(kitchen.site)
    return deliver(kitchen.site)


def heard(kitchen: Furnished) -> None:
    """Have the board call."""
    with kitchen.site.database.write() as connection:
        dispensers.seen(connection, kitchen.dispenser_id, kitchen.clock())


def filled(kitchen: Furnished, jar: int, grams: float) -> None:
    with kitchen.site.database.write() as connection:
        amount = Milligrams(round(grams * 1000))
        ledger.correct(connection, kitchen.dispenser_id, jar, amount, kitchen.clock())


def backed_up(kitchen: Furnished, ago: timedelta) -> None:
    file = note_file(kitchen.site.settings)
    assert file is not None
    note(kitchen.site.settings, file.parent, kitchen.clock() - ago)


def failing(kitchen: Furnished) -> Job:
    """A job of which one dose failed."""
    job = kitchen.started(Sal=4.0, Pimenta=3.0)
    good, bad = (a_reported_dose(dose) for dose in job.doses)
    bad = replace(bad, done=False, error=w.NO_FLOW, fell_at_most_mg=Milligrams(0))
    after = kitchen.report(job, report_of(good, bad), job.key)
    assert after is not None
    assert after.state == JobState.DONE_PARTIAL
    return after


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def disk(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The disk's free bytes, which a test sets."""
    room = {"free": 400 * 10**9}
    monkeypatch.setattr(kinds, "disk_usage", lambda _folder: Disk(500 * 10**9, 0, room["free"]))
    return room


@pytest.fixture(autouse=True)
def well(kitchen: Furnished) -> None:
    """Nothing is in trouble."""
    heard(kitchen)
    backed_up(kitchen, timedelta())
    kitchen.site.alerting.time_to_look(kitchen.clock())


def test_a_silent_dispenser_is_told_of_once_and_is_well_again(
    kitchen: Furnished, hook: Hooks
) -> None:
    add(kitchen, hook)
    assert passes(kitchen, minutes=14) == 0
    assert passes(kitchen, minutes=1) == 1
    assert passes(kitchen, hours=1) == 0
    heard(kitchen)
    assert passes(kitchen, minutes=1) == 1
    assert passes(kitchen, minutes=1) == 0

    subject = f"dispenser {kitchen.dispenser_id}"
    assert hook.told() == [
        ("dispenser_silent", "trouble", subject),
        ("dispenser_silent", "well", subject),
    ]


def test_a_server_that_was_off_does_not_call_its_dispensers_silent(
    kitchen: Furnished, hook: Hooks
) -> None:
    add(kitchen, hook)
    kitchen.clock.passes(hours=5)  # nobody looked meanwhile: the process began now
    again = replace(kitchen.site, alerting=type(kitchen.site.alerting)())
    again.alerting.time_to_look(kitchen.clock())
    look(again)
    assert deliver(kitchen.site) == 0


def test_a_server_that_starts_again_takes_nothing_for_well(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    assert passes(kitchen, minutes=20) == 1
    again = replace(kitchen.site, alerting=type(kitchen.site.alerting)())
    again.alerting.time_to_look(kitchen.clock())
    look(again)
    assert deliver(kitchen.site) == 0
    with kitchen.site.database.write() as connection:
        dispensers.unpair(connection, kitchen.dispenser_id)
    look(kitchen.site)
    assert deliver(kitchen.site) == 0


def test_a_clock_that_jumps_makes_no_dispenser_silent(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    assert passes(kitchen, minutes=1) == 0
    kitchen.clock.jumps(hours=8)
    backed_up(kitchen, timedelta())
    assert passes(kitchen, minutes=1) == 0
    assert passes(kitchen, minutes=20) == 1


def test_a_job_that_ends_badly_is_told_of_and_is_well_when_the_rest_is_done(
    kitchen: Furnished, box: MailBox
) -> None:
    targets.add(kitchen.site, kitchen.person, box.address, "pt_BR")
    job = failing(kitchen)
    assert deliver(kitchen.site) == 1
    retried = orders.order_missing(kitchen.site, kitchen.person.kitchen_id, job.id, kitchen.actor)
    started = kitchen.job(retried.id)
    kitchen.report(started, a_report(started), started.key)
    assert deliver(kitchen.site) == 1

    assert box.subjects() == [
        f"Pedido {job.id} saiu só em parte: Arroz",
        f"Pedido {job.id} completo: Arroz",
    ]
    assert "Em Dispensador 1. Veja a tigela antes de fazer outro pedido." in box.texts()[0]
    assert "31/01/2026 18:00" in box.texts()[0]


def test_a_job_that_expires_is_told_of_and_a_late_report_makes_it_well(
    kitchen: Furnished, hook: Hooks
) -> None:
    add(kitchen, hook)
    job = kitchen.order()
    kitchen.clock.passes(minutes=11)
    expire(kitchen.site)
    assert deliver(kitchen.site) == 1
    kitchen.report(kitchen.job(job.id), a_report(job), job.key)
    assert deliver(kitchen.site) == 1

    assert hook.told() == [
        ("job_failed", "trouble", f"job {job.id}"),
        ("job_failed", "well", f"job {job.id}"),
    ]
    assert hook.received[0].told["fatos"]["failure"] == "expired"


def test_a_job_that_somebody_cancels_is_not_told_of(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    job = kitchen.order()
    orders.cancel(kitchen.site, kitchen.person.kitchen_id, job.id, kitchen.actor)
    assert deliver(kitchen.site) == 0


def test_a_low_jar_is_told_of_again_when_it_is_empty(kitchen: Furnished, box: MailBox) -> None:
    targets.add(kitchen.site, kitchen.person, box.address, "en")
    for grams, messages in ((90, 0), (15, 1), (12, 0), (0, 1), (0, 0), (80, 1), (80, 0)):
        filled(kitchen, 2, grams)
        heard(kitchen)
        assert passes(kitchen, minutes=1) == messages, grams

    assert box.subjects() == ["Low: Pimenta", "Empty: Pimenta", "Refilled: jar 2"]
    assert "There are 15.0 g left in jar 2 of Dispenser 1." in box.texts()[0]


def test_a_backup_that_is_too_old_and_a_new_one(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    backed_up(kitchen, timedelta(hours=51))
    assert passes(kitchen) == 1
    backed_up(kitchen, timedelta(hours=1))
    assert passes(kitchen) == 1
    assert hook.told() == [("backup_old", "trouble", "server"), ("backup_old", "well", "server")]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"at": 7}', '{"at": "2026-01-31"}', "{"])
def test_a_note_about_a_backup_that_says_nothing_is_none(
    kitchen: Furnished, hook: Hooks, text: str
) -> None:
    add(kitchen, hook)
    file = note_file(kitchen.site.settings)
    assert file is not None
    file.write_text(text)
    assert passes(kitchen) == 1


def test_a_disk_that_is_nearly_full_until_there_is_clearly_room(
    kitchen: Furnished, hook: Hooks, disk: dict[str, int]
) -> None:
    add(kitchen, hook)
    for gigabytes, messages in ((6, 0), (4, 1), (4, 0), (6, 0), (4, 0), (7, 1), (6, 0)):
        disk["free"] = gigabytes * 10**9
        assert passes(kitchen) == messages, gigabytes
    assert hook.told() == [("disk_full", "trouble", "server"), ("disk_full", "well", "server")]


def test_a_release_that_is_halted_and_goes_on(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    publish(kitchen, number=2)
    publishing.halt(kitchen.site, 2)
    assert passes(kitchen) == 1
    publishing.resume(kitchen.site, 2)
    assert passes(kitchen) == 1
    told = [("release_halted", "trouble", "release 2"), ("release_halted", "well", "release 2")]
    assert hook.told() == told


def another(kitchen: Furnished, name: str) -> Person:
    with kitchen.site.database.write() as connection:
        person = people_rows.add(connection, name, "a hash", kitchen.clock())
        dispensers.add(connection, KitchenId(person.id), default=True)
    return person


def joined(kitchen: Furnished, name: str) -> Person:
    person = another(kitchen, name)
    code = households.invite(kitchen.site, kitchen.person.kitchen_id, kitchen.actor).code
    households.join(kitchen.site, person, code, replace(kitchen.actor, person_id=person.id))
    with kitchen.site.database.read() as connection:
        return people_rows.find(connection, person.id)


def test_only_the_operator_hears_of_the_server_and_only_the_household_of_its_kitchen(
    kitchen: Furnished, hook: Hooks, disk: dict[str, int]
) -> None:
    member, stranger = joined(kitchen, "Bia"), another(kitchen, "Caio")
    add(kitchen, hook, member)
    add(kitchen, hook, stranger)
    disk["free"] = 0
    failing(kitchen)
    assert passes(kitchen, minutes=20) == 2  # the job and the silent dispenser, for Bia
    assert {kind for kind, _, _ in hook.told()} == {"job_failed", "dispenser_silent"}


def test_whoever_leaves_hears_no_more_of_that_kitchen(kitchen: Furnished, hook: Hooks) -> None:
    member = joined(kitchen, "Bia")
    add(kitchen, hook, member)
    assert passes(kitchen, minutes=20) == 1
    households.leave(kitchen.site, member, replace(kitchen.actor, person_id=member.id))
    heard(kitchen)
    assert passes(kitchen, minutes=1) == 0
    failing(kitchen)
    assert deliver(kitchen.site) == 0


def test_a_disabled_account_is_told_nothing(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    administration.disable(kitchen.site, kitchen.person)
    assert passes(kitchen, minutes=20) == 0
    administration.enable(kitchen.site, kitchen.person)
    assert passes(kitchen) == 1
    assert hook.told()[0][:2] == ("dispenser_silent", "trouble")


def leaves(kitchen: Furnished, member: Person) -> None:
    households.leave(kitchen.site, member, replace(kitchen.actor, person_id=member.id))


def is_sent_away(kitchen: Furnished, _member: Person) -> None:
    here = kitchen.site, kitchen.person.kitchen_id
    [membership] = households.household_of(kitchen.site, kitchen.person).members
    households.remove_member(*here, membership.id, kitchen.actor)


def loses_the_kitchen(kitchen: Furnished, _member: Person) -> None:
    administration.forget(kitchen.site, kitchen.person)


@pytest.mark.parametrize("goes", [leaves, is_sent_away, loses_the_kitchen])
def test_what_waits_for_a_former_member_is_not_sent(
    kitchen: Furnished, hook: Hooks, goes: Callable[[Furnished, Person], None]
) -> None:
    member = joined(kitchen, "Bia")
    target = add(kitchen, hook, member)
    failing(kitchen)
    targets.test(kitchen.site, member, target)
    goes(kitchen, member)
    assert deliver(kitchen.site) == 1
    assert [event for _, event, _ in hook.told()] == ["test"]


def test_whoever_left_is_not_told_that_an_order_is_well(kitchen: Furnished, hook: Hooks) -> None:
    member = joined(kitchen, "Bia")
    add(kitchen, hook, member)
    job = failing(kitchen)
    assert deliver(kitchen.site) == 1
    leaves(kitchen, member)
    missing = orders.order_missing(kitchen.site, kitchen.person.kitchen_id, job.id, kitchen.actor)
    retried = kitchen.job(missing.id)
    kitchen.report(retried, a_report(retried), retried.key)
    assert deliver(kitchen.site) == 0


def test_what_waits_for_a_disabled_account_waits_on(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    failing(kitchen)
    administration.disable(kitchen.site, kitchen.person)
    assert deliver(kitchen.site) == 0
    administration.enable(kitchen.site, kitchen.person)
    assert deliver(kitchen.site) == 1


def test_whoever_is_disabled_meanwhile_gets_no_second_message(
    kitchen: Furnished, hook: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(kitchen, hook)
    failing(kitchen)
    failing(kitchen)
    send = kitchen.site.alerting.child.send

    def sent(request: Mapping[str, object]) -> Failed | None:
        administration.disable(kitchen.site, kitchen.person)
        return send(request)

    monkeypatch.setattr(kitchen.site.alerting.child, "send", sent)
    assert deliver(kitchen.site) == 1


def test_a_kind_that_is_not_wanted_is_not_sent(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    targets.choose(kitchen.site, kitchen.person, AlertChoices({"job_failed": False}))
    failing(kitchen)
    assert passes(kitchen, minutes=20) == 1
    assert hook.told()[0][0] == "dispenser_silent"
    targets.choose(kitchen.site, kitchen.person, AlertChoices({"dispenser_silent": False}))
    heard(kitchen)
    assert passes(kitchen, minutes=1) == 0, "no word of what is no longer wanted"


def test_the_minutes_of_silence_are_the_persons(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    targets.choose(kitchen.site, kitchen.person, AlertChoices(silent_min=60))
    assert passes(kitchen, minutes=59) == 0
    assert passes(kitchen, minutes=1) == 1


def test_nothing_is_sent_in_quiet_hours_but_a_test(kitchen: Furnished, hook: Hooks) -> None:
    """The clock says 18:00 UTC, which is 15:00 in São Paulo."""
    target = add(kitchen, hook)
    zone = "America/Sao_Paulo"
    quiet = AlertChoices(quiet=QuietHours(15 * 60, 16 * 60, zone), zone=zone)
    targets.choose(kitchen.site, kitchen.person, quiet)
    failing(kitchen)
    assert passes(kitchen, minutes=59) == 0
    targets.test(kitchen.site, kitchen.person, target)
    assert deliver(kitchen.site) == 1
    assert [event for _, event, _ in hook.told()] == ["test"]
    assert passes(kitchen, minutes=1) == 2


def test_a_receiver_that_is_down_is_tried_again_ever_more_rarely(
    kitchen: Furnished, hook: Hooks
) -> None:
    add(kitchen, hook)
    hook.status = 503
    failing(kitchen)
    tried: list[int] = []
    for second in range(0, 3600, 15):
        if passes(kitchen, seconds=15) or len(hook.received) > len(tried):
            tried.append(second)
        heard(kitchen)
    waits = [after - before for before, after in pairwise(tried)]
    assert waits == [30, 60, 120, 240, 480, 900, 900]
    (target,) = targets.settings_of(kitchen.site, kitchen.person).targets
    assert (target.fault, target.detail, target.waiting) == (AlertFault.REFUSED, "HTTP 503", 1)

    hook.status = 200
    taken = 0
    for _ in range(2):
        heard(kitchen)
        taken += passes(kitchen, minutes=8)
    assert taken == 1
    assert len({one.headers["Yaguts-Id"] for one in hook.received}) == 1
    (target,) = targets.settings_of(kitchen.site, kitchen.person).targets
    assert (target.fault, target.waiting, target.detail) == (None, 0, "")
    assert target.sent_at is not None


def test_what_was_not_taken_for_a_week_is_given_up(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    hook.status = 500
    failing(kitchen)
    targets.choose(
        kitchen.site,
        kitchen.person,
        AlertChoices(dict.fromkeys(("dispenser_silent", "backup_old"), False)),
    )
    for _ in range(int(KEPT / timedelta(hours=1)) + 3):
        passes(kitchen, hours=1)
    (target,) = targets.settings_of(kitchen.site, kitchen.person).targets
    assert (target.fault, target.waiting) == (AlertFault.GIVEN_UP, 0)


def test_a_leased_target_is_sent_to_by_nobody_else_until_the_lease_ends(
    kitchen: Furnished, hook: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed between sending and noting it: the message is sent twice."""
    add(kitchen, hook)
    failing(kitchen)

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("yaguts.storage.alert_outbox.delivered", kill)
        deliver(kitchen.site)
    assert len(hook.received) == 1
    assert deliver(kitchen.site) == 0
    kitchen.clock.passes(seconds=LEASE.total_seconds())
    assert deliver(kitchen.site) == 1
    first, second = hook.received
    assert first.headers["Yaguts-Id"] == second.headers["Yaguts-Id"]


def test_a_secret_key_that_has_changed_is_told(kitchen: Furnished, hook: Hooks) -> None:
    target = add(kitchen, hook)
    other = replace(kitchen.site, settings=replace(kitchen.site.settings, secret_key="another"))
    targets.test(other, kitchen.person, target)
    assert deliver(other) == 0
    (shown,) = targets.settings_of(kitchen.site, kitchen.person).targets
    assert shown.fault == AlertFault.UNREADABLE


def test_no_row_holds_the_address(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    with kitchen.site.database.read() as connection:
        shown = alert_targets.of(connection, kitchen.person.id)
        rows: Any = connection.exec_driver_sql("SELECT * FROM alert_targets").all()
    assert "/hook" not in repr(rows) + repr(shown)


def test_a_sweep_looks_and_delivers_in_a_thread(kitchen: Furnished, hook: Hooks) -> None:
    add(kitchen, hook)
    kitchen.clock.passes(minutes=20)
    sweep(kitchen.site)
    thread = kitchen.site.alerting.thread
    assert thread is not None
    thread.join()
    assert len(hook.received) == 1


def test_two_processes_send_each_message_once(
    kitchen: Furnished, home: Household, hook: Hooks, tmp_path: Path, database_url: str
) -> None:
    for _ in range(3):
        add(kitchen, hook)
    for _ in range(5):
        failing(kitchen)
    other = Household(
        tmp_path, migrated=True, database_url=database_url, alert_private_targets=LOCAL
    )
    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(deliver, (home.site, other.site)))
    other.close()

    assert sum(taken) == len(hook.received) == 15
    assert len({one.headers["Yaguts-Id"] for one in hook.received}) == 15


def test_the_happening_and_its_message_are_one_transaction(
    kitchen: Furnished, hook: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(kitchen, hook)
    job = kitchen.started(Sal=4.0)

    def fails(*_: object, **__: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patched, pytest.raises(Unavailable):
        patched.setattr("yaguts.storage.alert_outbox.add", fails)
        kitchen.report(job, report_of(a_reported_dose(job.doses[0], done=False)), job.key)
    assert not kitchen.job(job.id).reported
    assert deliver(kitchen.site) == 0
