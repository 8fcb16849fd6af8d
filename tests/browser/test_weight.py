"""A first visit takes few requests and few bytes, and the app can be installed."""

from typing import Any

from tests.browser.conftest import Open
from tests.support.processes.kitchen import Person

MOST_BYTES = 60 * 1024
MOST_REQUESTS = 8


def test_the_first_visit_is_light(person: Person, open_window: Open) -> None:
    """Counts what the page, its script and its service worker request, compressed."""
    person.recipe(Sal=1.0, Pimenta=2.0)
    window = open_window(person)
    asked: list[str] = []
    window.context.on("request", lambda request: asked.append(request.url))

    window.page.goto("/app/", wait_until="load")
    window.page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    weight = sum(_bytes(person, url) for url in asked if not url.endswith("/live"))
    print(f"a first visit: {len(asked)} requests, {weight / 1024:.1f} KB")
    assert len(asked) <= MOST_REQUESTS, asked
    assert weight <= MOST_BYTES


def _bytes(person: Person, url: str) -> int:
    return int(person.http.get(url).raise_for_status().headers["content-length"])


def test_it_can_be_installed(person: Person, open_window: Open) -> None:
    window = open_window(person)
    window.go("/app/")
    window.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    session = window.context.new_cdp_session(window.page)

    manifest: dict[str, Any] = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("yaguts.webmanifest")
    problems = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    allowed = {"in-incognito"}  # Every window of these tests is incognito.
    assert {problem["errorId"] for problem in problems} <= allowed
