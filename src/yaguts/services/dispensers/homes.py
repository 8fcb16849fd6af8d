"""From where an address calls: whose guesses at short pairing codes count together."""

from ipaddress import IPv6Address, ip_address, ip_network

LOCAL = "local"
"""The home of all who call from the server's own networks: these have no address outside."""
_LOCAL = tuple(
    map(
        ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "::1",
            "fe80::/10",
            "fc00::/7",
        ),
    )
)
_PREFIX = 48
"""The shortest prefix of IPv6 that one customer is commonly given."""


def home_of(address: str) -> str:
    """The home of an address, as rate limits count it: those in one home are no strangers."""
    try:
        found = ip_address(address.partition("/")[0])
    except ValueError:
        return address
    return LOCAL if any(found in network for network in _LOCAL) else address


def provider_prefix(address: str) -> str:
    """All addresses of IPv6 that a stranger may have; an IPv4 address as it is."""
    try:
        found = ip_address(address.partition("/")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(ip_network((found, _PREFIX), strict=False))
