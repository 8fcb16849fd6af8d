"""HEAD is answered as GET is, without the body."""

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household


@pytest.fixture
def ana(home: Household) -> TestClient:
    return home.person("Ana")


@pytest.mark.parametrize("path", ["/", "/health", "/receitas/", "/app/", "/app/sign-in"])
def test_the_headers_without_the_body(ana: TestClient, path: str) -> None:
    got, asked = ana.get(path), ana.head(path)

    assert (asked.status_code, asked.content) == (got.status_code, b"")
    assert asked.headers["Content-Type"] == got.headers["Content-Type"]


def test_a_stream_of_events_ends(home: Household) -> None:
    kitchen = Furnished(home)
    job = kitchen.started(Sal=4)

    answer = kitchen.browser().head(f"/app/jobs/{job.id}/live")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/event-stream")


def test_it_fetches_no_job(home: Household) -> None:
    kitchen = Furnished(home)

    assert kitchen.browser().head("/devices/me/next_job").status_code == 405
