"""A server behind a proxy: its public address, a sub-path, and pages that keep to it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import read
from yaguts.web.views.jar_drawing import qr

PUBLIC = "https://example.org/yaguts"
ACCOUNT = {"nome": "Ana", "senha": "canela em pau 42"}
ADDRESSES = re.compile(r'(?:href|src|action|data-live|value)="(/[^"]*)"')
OPENED = (
    "",
    "history",
    "jars",
    "jars/labels",
    "settings",
    "recipes/new",
    "dispensers/pair",
    "trail",
)


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[Household]:
    home = Household(tmp_path, public_url=PUBLIC)
    yield home
    home.close()


@pytest.fixture
def browser(home: Household) -> TestClient:
    browser = home.browser(https=True)
    answer = browser.post("/yaguts/app/register", data=ACCOUNT)
    assert answer.is_success, answer.text
    return browser


@pytest.mark.parametrize("said", ["/yaguts", ""], ids=["whole", "cut off by the proxy"])
def test_the_api_answers_with_the_sub_path_and_without(home: Household, said: str) -> None:
    browser = home.browser(https=True)
    assert browser.get(f"{said}/health").json() == {"status": "ok"}
    assert browser.post(f"{said}/auth/register", json=ACCOUNT).status_code == 201
    # A report may be anything, which is known by its path.
    refused = browser.post(f"{said}/devices/me/jobs/1/complete", content=b"\xff")
    assert refused.status_code == 401
    assert browser.get("/yagutsx/health").status_code == 404


@pytest.mark.parametrize("said", ["/yaguts", ""], ids=["whole", "cut off by the proxy"])
def test_head_fetches_no_job_whatever_the_path_begins_with(home: Household, said: str) -> None:
    browser = home.browser(https=True)
    assert browser.head(f"{said}/health").status_code == 200
    assert browser.head(f"{said}/devices/me/next_job").status_code == 405
    assert browser.put(f"{said}/health").headers["Allow"] == "GET, HEAD"
    assert browser.put(f"{said}/devices/me/next_job").headers["Allow"] == "GET"


@pytest.mark.parametrize("page", OPENED)
def test_every_address_on_a_page_begins_with_the_sub_path(browser: TestClient, page: str) -> None:
    answer = browser.get(f"/yaguts/app/{page}")

    addresses = ADDRESSES.findall(answer.text)
    assert answer.status_code == 200
    assert len(addresses) > 5
    assert [each for each in addresses if not each.startswith("/yaguts/app/")] == []
    for address in addresses:
        if "/static/" in address:
            assert browser.get(address).status_code == 200


def test_a_visitor_is_sent_along_inside_the_sub_path(home: Household) -> None:
    browser = home.browser(https=True)

    def leads_to(answer: httpx.Response) -> str:
        assert answer.is_redirect, answer
        return answer.headers["location"]

    browser.follow_redirects = False
    html = {"Accept": "text/html"}
    for start in ("/yaguts", "/yaguts/", "/"):
        assert leads_to(browser.get(start, headers=html)) == "/yaguts/app/"
    asked = leads_to(browser.get("/yaguts/app/jars"))
    assert asked == "/yaguts/app/sign-in?next=%2Fyaguts%2Fapp%2Fjars"
    assert leads_to(browser.get("/yaguts/receitas")).endswith("/yaguts/receitas/")
    browser.post("/yaguts/auth/register", json=ACCOUNT)
    form = {**ACCOUNT, "next": "/yaguts/app/jars"}
    assert leads_to(browser.post("/yaguts/app/sign-in", data=form)) == "/yaguts/app/jars"
    form["next"] = "/app/jars"  # Not ours: another program's, on the same host.
    assert leads_to(browser.post("/yaguts/app/sign-in", data=form)) == "/yaguts/app/"


def test_the_installed_app_stays_inside_the_sub_path(browser: TestClient) -> None:
    page = browser.get("/yaguts/app/").text
    address = re.findall(r'href="([^"]+\.webmanifest)"', page)[0]
    manifest = json.loads(browser.get(address).text)
    at = httpx.URL(f"https://example.org{address}")

    assert str(at.join(manifest["start_url"])) == f"{PUBLIC}/app/"
    assert str(at.join(manifest["scope"])) == f"{PUBLIC}/app/"


def test_what_is_passed_on_names_the_public_address(browser: TestClient) -> None:
    """Also to somebody who came by another one."""
    assert PUBLIC in browser.post("/app/dispensers/pair").text
    assert f"apontam para {PUBLIC}," in read(browser.get("/app/jars/labels"))
    link = browser.post("/yaguts/casa/convites").json()["link"]
    assert link.startswith(f"{PUBLIC}/app/join?")


def test_a_label_leads_to_the_public_address(home: Household) -> None:
    labels = Furnished(home).browser().get("/app/jars/labels")
    assert qr(f"{PUBLIC}/app/dispensers/1/jars/1") in labels.text


def test_pages_of_the_public_address_may_change_things_whatever_the_host_says(
    home: Household,
) -> None:
    """A proxy that does not pass the Host on sends its own."""
    browser = home.browser()
    for origin, status in (("https://example.org", 201), ("https://other.example.org", 403)):
        account = {**ACCOUNT, "nome": origin}
        answer = browser.post("/auth/register", json=account, headers={"Origin": origin})
        assert answer.status_code == status


def test_without_a_public_address_nothing_has_a_prefix(tmp_path: Path) -> None:
    home = Household(tmp_path)
    browser = home.browser()
    assert browser.get("/app/register").status_code == 200
    assert browser.get("/yaguts/health").status_code == 404
    home.close()


def test_a_forwarded_address_that_is_none_is_not_written_down(tmp_path: Path) -> None:
    home = Household(tmp_path)
    browser = home.browser(address="x" * 5000)
    browser.post("/auth/register", json=ACCOUNT).raise_for_status()
    browser.post("/auth/login", json=ACCOUNT).raise_for_status()
    told = browser.get("/auditoria").raise_for_status().text
    assert "unknown" in told
    assert "xxxx" not in told
    home.close()
