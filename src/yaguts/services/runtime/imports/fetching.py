"""A page at an address: one GET after the other, as often as it has moved, each checked alike.

A name is resolved once for each, and what was checked is what is connected to.
"""

import zlib
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from yaguts.domain.recipe_files.faults import ImportFault, ImportRefused
from yaguts.services.runtime.alerting.connecting import connected
from yaguts.services.runtime.alerting.guard import PrivateAddress

LARGEST_PAGE = 4 * 1024 * 1024
"""In bytes, sent and unpacked."""
MOST_REDIRECTS = 5
LONGEST_ADDRESS = 2000
WEB_PORTS = (80, 443)
_CHUNK = 64 * 1024
_MOVED = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": "Yaguts",
    "Accept": "text/html, application/ld+json, application/json;q=0.9, text/plain;q=0.8",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
_IN_PATHS = "/%:@!$&'()*+,;=~-._?"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at an address, where it was in the end, and in which characters it says to be."""

    address: str
    charset: str
    body: bytes


def fetch(url: str, insist: Callable[[object], None], ports: Collection[int]) -> Fetched:
    """What is at the address. `insist` raises `PrivateAddress`. Raises `ImportRefused`."""
    for _ in range(MOST_REDIRECTS + 1):
        try:
            found = _get(url, insist, ports)
        except PrivateAddress:
            raise ImportRefused(ImportFault.PRIVATE) from None
        except TimeoutError:
            raise ImportRefused(ImportFault.TIMEOUT) from None
        except (HTTPException, OSError, ValueError):
            raise ImportRefused(ImportFault.UNREACHABLE) from None
        if isinstance(found, Fetched):
            return found
        url = found
    raise ImportRefused(ImportFault.REDIRECTS)


def _get(url: str, insist: Callable[[object], None], ports: Collection[int]) -> Fetched | str:
    """What is at the address, or the address to which it has moved."""
    parts = _checked(url, ports)
    target = quote(parts.path or "/", _IN_PATHS)
    if parts.query:
        target += "?" + quote(parts.query, _IN_PATHS)
    with closing(connected(parts.scheme, parts.hostname or "", parts.port, insist)) as connection:
        connection.request("GET", target, headers=_HEADERS)
        with connection.getresponse() as answer:
            if answer.status in _MOVED:
                return urljoin(url, answer.headers.get("Location", ""))
            if answer.status != 200:
                raise ImportRefused(ImportFault.REFUSED)
            return Fetched(url, answer.headers.get_content_charset() or "", _body(answer))


def _checked(url: str, ports: Collection[int]) -> SplitResult:
    """The parts of an address that may be asked. Raises `ImportRefused`."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        raise ImportRefused(ImportFault.BAD_LINK) from None
    named = parts.hostname and parts.username is None and parts.password is None
    if not named or port not in ports or len(url) > LONGEST_ADDRESS:
        raise ImportRefused(ImportFault.BAD_LINK)
    return parts


def _body(answer: HTTPResponse) -> bytes:
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise ImportRefused(ImportFault.REFUSED)
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding == "gzip" else None
    body, sent = bytearray(), 0
    while chunk := answer.read(_CHUNK):
        sent += len(chunk)
        try:
            room = LARGEST_PAGE + 1 - len(body)
            body += chunk if unpack is None else unpack.decompress(chunk, room)
        except zlib.error:
            raise ImportRefused(ImportFault.REFUSED) from None
        if max(sent, len(body)) > LARGEST_PAGE:
            raise ImportRefused(ImportFault.TOO_LARGE)
    if unpack is not None and not unpack.eof:
        raise ImportRefused(ImportFault.REFUSED)
    return bytes(body)
