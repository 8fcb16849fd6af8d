"""Who may read the metrics."""

import hmac
import logging
from collections.abc import Mapping
from ipaddress import ip_address

from starlette.requests import HTTPConnection

from yaguts.domain.errors import NotFound
from yaguts.settings import LOCAL, OFF, OPEN

_log = logging.getLogger(__name__)
_FORWARDED = frozenset(
    "forwarded via x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip".split()
)
"""A proxy adds at least one of these. Behind one on this computer everybody comes from here."""


def insist_on_reader(connection: HTTPConnection, readers: str) -> None:
    """Raises `NotFound` for whoever may not read the metrics. The log says why.

    `readers`: the setting, a word or a token.
    """
    if readers == OPEN:
        return
    why = "they are off" if readers == OFF else _why_not(connection, readers)
    if why is not None:
        address = connection.client.host if connection.client else None
        extra = {"about": {"why": why, "address": address}, "seldom": (why, address)}
        _log.warning("refused the metrics", extra=extra)
        raise NotFound


def _why_not(connection: HTTPConnection, readers: str) -> str | None:
    if readers != LOCAL:
        return None if _has_token(connection.headers, readers) else "no token, or a wrong one"
    if _FORWARDED & set(connection.headers):
        return "a proxy forwarded the request"
    if not _is_here(connection.client.host if connection.client else ""):
        return "not from this computer"
    # A page that a browser on this computer shows may reach it by a name of its own.
    return None if _is_here(connection.url.hostname or "") else "not asked for as localhost"


def _has_token(headers: Mapping[str, str], token: str) -> bool:
    kind, _, sent = headers.get("authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(sent.strip().encode(), token.encode())


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
