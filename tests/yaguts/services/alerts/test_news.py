"""What an open page tells: orders that have just ended, and what is in trouble, each in words."""

from dataclasses import replace

import pytest

from tests.support.builders import a_report, a_reported_dose, report_of
from tests.support.kitchen.furnished import Furnished, a_log
from yaguts.domain.units import Milligrams, Milliseconds
from yaguts.services.alerts.news import in_trouble, just_ended
from yaguts.services.jobs import calibration, orders
from yaguts.storage import dispensers, ledger
from yaguts_wire import words as w


def told(kitchen: Furnished) -> list[tuple[str, str, str]]:
    """Key, title and page of each."""
    site, person = kitchen.site, kitchen.person
    found = (*just_ended(site, person.kitchen_id), *in_trouble(site, person))
    written = [(one.uid, site.alerting.write(one, "en", "UTC")) for one in found]
    return [(uid, said.title, said.page) for uid, said in written]


def filled(kitchen: Furnished, grams: float) -> None:
    with kitchen.site.database.write() as connection:
        amount = Milligrams(round(grams * 1000))
        ledger.correct(connection, kitchen.dispenser_id, 2, amount, kitchen.clock())


@pytest.fixture(autouse=True)
def heard(kitchen: Furnished) -> None:
    with kitchen.site.database.write() as connection:
        dispensers.seen(connection, kitchen.dispenser_id, kitchen.clock())


def test_orders_are_told_for_ten_minutes_the_latest_first(kitchen: Furnished) -> None:
    assert told(kitchen) == []
    done, failed = kitchen.started(Sal=4.0), None
    kitchen.report(done, a_report(done), done.key)
    failed = kitchen.started(Sal=4.0)
    nothing = replace(
        a_reported_dose(failed.doses[0], done=False), error=w.NO_FLOW, fell_at_most_mg=Milligrams(0)
    )
    kitchen.report(failed, report_of(nothing), failed.key)
    partly = kitchen.started(Sal=4.0, Pimenta=3.0)
    good, bad = (a_reported_dose(dose) for dose in partly.doses)
    kitchen.report(partly, report_of(good, replace(bad, done=False)), partly.key)
    cancelled = kitchen.order()
    orders.cancel(kitchen.site, kitchen.person.kitchen_id, cancelled.id, kitchen.actor)

    assert told(kitchen) == [
        (f"job {partly.id} done_partial", f"Order {partly.id} was only partly dispensed: Arroz",
         f"/app/jobs/{partly.id}"),
        (f"job {failed.id} failed", f"Order {failed.id} failed: Arroz", f"/app/jobs/{failed.id}"),
        (f"job {done.id} done", f"Order {done.id} done: Arroz", f"/app/jobs/{done.id}"),
    ]  # fmt: skip
    kitchen.clock.passes(minutes=10)
    assert told(kitchen) == []


def test_doses_for_calibration_hide_no_order(kitchen: Furnished) -> None:
    done = kitchen.started(Sal=4.0)
    kitchen.report(done, a_report(done), done.key)
    [before] = told(kitchen)
    for _ in range(25):
        where = kitchen.site, kitchen.person.kitchen_id
        calibration.order_run(*where, kitchen.dispenser_id, 1, Milliseconds(1000), kitchen.actor)
        job = kitchen.board().get("/devices/me/next_job").json()
        kitchen.board().post(f"/devices/me/jobs/{job['id']}/complete", json=a_log(job))
        calibration.put_aside(*where, job["id"])
    assert told(kitchen) == [before]


def test_a_jar_is_told_when_it_is_low_and_when_it_is_empty(kitchen: Furnished) -> None:
    page = f"/app/dispensers/{kitchen.dispenser_id}/jars/2"
    jar = f"jar {kitchen.dispenser_id}.2 jar_low"
    for grams, news in (
        (90, []),
        (12, [(f"{jar} 0", "Low: Pimenta", page)]),
        (0, [(f"{jar} 1", "Empty: Pimenta", page)]),
        (80, []),
    ):
        filled(kitchen, grams)
        assert told(kitchen) == news


def test_a_dispenser_is_gone_after_the_minutes_that_the_person_chose(kitchen: Furnished) -> None:
    """A process that looks for nobody knows since when it listens, too."""
    assert told(kitchen) == []
    kitchen.clock.passes(minutes=14)
    assert told(kitchen) == []
    kitchen.clock.passes(minutes=1)
    number = kitchen.dispenser_id
    gone = (f"dispenser {number} dispenser_silent 0", "Dispenser 1: offline")
    assert told(kitchen) == [(*gone, f"/app/dispensers/{number}")]
    heard_again = kitchen.clock()
    with kitchen.site.database.write() as connection:
        dispensers.seen(connection, number, heard_again)
    assert told(kitchen) == []
