"""The addresses that alerts may be sent to, as a person types them.

A webhook is an `http:` or `https:` address. The others are addresses of Apprise, of these services
and with these parameters only: others would have the server read files or run programs.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from yaguts.domain.errors import BadTarget

LONGEST = 500
WEBHOOKS = frozenset({"http", "https"})
SHOWN_WITH_HOST = frozenset(
    {*WEBHOOKS, "mailto", "mailtos", "json", "jsons", "hassio", "hassios", "matrix", "matrixs"}
)
"""What stands first after `://` is a host there; elsewhere it may be a key."""
SERVICES = SHOWN_WITH_HOST | {
    "discord", "gotify", "gotifys", "mmost", "mmosts", "ntfy", "ntfys", "rocket", "rockets",
    "signal", "signals", "slack", "tgram", "pover",
}  # fmt: skip
PARAMETERS = frozenset(
    "accesstoken auth bcc cc click content delay detect email format from mdv method mode msgtype"
    " name nid overflow pass prefix preview priority reply silent smtp status tags tag thread to"
    " token topic user v verify version xtags".split()
)
_LEAST_SECRET = 16
_LAST = 4


@dataclass(frozen=True, slots=True)
class TargetAddress:
    """An address that may be used. `url` is a secret."""

    url: str
    shown: str
    signed: bool


def parsed(typed: str) -> TargetAddress:
    """The address that somebody typed. Raises `BadTarget`."""
    url = typed.strip()
    if not url.isprintable() or " " in url or "," in url or not 8 <= len(url) <= LONGEST:
        raise BadTarget
    scheme, colon, rest = url.partition("://")
    scheme = scheme.lower()
    if scheme not in SERVICES or not colon or not rest.strip("/"):
        raise BadTarget
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host = parts.hostname or ""
        if scheme in WEBHOOKS:
            _ = parts.port  # raises ValueError
        names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    except ValueError:
        raise BadTarget from None
    if scheme in WEBHOOKS:
        if not host or parts.username is not None:
            raise BadTarget
    elif not names <= PARAMETERS:
        raise BadTarget
    return TargetAddress(f"{scheme}://{rest}", _shown(scheme, host, rest), scheme in WEBHOOKS)


def _shown(scheme: str, host: str, rest: str) -> str:
    if scheme in SHOWN_WITH_HOST and host:
        return f"{scheme}://…@{host}" if "@" in rest else f"{scheme}://{host}/…"
    known = rest.rstrip("/")
    return f"{scheme}://…{known[-_LAST:] if len(known) >= _LEAST_SECRET else ''}"
