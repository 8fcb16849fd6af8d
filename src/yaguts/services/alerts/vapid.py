"""The keys by which push services know this server (RFC 8292).

They are made of the site's secret key, so they are as old as it, lie in the same backups and are
the same on every machine. Whoever changes it has to allow alerts in each browser anew.
"""

from base64 import urlsafe_b64encode
from importlib import import_module
from typing import Any

from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import keyed_hash

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points of the curve P-256 there are: a private key is less, and not nothing."""
_KEY_BYTES = 32


def private_key(site: Site) -> str:
    """The private key, in base64url. Two hashes make every key equally likely."""
    drawn = int(keyed_hash(site, "vapid 1") + keyed_hash(site, "vapid 2"), 16)
    return _written((drawn % (_ORDER - 1) + 1).to_bytes(_KEY_BYTES))


def public_key(site: Site) -> str:
    """The public key, which a browser gives to its push service."""
    py_vapid: Any = import_module("py_vapid")  # It has no types, and only few need it.
    pair = py_vapid.Vapid02.from_raw(private_key(site).encode())
    numbers = pair.public_key.public_numbers()
    return _written(b"\4" + numbers.x.to_bytes(_KEY_BYTES) + numbers.y.to_bytes(_KEY_BYTES))


def _written(key: bytes) -> str:
    return urlsafe_b64encode(key).decode().rstrip("=")
