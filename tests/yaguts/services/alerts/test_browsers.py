"""Alerts to browsers: encrypted for one, signed by us, replaced, given up, and ended."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.support.builders import a_report, a_reported_dose, report_of
from tests.support.databases import POSTGRESQL
from tests.support.kitchen.furnished import Furnished
from tests.support.processes.kitchen import eventually
from tests.support.push_service import Browser, PushService, b64, push_service
from yaguts.domain.alerts.choices import AlertChoices
from yaguts.domain.alerts.delivery import MOST_TARGETS, AlertFault, AlertTarget
from yaguts.domain.alerts.kinds import AlertEvent, AlertFacts, AlertKind, AlertMessage
from yaguts.domain.alerts.trouble import SERVER
from yaguts.domain.errors import BadTarget, NotFound, NotSignedIn, TooManyTargets
from yaguts.services.alerts import browsers, targets
from yaguts.services.alerts.browsers import GivenBrowser
from yaguts.services.alerts.delivery import deliver
from yaguts.services.alerts.request import request
from yaguts.services.alerts.sealing import TargetSecret
from yaguts.services.alerts.vapid import private_key, public_key
from yaguts.services.jobs import orders
from yaguts.services.people import accounts, administration, sessions
from yaguts.services.runtime.alerting.child import Child
from yaguts.services.runtime.alerting.webhook import seconds_asked
from yaguts.services.runtime.files.secret_key import with_secret_key
from yaguts.services.runtime.tokens import token_hash
from yaguts.storage import alert_browsers
from yaguts.storage import sessions as session_rows

HERE = "the token of this session"
WAITING = text("SELECT 1 FROM pg_locks WHERE NOT granted")
"""Whether anybody waits for another transaction to end."""
ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Generator[PushService]:
    with push_service(tmp_path_factory.mktemp("push")) as service:
        yield service


@pytest.fixture(scope="module")
def child(services: PushService) -> Generator[Child]:
    """One that trusts the push service's authority."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SSL_CERT_FILE", str(services.authority))
        child = Child()
        yield child
        child.close()


@pytest.fixture
def service(services: PushService) -> PushService:
    services.pushed.clear()
    services.status, services.headers = 201, {}
    return services


def given(browser: Browser, session: str = HERE) -> GivenBrowser:
    form = browser.form
    keys = form["endpoint"], form["p256dh"], form["auth"]
    return GivenBrowser(*keys, ANDROID, "pt_BR", session, "http://yaguts.local:8000/yaguts")


def allow(
    kitchen: Furnished, browser: Browser, session: str = HERE, before: str = ""
) -> AlertTarget:
    """Allow alerts in a browser, in a session that is there."""
    hashed = token_hash(session)
    with kitchen.site.database.write() as connection:
        if not session_rows.hold(connection, hashed):
            session_rows.add(connection, hashed, kitchen.person.id, kitchen.clock())
    return browsers.allow(kitchen.site, kitchen.person, given(browser, session), before)


def done(kitchen: Furnished) -> int:
    """Have a job done, and return its number."""
    job = kitchen.started(Sal=4.0)
    kitchen.report(job, a_report(job), job.key)
    return job.id


def targets_of(kitchen: Furnished) -> tuple[AlertTarget, ...]:
    return targets.settings_of(kitchen.site, kitchen.person).targets


def test_what_is_sent_is_encrypted_for_one_browser_and_signed_by_us(
    kitchen: Furnished, service: PushService
) -> None:
    browser = service.browser()
    target = allow(kitchen, browser)
    assert (target.shown, target.browser, target.signed) == ("Firefox, Android", True, False)
    job = done(kitchen)
    assert deliver(kitchen.site) == 1

    (got,) = service.pushed
    assert got.path == "/push/one"
    claims = got.claims(public_key(kitchen.site))
    now = int(kitchen.clock().timestamp())
    assert claims["aud"] == service.origin
    assert claims["sub"] == "https://yaguts.local"
    assert now < claims["exp"] <= now + 86_400
    assert got.headers["Content-Encoding"] == "aes128gcm"
    assert (got.headers["TTL"], got.headers["Urgency"]) == ("3600", "high")
    told = browser.decrypted(got.body)
    topic = got.headers["Topic"]
    assert told == {
        "title": f"Pedido {job} pronto: Arroz",
        "text": "Saiu tudo, em Dispensador 1.",
        "tag": topic,
        "page": f"/app/jobs/{job}",
        "at": now * 1000,
    }
    assert len(topic) == 32
    assert str(job) != topic


