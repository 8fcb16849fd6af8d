"""People are told: on whatever page is open, with a sound if they want one, and by the browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Worker, expect

from tests.browser.conftest import Open
from tests.browser.test_truth import FOLLOWED, HIDE, OPEN, STREAMS
from tests.support.browser.window import FLAGS, Look, Window
from tests.support.components import chromium_that_keeps_pages
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import PASSWORD, Person, Server, eventually, furnished_person
from tests.support.push_service import PushService, push_service
from yaguts.services.alerts.news import MOST

pytestmark = pytest.mark.more

TONES = """
  window.tones = 0;
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    window.tones++;
    return make.call(this);
  };
"""
"""Counts what a page plays."""
KEPT = """Object.entries(localStorage)
  .filter(([key]) => /told/.test(key))
  .map(([, told]) => JSON.parse(told).length)"""
"""How many news a browser remembers that it has told, for each person."""
SLOW = """
  const set = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    const end = performance.now() + 500;
    while (performance.now() < end);
    set.call(this, key, value);
    window.kept = value;
  };
"""
"""Makes a page slow to remember what it has told."""
SUBSCRIBED = """(given) => {
  PushManager.prototype.subscribe = async function (options) {
    window.asked = options;
    return { toJSON: () => given };
  };
}"""
"""The push service of Chromium is out of reach, so the browser's answer is the test's."""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(
  ({ title, body, tag, data }) => ({ title, body, tag, data })
)"""
OPENED = """async () => {
  const opened = [];
  clients.openWindow = async (url) => opened.push(url);
  const [notification] = await registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification });
  const done = new Promise((ended) => (event.waitUntil = ended));
  dispatchEvent(event);
  await (await done);
  return opened;
}"""

TELLS = """() => {
  const show = registration.showNotification;
  self.lastShown = new Promise((tell) => {
    registration.showNotification = async function (title, options) {
      registration.showNotification = show;
      await show.call(registration, title, options);
      tell(title);
    };
  });
}"""
"""Has the worker say what it has shown. Whoever asks for notifications before has Chromium forget
those that are not on the screen yet."""
MOVED = """async ([before, after]) => {
  const event = new Event("pushsubscriptionchange");
  const done = new Promise((ended) => (event.waitUntil = ended));
  event.oldSubscription = before;
  event.newSubscription = { toJSON: () => after };
  dispatchEvent(event);
  await (await done);
}"""


def poured(person: Person, board: Arduino, **grams: float) -> int:
    """An order that is dispensed while somebody looks at a page."""
    job = person.order(person.recipe(**grams))["id"]
    fetched = board.poll()
    assert fetched is not None
    board.call("POST", f"/devices/me/jobs/{job}/accept", {"job_key": fetched["job_key"]})
    board.complete(job, board.report_of(fetched))
    return job


def followed(page: Page, path: str) -> None:
    """Open a page, and wait until it knows what is no news."""
    page.evaluate("localStorage.clear()")
    page.goto(path)
    page.wait_for_function("() => Object.keys(localStorage).some((key) => /told/.test(key))")


def test_every_page_tells_what_happens(person: Person, open_window: Open) -> None:
    board = Arduino.paired(person, f"told {person.name}", "0.2.0")
    poured(person, board, Sal=1.0)
    window = open_window(person, Look(language="en"))
    window.context.add_init_script(TONES)
    window.context.add_init_script(STREAMS)
    window.forgiven = ["AudioContext was not allowed"]  # on pages that nobody has tapped on
    page = window.page
    page.goto("/app/settings/alerts")
    told = page.get_by_role("status").locator(".told")
    followed(page, "/app/settings/alerts")
    expect(told).to_have_count(0)  # What was before the first visit is no news.

    job = poured(person, board, Sal=1.0)
    expect(told).to_contain_text(f"Order {job} done: Teste")
    assert page.evaluate("tones") == 0
    page.get_by_label("Play a short sound").check()
    assert page.evaluate("tones") == 1
    window.insist_on_fitting()
    told.get_by_role("button", name="Close").click()
    expect(told).to_have_count(0)

    for path in ("/app/", "/app/jars", "/app/history"):
        page.goto(path)
        jar = {"frasco": 1, "estoque_g": 0}
        other = poured(person, board, Pimenta=1.0)
        expect(told.first).to_contain_text(f"Order {other} done")
        assert page.evaluate("tones") == 1
    person.http.put("/config/robo", json=[jar]).raise_for_status()
    poured(person, board, Pimenta=1.0)
    expect(told.filter(has_text="Empty: Sal")).to_be_visible()
    page.evaluate(HIDE, True)
    assert page.evaluate(OPEN) == 0
    unseen = poured(person, board, Pimenta=1.0)
    page.evaluate(HIDE, False)
    expect(told.first).to_contain_text(f"Order {unseen} done")
    expect(told).to_have_count(3)
    told.first.get_by_role("link").click()
    expect(page).to_have_url(f"{person.server.address}/app/jobs/{unseen}")
    page.reload()
    expect(page.locator(".fate-done")).to_be_visible()
    expect(told).to_have_count(0)
    page.wait_for_function(f"() => {FOLLOWED}.join() === '/app/news'")
    later = poured(person, board, Pimenta=1.0)
    expect(told.first).to_contain_text(f"Order {later} done")
    assert page.evaluate(KEPT) == [MOST + 1]  # the latest orders and the empty jar


