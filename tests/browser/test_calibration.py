"""Calibrate a jar in Chromium with the real firmware, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support.browser.window import Look, Window
from tests.support.processes.kitchen import NO_MOTOR_PAUSES, Dispenser, Person, eventually
from yaguts.translations.pages import page_text

RUNS = [("0,5", "0,41"), ("1", "0,83"), ("1,5", "1,24")]
"""Seconds of each run, and the grams that the scale shows."""
FALL_MS = 20_000


def t(key: str, **fields: object) -> str:
    return page_text("pt_BR", key, **fields)


@pytest.fixture
def wizard(person: Person, board: Dispenser) -> str:
    """The calibration page of a jar without a rate, whose dispenser is online."""
    assert board is not None
    person.http.put("/config/robo", json=[{"frasco": 1, "g_por_seg": None}]).raise_for_status()
    person.http.put("/config/motor", json=NO_MOTOR_PAUSES).raise_for_status()
    eventually(person.online)
    one = person.http.get("/me/devices").json()["devices"][0]["id"]
    return f"/app/dispensers/{one}/jars/1/calibration"


def let_fall(window: Window, number: int, seconds: str, grams: str) -> None:
    page = window.page
    page.get_by_label(t("calibration.seconds")).fill(seconds)
    page.get_by_role("button", name=t("calibration.go")).click()
    page.get_by_label(t("calibration.weight")).fill(grams, timeout=FALL_MS)
    page.get_by_role("button", name=t("calibration.weigh")).click()
    expect(page.locator(".run").nth(number)).to_contain_text(f"{grams} g")
    window.wait_for_forms()  # The page that follows the runs says so before the answer is here.


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(Look(), id="live"),
        pytest.param(Look(scripts=False), id="without scripts", marks=pytest.mark.more),
    ],
)
def test_three_runs_onto_the_scale(
    person: Person, wizard: str, open_window: Open, look: Look
) -> None:
    recipe = person.recipe(Sal=1.0)
    window = open_window(person, look)
    page = window.go(f"/app/recipes/{recipe}")
    page.get_by_role("link", name=t("remedy.calibrate")).click()
    expect(page).to_have_url(re.compile(re.escape(wizard)))

    for number, (seconds, grams) in enumerate(RUNS):
        let_fall(window, number, seconds, grams)
        page = window.page if number else reopened(window.page)
    expect(page.locator(".fit circle")).to_have_count(3)
    expect(page.locator("main")).to_contain_text(t("calibration.even"))
    window.insist_on_fitting()
    page.get_by_role("button", name=t("calibration.accept")).click()

    expect(page).to_have_url(re.compile(rf"/app/recipes/{recipe}"))
    jar = person.http.get("/config/robo").json()[0]
    assert jar["g_por_seg"] == pytest.approx(0.827, abs=0.001)
    assert jar["estoque_g"] == pytest.approx(100 - 2.48)


def reopened(page: Page) -> Page:
    """Close the page and open it again, as after putting the phone away."""
    page.reload()
    return page


def test_a_dose_by_hand_and_a_purge(person: Person, wizard: str, open_window: Open) -> None:
    jar = wizard.removesuffix("/calibration")
    window = open_window(person)
    page = window.go(f"{jar}?open=purge")
    page.get_by_label(t("jar.purge_label")).fill("1")
    page.get_by_role("button", name=t("jar.purge_go")).click()
    expect(page.locator(".fate-done")).to_be_visible(timeout=FALL_MS)

    pepper = re.sub(r"\d+$", "2", jar)
    page = window.go(f"{pepper}?open=dose")
    page.get_by_label(t("jar.dose_label")).fill("0,5")
    page.get_by_role("button", name=t("jar.dose_go")).click()
    expect(page.locator(".fate-done")).to_be_visible(timeout=FALL_MS)

    stocks = [one["estoque_g"] for one in person.http.get("/config/robo").json()]
    assert stocks[:2] == [None, 99.5]
