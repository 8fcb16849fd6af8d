"""Live pages: how soon they change, and what they show when the connection is lost."""

import statistics
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import Dispenser, Person, eventually
from yaguts.services.runtime.pace import MERGED_S

SOON_MS = 100
CHANGED = """
() => new Promise((done) => {
  const part = document.querySelector("[data-live]");
  const now = () => performance.timeOrigin + performance.now();
  part.addEventListener("changed", () => done(now()), {once: true});
})
"""


def accepted(person: Person, board: Arduino, grams: float) -> dict[str, object]:
    """A running job of a dispenser that the test drives, so that it knows the times."""
    job_id = person.order(person.recipe(Sal=grams))["id"]
    status, job = board.call("GET", "/devices/me/next_job?wait=5")
    assert (status, job["id"]) == (200, job_id)
    board.call("POST", f"/devices/me/jobs/{job_id}/accept", {"job_key": job["job_key"]})
    return job


def watch(page: Page, job: dict[str, object]) -> None:
    with page.expect_response("**/live"):
        page.goto(f"/app/jobs/{job['id']}")
    expect(page.locator(".fate-running")).to_be_visible()


def test_a_report_reaches_the_page_at_once(person: Person, open_window: Open) -> None:
    board = Arduino.paired(person, "hand-1", "0.2.0")
    job = accepted(person, board, 50)
    page = open_window(person).page
    watch(page, job)
    delays: list[float] = []
    for step in range(1, 12):
        page.wait_for_timeout(1000 * MERGED_S)  # a board sends its progress no oftener
        told = {"job_key": job["job_key"], "item_ordem": 1, "frasco": 1, "status": "running"}
        page.evaluate(f"void (window.next = ({CHANGED})())")
        sent = time.time() * 1000
        status, _ = board.call(
            "POST", f"/devices/me/jobs/{job['id']}/progress", {**told, "dispensado_g": step}
        )
        assert status == 200
        delays.append(page.evaluate("window.next") - sent)

    print(f"a report shows after {statistics.median(delays):.0f} ms (median), "
          f"{max(delays):.0f} ms (longest)")  # fmt: skip
    assert statistics.median(delays) < SOON_MS


def test_without_wifi_the_page_says_so_calmly_and_catches_up(
    person: Person, board: Dispenser, open_window: Open
) -> None:
    eventually(person.online)
    window = open_window(person)
    window.forgiven = ["ERR_INTERNET_DISCONNECTED"]
    page = window.page
    job = person.order(person.recipe(Sal=6.0))
    watch(page, job)

    window.context.set_offline(True)
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#lost")).to_contain_text("continua sozinho")
    person.finished(job["id"])
    expect(page.locator(".fate-running")).to_be_visible()  # No message could reach the page.

    window.context.set_offline(False)
    expect(page.locator(".fate-done")).to_be_visible()
    expect(page.locator("#lost")).to_be_hidden()
    assert board.on_time_ms(1) == 3000


def test_a_page_opened_without_wifi_explains_itself(person: Person, open_window: Open) -> None:
    window = open_window(person)
    window.forgiven = ["ERR_INTERNET_DISCONNECTED"]
    page = window.go("/app/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    window.context.set_offline(True)

    page.goto("/app/history")

    expect(page.locator("main")).to_contain_text("Servidor fora de alcance")
    window.context.set_offline(False)


def test_stop_reaches_the_dispenser(person: Person, board: Dispenser, open_window: Open) -> None:
    eventually(person.online)
    page = open_window(person).page
    job = person.order(person.recipe(Sal=100.0))
    watch(page, job)
    eventually(lambda: board.pouring(1))

    page.get_by_role("button", name="Parar").click()

    expect(page.locator(".fate-canceled")).to_be_visible()
    assert 0 < board.on_time_ms(1) < 20_000


def test_the_search_finds_while_one_types(person: Person, open_window: Open) -> None:
    person.recipe(Sal=1.0)
    page = open_window(person).go("/app/")

    page.get_by_role("searchbox").type("canela")
    expect(page.locator("#found")).to_contain_text("Nenhuma receita com “canela”.")
    page.get_by_role("searchbox").fill("SAL")
    expect(page.locator(".card")).to_have_count(1)
    assert page.url.endswith("?q=SAL")
