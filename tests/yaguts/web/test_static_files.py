"""Style, script, font and icons."""

import json
import re

import httpx
import pytest

from tests.support.kitchen.household import Household
from yaguts.web.static_files import static_url

FIRST_VISIT_BYTES = 60 * 1024


def test_files_are_kept_for_a_year_at_an_address_of_their_own(home: Household) -> None:
    answer = home.browser().get(static_url("kitchen.css"))

    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["000000000000/kitchen.css", "{build}/nothing.css", "{build}/.."])
def test_other_static_files_are_not_found(home: Household, path: str) -> None:
    build = static_url("kitchen.css").split("/")[3]

    assert home.browser().get(f"/app/static/{path.format(build=build)}").status_code == 404


def test_the_manifest_names_icons_that_are_there(home: Household) -> None:
    address = static_url("yaguts.webmanifest")
    answer = home.browser().get(address)

    assert answer.headers["content-type"] == "application/manifest+json"
    for icon in json.loads(answer.text)["icons"]:
        assert home.browser().get(address.rpartition("/")[0] + "/" + icon["src"]).is_success


def test_the_worker_serves_the_pages(home: Household) -> None:
    answer = home.browser().get("/app/worker.js")

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"


def test_a_first_visit_is_light(home: Household) -> None:
    """Counts every file that the page names, compressed and without headers."""
    browser = home.browser()
    page = browser.get("/app/register")
    named = sorted(set(re.findall(r'(?:href|src)="(/app/static/[^"]+)"', page.text)))
    weights = [_weight(browser.get(address)) for address in named]

    assert len(named) + 1 <= 8
    assert _weight(page) + sum(weights) <= FIRST_VISIT_BYTES


def _weight(answer: httpx.Response) -> int:
    return int(answer.headers["content-length"])