def test_of_two_windows_that_are_told_at_once_one_tells(person: Person, open_window: Open) -> None:
    board = Arduino.paired(person, f"two windows of {person.name}", "0.2.0")
    window = open_window(person, Look(language="en"))
    window.context.add_init_script(SLOW)
    pages = window.page, window.context.new_page()
    for page, path in zip(pages, ("/app/jars", "/app/history"), strict=True):
        page.goto(path)
        page.wait_for_function("() => window.kept")
    job = poured(person, board, Sal=1.0)
    for page in pages:
        page.wait_for_function(f"() => window.kept.includes('job {job} done')")
    counts = [page.get_by_role("status").locator(".told").count() for page in pages]
    assert sorted(counts) == [0, 1]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PushService]:
    with push_service(tmp_path) as service:
        yield service


@pytest.fixture
def alerting_person(tmp_path: Path, service: PushService) -> Iterator[Person]:
    """Somebody on a server that trusts the push service's authority."""
    folder = tmp_path / "server"
    folder.mkdir()
    server = Server(
        folder,
        SSL_CERT_FILE=str(service.authority),
        YAGUTS_ALERT_PRIVATE_TARGETS="127.0.0.0/8",
    )
    server.start()
    with furnished_person(server, "Ana") as person:
        yield person
    server.kill()


@pytest.fixture
def notifying(browser: Browser) -> Iterator[Browser]:
    """The build without windows shows no notifications."""
    program = chromium_that_keeps_pages()
    other = browser.browser_type.launch(executable_path=program, args=FLAGS)
    yield other
    other.close()


def test_a_browser_shows_what_the_server_sends(
    alerting_person: Person, service: PushService, notifying: Browser
) -> None:
    """From the button to the notification, with a push service and keys of the test's own."""
    person = alerting_person
    window = Window(notifying, person.server, Look(language="en"))
    window.take_cookies(person)
    page = window.page
    window.context.grant_permissions(["notifications"])
    page.goto("/app/settings/alerts")
    browser = service.browser()
    keys = {"p256dh": browser.form["p256dh"], "auth": browser.form["auth"]}
    page.evaluate(SUBSCRIBED, {"endpoint": browser.endpoint, "keys": keys})
    key = page.locator("[data-push]").get_attribute("data-push")
    assert key
    page.get_by_role("button", name="Alert me in this browser").click()
    expect(page.get_by_text("This browser gets alerts. Send a test")).to_be_visible()
    window.insist_on_fitting()

    board = Arduino.paired(person, "told by push", "0.2.0")
    job = poured(person, board, Sal=1.0)
    eventually(lambda: service.pushed)
    (got,) = service.pushed
    got.claims(key)
    told = browser.decrypted(got.body)
    delivered(page, told)
    assert page.evaluate(SHOWN) == [
        {
            "title": f"Order {job} done: Teste",
            "body": told["text"],
            "tag": got.headers["Topic"],
            "data": f"/app/jobs/{job}",
        }
    ]
    delivered(page, told | {"title": "newer"})
    assert [one["title"] for one in page.evaluate(SHOWN)] == ["newer"]
    worker: Worker = window.context.service_workers[0]
    assert worker.evaluate(OPENED) == [f"{person.server.address}/app/jobs/{job}"]
    delivered(page, told | {"page": "//elsewhere.example/app/"})
    assert worker.evaluate(OPENED) == [f"{person.server.address}/app/"]

    moved = service.browser("moved").endpoint
    addresses = [{"endpoint": each, "keys": keys} for each in (browser.endpoint, moved)]
    assert worker.evaluate(MOVED, addresses) is None
    service.pushed.clear()
    other = poured(person, board, Sal=1.0)
    eventually(lambda: service.pushed)
    (got,) = service.pushed
    assert (got.path, browser.decrypted(got.body)["page"]) == ("/push/moved", f"/app/jobs/{other}")

    page.goto("/app/settings")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    again = {"nome": person.name, "senha": PASSWORD}
    assert person.http.post("/auth/login", json=again).status_code == 200
    assert person.http.get("/avisos").json()["destinos"] == []
    window.close()


def delivered(page: Page, message: dict[str, Any]) -> None:
    """Have Chromium deliver a message to the page's service worker, and wait until it is shown."""
    page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    worker: Worker = page.context.service_workers[0]
    worker.evaluate(TELLS)
    devtools = page.context.new_cdp_session(page)
    versions: list[dict[str, Any]] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: versions.extend(told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    registration = eventually(lambda: page.evaluate("1") and versions)[0]
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": page.evaluate("location.origin"),
            "registrationId": registration["registrationId"],
            "data": json.dumps(message),
        },
    )
    assert worker.evaluate("lastShown") == message["title"]
    devtools.detach()
