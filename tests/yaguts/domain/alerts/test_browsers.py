"""The addresses that browsers give: which may be used, and how they are shown."""

from base64 import urlsafe_b64encode

import pytest

from yaguts.domain.alerts.browsers import browser_address, browser_name
from yaguts.domain.errors import BadTarget

ENDPOINT = "https://push.example/wpush/v2/gAAAA"
POINT = urlsafe_b64encode(b"\4" + bytes(64)).decode().rstrip("=")
AUTH = urlsafe_b64encode(bytes(16)).decode().rstrip("=")


def test_an_address_may_be_used() -> None:
    assert browser_address(ENDPOINT, POINT, AUTH).endpoint == ENDPOINT
    assert browser_address("https://push.example:8443/x", POINT + "=", AUTH + "==").auth


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "http://push.example/x", "ftp://push.example/x", "https:///x", "https://a:b@push.example/",
        "https://push.example:no/x", "https://push.example/ x\n", "https://púsh.example/",
        "https://[::1/x", f"https://push.example/{'x' * 1000}", "push.example",
    ],
)  # fmt: skip
def test_an_endpoint_is_refused(endpoint: str) -> None:
    with pytest.raises(BadTarget):
        browser_address(endpoint, POINT, AUTH)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH), (POINT[:-2], AUTH), ("A" * 87, AUTH), ("é" * 87, AUTH), (POINT, ""),
        (POINT, AUTH[:-2]), (POINT, POINT), (POINT, "a"),
    ],
)  # fmt: skip
def test_keys_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(BadTarget):
        browser_address(ENDPOINT, p256dh, auth)


APPLE = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("(Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        (f"(Linux; Android 10; K) {APPLE} Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        (f"(Windows NT 10.0) {APPLE} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (f"(iPhone; CPU iPhone OS 18_5 like Mac OS X) {APPLE} Safari/604.1", "Safari, iPhone"),
        (f"(Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.5 Safari/605", "Safari, macOS"),
        ("curl/8", "push.example"),
        ("", "push.example"),
    ],
)
def test_how_a_browser_is_shown(user_agent: str, name: str) -> None:
    assert browser_name(user_agent and f"Mozilla/5.0 {user_agent}", ENDPOINT) == name