def test_a_newer_message_about_the_same_has_the_topic_of_the_older(
    kitchen: Furnished, service: PushService
) -> None:
    browser = service.browser()
    allow(kitchen, browser)
    job = kitchen.started(Sal=4.0, Pimenta=3.0)
    good, bad = (a_reported_dose(dose) for dose in job.doses)
    kitchen.report(job, report_of(good, replace(bad, done=False)), job.key)
    assert deliver(kitchen.site) == 1
    other = done(kitchen)
    assert deliver(kitchen.site) == 1
    missing = orders.order_missing(kitchen.site, kitchen.person.kitchen_id, job.id, kitchen.actor)
    retried = kitchen.job(missing.id)
    kitchen.report(retried, a_report(retried), retried.key)
    assert deliver(kitchen.site) == 1, "the browser is told once that the rest is there"

    partly, another, complete = service.pushed
    titles = [browser.decrypted(one.body)["title"] for one in service.pushed]
    assert titles == [
        f"Pedido {job.id} saiu só em parte: Arroz",
        f"Pedido {other} pronto: Arroz",
        f"Pedido {job.id} completo: Arroz",
    ]
    assert partly.headers["Topic"] == complete.headers["Topic"] != another.headers["Topic"]


def test_two_troubles_of_the_server_do_not_replace_each_other(kitchen: Furnished) -> None:
    now = kitchen.clock()
    secret = TargetSecret("https://push.example/1", "", "point", "secret", "https://k.example")

    def topic(kind: AlertKind, facts: AlertFacts) -> object:
        message = AlertMessage(0, kind, kind, AlertEvent.TROUBLE, SERVER, facts, now)
        asked = request(kitchen.site, message, secret, "en", "UTC")
        assert asked is not None
        return asked["browser"]["topic"]  # type: ignore[index]

    backup = topic(AlertKind.BACKUP_OLD, {"last": 1})
    assert backup != topic(AlertKind.DISK_FULL, {"free_mb": 1, "total_mb": 2})
    assert backup == topic(AlertKind.BACKUP_OLD, {"last": None})


def test_only_browsers_are_told_that_all_went_well(kitchen: Furnished) -> None:
    targets.add(kitchen.site, kitchen.person, "https://hooks.example/x", "pt_BR")
    done(kitchen)
    assert [target.waiting for target in targets_of(kitchen)] == [0]


def test_a_browser_is_not_told_what_is_not_wanted(kitchen: Furnished, service: PushService) -> None:
    allow(kitchen, service.browser())
    targets.choose(kitchen.site, kitchen.person, AlertChoices({"job_done": False}))
    done(kitchen)
    assert deliver(kitchen.site) == 0


def test_what_is_of_no_use_any_more_is_not_sent(kitchen: Furnished, service: PushService) -> None:
    """The push service keeps a message for as long as it is of use from now on."""
    allow(kitchen, service.browser())
    service.status = 503
    done(kitchen)
    deliver(kitchen.site)
    kitchen.clock.passes(minutes=20)
    deliver(kitchen.site)
    assert [one.headers["TTL"] for one in service.pushed] == ["3600", "2400"]
    kitchen.clock.passes(minutes=41)
    deliver(kitchen.site)
    assert len(service.pushed) == 2
    (target,) = targets_of(kitchen)
    assert (target.waiting, target.sent_at) == (0, None)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_removed(
    kitchen: Furnished, service: PushService, status: int
) -> None:
    allow(kitchen, service.browser())
    service.status = status
    done(kitchen)
    assert deliver(kitchen.site) == 0
    assert targets_of(kitchen) == ()
    assert deliver(kitchen.site) == 0
    assert len(service.pushed) == 1


