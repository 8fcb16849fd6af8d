"""Alerts to browsers: the addresses that browsers give, and how long an alert is of use there."""

from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from yaguts.domain.alerts.kinds import AlertKind
from yaguts.domain.errors import BadTarget

LONGEST_ENDPOINT = 1000
LONGEST_NAME = 120
_POINT_BYTES, _UNCOMPRESSED = 65, 4
_AUTH_BYTES = 16
_LIFE: Mapping[str, timedelta] = {
    AlertKind.JOB_DONE: timedelta(hours=1),
    AlertKind.JOB_FAILED: timedelta(hours=12),
}
_USUAL_LIFE = timedelta(days=1)
_URGENT = frozenset({AlertKind.JOB_DONE, AlertKind.JOB_FAILED})

# Whoever is named first: a browser also names those whose pages it can show.
_BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows",
    "CrOS": "ChromeOS", "Mac OS X": "macOS", "Linux": "Linux",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BrowserAddress:
    """Where a push service takes what is for one browser, and the browser's keys for it."""

    endpoint: str
    p256dh: str
    auth: str


def browser_address(endpoint: str, p256dh: str, auth: str) -> BrowserAddress:
    """The address that a browser gave. Raises `BadTarget`."""
    point = _decoded(p256dh)
    if len(point) != _POINT_BYTES or point[0] != _UNCOMPRESSED:
        raise BadTarget
    if len(_decoded(auth)) != _AUTH_BYTES or not _is_endpoint(endpoint):
        raise BadTarget
    return BrowserAddress(endpoint, p256dh, auth)


def browser_name(user_agent: str, endpoint: str) -> str:
    """What tells the browser from others: `Firefox, Android`, or else its push service's name."""
    named = (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
    return (", ".join(filter(None, named)) or urlsplit(endpoint).hostname or "")[:LONGEST_NAME]


def life_of(kind: str) -> timedelta:
    """For how long it is of use that a browser shows an alert of this kind."""
    return _LIFE.get(kind, _USUAL_LIFE)


def is_urgent(kind: str) -> bool:
    """Whether a telephone should be woken for it."""
    return kind in _URGENT


def _is_endpoint(endpoint: str) -> bool:
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        parts = urlsplit(endpoint)
        _ = parts.port  # raises ValueError
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _decoded(text: str) -> bytes:
    """The bytes that are written in base64url, or none if they are not."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Error, ValueError):
        return b""


def _first(names: Mapping[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")
