"""The addresses by which other devices in the network reach this machine."""

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

LOCALHOST = "localhost"

_DESTINATIONS = (
    (socket.AF_INET, "192.0.2.1"),
    (socket.AF_INET6, "2001:db8::1"),
    (socket.AF_INET6, "fd00::1"),
)
"""Nothing is sent there: the system says from which address it would send."""
_PREFERENCES, _PUBLIC = 72, 2
"""Linux: IPV6_ADDR_PREFERENCES, IPV6_PREFER_SRC_PUBLIC. A temporary address changes every day."""
_PATIENCE_S = 0.2
"""For all addresses together: whoever opens a page waits for it."""


def lan_addresses() -> tuple[str, ...]:
    """The addresses of this machine that others in its network may use, IPv4 first.

    Those that count on this machine or on one link alone are left out: no browser on a telephone
    takes them.
    """
    found = (_source(family, to) for family, to in _DESTINATIONS)
    usable = (one for one in found if one is not None and is_for_others(one))
    return tuple(dict.fromkeys(usable))


def addresses_of(host: str) -> tuple[str, ...]:
    """The addresses by which others reach a server that listens on `host`."""
    given = literal(host)
    if given is None:
        return () if is_local(host) else (host,)
    if not given.is_unspecified:
        return (host,) if is_for_others(host) else ()
    return tuple(one for one in lan_addresses() if given.version == 6 or ":" not in one)


def is_for_others(host: str) -> bool:
    """Whether other devices can reach a host by this name or address."""
    given = literal(host)
    if given is None:
        return host != "" and not is_local(host)
    return not (given.is_loopback or given.is_link_local or given.is_unspecified)


def seen_by_others(address: str) -> str:
    """The address of a server, or where only this machine knows it, one that others know as well.

    It stays as it is when nobody listens there for others.
    """
    parts = urlsplit(address)
    if is_for_others(parts.hostname or ""):
        return address
    port = parts.port or (443 if parts.scheme == "https" else 80)
    mine = lan_addresses()
    known = next((one for one in mine if _answers(one, port, _PATIENCE_S / len(mine))), None)
    if known is None:
        return address
    stated = "" if parts.port is None else f":{port}"
    return f"{parts.scheme}://{bracketed(known)}{stated}{parts.path}"


def bracketed(host: str) -> str:
    """The host as an address of the web writes it: IPv6 in brackets. IPv4 in IPv6 is IPv4."""
    given = literal(host)
    if isinstance(given, IPv6Address):
        return str(given.ipv4_mapped or f"[{host}]")
    return host


def is_local(name: str) -> bool:
    """Whether a name leads to this machine, whatever a name server says (RFC 6761)."""
    return name in ("", LOCALHOST) or name.endswith(f".{LOCALHOST}")


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a host is. None when it is a name."""
    with suppress(ValueError):
        return ip_address(host.partition("%")[0])
    return None


def _source(family: socket.AddressFamily, to: str) -> str | None:
    """From which address this machine would send to another one. None when it knows no way."""
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        if family == socket.AF_INET6:
            with suppress(OSError):
                probe.setsockopt(socket.IPPROTO_IPV6, _PREFERENCES, _PUBLIC)
        probe.connect((to, 9))
        return str(probe.getsockname()[0])
    return None


def _answers(host: str, port: int, within_s: float) -> bool:
    with suppress(OSError), socket.create_connection((host, port), within_s):
        return True
    return False
