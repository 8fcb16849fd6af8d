"""What proxies say of who called and how. With real proxies: end_to_end/test_proxies.py."""

import pytest
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from tests.support.kitchen.household import PASSWORD, Household
from yaguts.http.public_address import Forwarded
from yaguts_wire import words as w

PROXY = "192.0.2.80"
STRANGER = "203.0.113.7"


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers how the request came, and from whom."""
    caller = HTTPConnection(scope).client
    assert caller is not None
    await PlainTextResponse(f"{scope['scheme']} {caller.host}")(scope, receive, send)


def seen(headers: list[tuple[str, str]], address: str = PROXY) -> str:
    app = Forwarded(told, ("192.0.2.0/24",))
    return TestClient(app, client=(address, 50000)).get("/", headers=headers).text


@pytest.mark.parametrize(
    ("said", "scheme"),
    [
        (["https"], "https"),
        (["http"], "http"),
        (["https,http"], "https"),
        (["https, http, http"], "https"),
        (["http,https"], "http"),
        ([" HTTPS "], "https"),
        (["https", "http"], "https"),
        (["wss,http"], "wss"),
        (["gopher,https"], "http"),
        ([","], "http"),
        ([""], "http"),
    ],
)
def test_the_scheme_by_which_the_browser_called(said: list[str], scheme: str) -> None:
    assert seen([("X-Forwarded-Proto", each) for each in said]) == f"{scheme} {PROXY}"


@pytest.mark.parametrize("proxy", [PROXY, f"::ffff:{PROXY}"])
def test_a_proxy_says_who_called(proxy: str) -> None:
    assert seen([("X-Forwarded-For", STRANGER)], proxy) == f"http {STRANGER}"


def test_a_stranger_is_not_believed() -> None:
    headers = [("X-Forwarded-Proto", "https,http"), ("X-Forwarded-For", PROXY)]

    assert seen(headers, STRANGER) == f"http {STRANGER}"


def test_the_cookie_is_secure_behind_two_proxies(home: Household) -> None:
    home.person("Ana")
    browser = home.browser(address=PROXY)
    behind = TestClient(Forwarded(home.app, ("192.0.2.0/24",)), client=(PROXY, 50000))
    behind.portal, behind.base_url = browser.portal, browser.base_url

    headers = {"X-Forwarded-Proto": "https,http"}
    answer = behind.post("/auth/login", json={w.NAME: "Ana", w.PASSWORD: PASSWORD}, headers=headers)

    cookies = answer.headers.get_list("set-cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
