"""A message to a browser, by way of its push service: encrypted (RFC 8291), from us (RFC 8292)."""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from yaguts.domain.alerts.delivery import AlertFault, Failed
from yaguts.services.runtime.alerting.webhook import post

TOKEN_LIFE_S = 12 * 3600
"""RFC 8292 allows a day. The push service's clock may differ from ours."""
_GONE = ("HTTP 404", "HTTP 410")


def push(
    url: str,
    body: bytes,
    browser: Mapping[str, str],
    now_s: int,
    insist: Callable[[object], None],
) -> Failed | None:
    """Send the body to one browser. None when its push service took it."""
    headers = {
        "Authorization": _authorization(url, browser, now_s),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(browser["ttl_s"]),
        "Topic": browser["topic"],
        "Urgency": browser["urgency"],
    }
    failed = post(url, _encrypted(body, browser), headers, insist)
    gone = failed is not None and failed.detail in _GONE
    return Failed(AlertFault.GONE) if gone else failed


def _encrypted(body: bytes, browser: Mapping[str, str]) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  (only few need it)

    http_ece: Any = import_module("http_ece")  # It has no types.
    return http_ece.encrypt(
        body,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_decoded(browser["p256dh"]),
        auth_secret=_decoded(browser["auth"]),
        version="aes128gcm",
    )


def _authorization(url: str, browser: Mapping[str, str], now_s: int) -> str:
    py_vapid: Any = import_module("py_vapid")
    parts = urlsplit(url)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": now_s + TOKEN_LIFE_S,
        "sub": browser["contact"],
    }
    key = py_vapid.Vapid02.from_raw(browser["private_key"].encode())
    key.conf["no-strict"] = True  # It knows no names without a dot, such as those of a home.
    return str(key.sign(claims)["Authorization"])


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
