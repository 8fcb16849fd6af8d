"""The addresses of targets are encrypted with the site's secret key: they hold passwords."""

import json
from base64 import urlsafe_b64encode
from dataclasses import astuple, dataclass

from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import keyed_hash


@dataclass(frozen=True, slots=True)
class TargetSecret:
    """The address of a target, and the key that signs what is sent to a webhook.

    A browser has the keys with which it is encrypted to, and `contact`, where the browser's push
    service finds this server.
    """

    url: str
    key: str
    p256dh: str = ""
    auth: str = ""
    contact: str = ""


def sealed(site: Site, secret: TargetSecret) -> str:
    """The secret as it is stored."""
    from cryptography.fernet import Fernet  # noqa: PLC0415  (only few need it)

    text = json.dumps(astuple(secret))
    return Fernet(_key(site)).encrypt(text.encode()).decode()


def unsealed(site: Site, stored: str) -> TargetSecret | None:
    """The secret. None when it was stored under another secret key."""
    from cryptography.fernet import Fernet, InvalidToken  # noqa: PLC0415

    try:
        return TargetSecret(*json.loads(Fernet(_key(site)).decrypt(stored.encode())))
    except InvalidToken:
        return None


def _key(site: Site) -> bytes:
    return urlsafe_b64encode(bytes.fromhex(keyed_hash(site, "alert targets")))
