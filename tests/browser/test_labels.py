"""The labels of the jars as they come out of a printer."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.support.browser.window import Look
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import Person

MM = 96 / 25.4
A4 = "0 0 595 842"


@pytest.mark.parametrize("look", [Look(), Look("desk", "dark", "en")], ids=str)
def test_labels_fill_sheets_of_21(person: Person, open_window: Open, look: Look) -> None:
    for board in ("one", "two"):
        Arduino.paired(person, f"{board} of {person.name}")
    for device in person.http.get("/me/devices").json()["devices"]:
        count = f"/devices/{device['id']}/jars/count"
        person.http.put(count, json={"frascos": 16}).raise_for_status()
    window = open_window(person, look)

    page = window.go("/app/jars/labels")

    expect(page.locator(".label")).to_have_count(32)
    expect(page.locator("[data-print]")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("nav, header, h1").first).to_be_hidden()
    box = page.locator(".label").first.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == pytest.approx((63.5 * MM, 38.1 * MM), abs=0.1)
    sheets = page.pdf(prefer_css_page_size=True)
    assert [size.split(".")[0] for size in pages_of(sheets)] == [A4, A4]


def pages_of(pdf: bytes) -> list[str]:
    """The size of each page, in points."""
    boxes = re.findall(rb"/MediaBox \[([\d. ]+)\]", pdf)
    return [" ".join(f"{float(n):.0f}" for n in box.split()) for box in boxes]