def test_a_push_service_that_asks_to_wait_is_left_alone_for_so_long(
    kitchen: Furnished, service: PushService
) -> None:
    allow(kitchen, service.browser())
    service.status, service.headers = 429, {"Retry-After": "1800"}
    done(kitchen)
    deliver(kitchen.site)
    kitchen.clock.passes(seconds=1799)
    assert deliver(kitchen.site) == 0
    assert len(service.pushed) == 1
    (target,) = targets_of(kitchen)
    assert (target.fault, target.detail) == (AlertFault.REFUSED, "HTTP 429")
    service.status = 201
    kitchen.clock.passes(seconds=1)
    assert deliver(kitchen.site) == 1


@pytest.mark.parametrize(
    ("retry_after", "date", "seconds"),
    [
        ("", "", 0), ("120", "", 120), ("9" * 40, "", 999_999_999), ("-5", "", 0), ("soon", "", 0),
        ("Sat, 31 Jan 2026 18:05:00 GMT", "Sat, 31 Jan 2026 18:00:00 GMT", 300),
        ("Sat, 31 Jan 2026 17:05:00 GMT", "Sat, 31 Jan 2026 18:00:00 GMT", 0),
        ("Sat, 31 Jan 2026 18:05:00 GMT", "", 0),
    ],
)  # fmt: skip
def test_for_how_long_a_receiver_asks(retry_after: str, date: str, seconds: int) -> None:
    assert seconds_asked(retry_after, date) == seconds


def test_a_private_push_service_is_not_reached_unless_the_operator_allows_it(
    kitchen: Furnished, service: PushService
) -> None:
    allow(kitchen, service.browser())
    settings = replace(kitchen.site.settings, alert_private_targets=())
    done(kitchen)
    assert deliver(replace(kitchen.site, settings=settings)) == 0
    assert service.pushed == []
    (target,) = targets_of(kitchen)
    assert target.fault == AlertFault.PRIVATE


def test_keys_that_are_no_point_of_the_curve_are_refused(
    kitchen: Furnished, service: PushService
) -> None:
    nowhere = replace(given(service.browser()), p256dh=b64(b"\4" + b"\1" * 64))
    with pytest.raises(BadTarget):
        browsers.allow(kitchen.site, kitchen.person, nowhere)


def test_there_are_at_most_so_many_and_each_browser_counts_once(
    kitchen: Furnished, service: PushService
) -> None:
    for number in range(MOST_TARGETS):
        allow(kitchen, service.browser(str(number)), f"session {number}")
        allow(kitchen, service.browser(str(number)), f"session {number}")
    with pytest.raises(TooManyTargets):
        allow(kitchen, service.browser("one more"))
    assert len(targets_of(kitchen)) == MOST_TARGETS


def test_a_browser_has_one_address_and_may_move(kitchen: Furnished, service: PushService) -> None:
    first, second, third = (service.browser(name) for name in "abc")
    allow(kitchen, first)
    kept = allow(kitchen, second)
    assert [target.id for target in targets_of(kitchen)] == [kept.id]
    moved = allow(kitchen, third, "x", second.endpoint)
    assert [target.id for target in targets_of(kitchen)] == [moved.id]
    with pytest.raises(NotFound):
        allow(kitchen, first, "x", second.endpoint)


def signed_in(kitchen: Furnished, browser: Browser) -> str:
    token = sessions.open_session(kitchen.site, kitchen.person)
    allow(kitchen, browser, token)
    return token


def test_alerts_end_with_the_session(kitchen: Furnished, service: PushService) -> None:
    here = signed_in(kitchen, service.browser("here"))
    there = signed_in(kitchen, service.browser("there"))
    assert browsers.this_browser(kitchen.site, here) == targets_of(kitchen)[0].id
    sessions.close_session(kitchen.site, there)
    assert len(targets_of(kitchen)) == 1

    signed_in(kitchen, service.browser("there"))
    sessions.close_others(kitchen.site, kitchen.person, here, kitchen.actor)
    assert [target.id for target in targets_of(kitchen)] == [
        browsers.this_browser(kitchen.site, here)
    ]
    administration.disable(kitchen.site, kitchen.person)
    assert targets_of(kitchen) == ()


def test_nothing_that_waits_is_sent_after_a_sign_out(
    kitchen: Furnished, service: PushService
) -> None:
    here = signed_in(kitchen, service.browser())
    done(kitchen)
    sessions.close_session(kitchen.site, here)
    assert deliver(kitchen.site) == 0
    assert service.pushed == []


def test_a_browser_whose_session_has_ended_is_not_allowed(
    kitchen: Furnished, service: PushService
) -> None:
    here = signed_in(kitchen, service.browser())
    sessions.close_session(kitchen.site, here)
    with pytest.raises(NotSignedIn):
        browsers.allow(kitchen.site, kitchen.person, given(service.browser(), here))
    assert targets_of(kitchen) == ()


def ends_here(kitchen: Furnished, session: str) -> None:
    sessions.close_session(kitchen.site, session)


def ends_elsewhere(kitchen: Furnished, _session: str) -> None:
    sessions.close_others(kitchen.site, kitchen.person, "another", kitchen.actor)


def ends_with_the_account(kitchen: Furnished, _session: str) -> None:
    administration.disable(kitchen.site, kitchen.person)


def goes_to_somebody_else(kitchen: Furnished, session: str) -> None:
    other = accounts.register(kitchen.site, "Bia", "a word that nobody guesses", "192.0.2.1")
    sessions.open_session(kitchen.site, other, session)


@pytest.mark.parametrize(
    "ends", [ends_here, ends_elsewhere, ends_with_the_account, goes_to_somebody_else]
)
def test_a_session_that_ends_while_its_browser_is_allowed(
    kitchen: Furnished,
    service: PushService,
    monkeypatch: pytest.MonkeyPatch,
    ends: Callable[[Furnished, str], None],
) -> None:
    here = sessions.open_session(kitchen.site, kitchen.person)
    add, ending = alert_browsers.add, list[Future[None]]()
    with ThreadPoolExecutor(1) as pool:

        def added(connection: Connection, *which: Any) -> None:
            add(connection, *which)
            ending.append(pool.submit(ends, kitchen, here))
            if connection.dialect.name == POSTGRESQL:
                eventually(lambda: connection.execute(WAITING).first())

        monkeypatch.setattr(alert_browsers, "add", added)
        allow(kitchen, service.browser(), here)
        ending[0].result()
    assert targets_of(kitchen) == ()


def test_alerts_go_on_in_the_next_session_of_the_same_person(
    kitchen: Furnished, service: PushService
) -> None:
    before = signed_in(kitchen, service.browser())
    after = sessions.open_session(kitchen.site, kitchen.person, before)
    assert browsers.this_browser(kitchen.site, after)
    kitchen.clock.passes(days=sessions.LONGEST_LIFE / timedelta(days=1) + 1)
    again = sessions.open_session(kitchen.site, kitchen.person)
    assert len(targets_of(kitchen)) == 1, "whoever does not look in is told all the same"
    other = accounts.register(kitchen.site, "Bia", "a word that nobody guesses", "192.0.2.1")
    assert browsers.this_browser(kitchen.site, again) is None
    sessions.open_session(kitchen.site, other, after)
    assert targets_of(kitchen) == (), "somebody else signed in there"


def test_the_keys_are_those_of_the_secret_key(kitchen: Furnished, tmp_path: Path) -> None:
    settings = kitchen.site.settings
    file = replace(settings, database_url=f"sqlite:///{tmp_path / 'x.db'}", secret_key="")
    first, second = (with_secret_key(file, kitchen.site.randomness) for _ in range(2))
    sites = [replace(kitchen.site, settings=each) for each in (settings, first, second)]
    mine, one, same = (public_key(site) for site in sites)

    assert mine != one == same
    assert len(mine) == 87
    assert private_key(sites[0]) not in mine
