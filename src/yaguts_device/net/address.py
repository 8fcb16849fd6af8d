"""Where the server is."""

from collections import namedtuple

Address = namedtuple("Address", ("host", "port", "tls", "prefix"))


def parse_url(url: str) -> Address:
    """The parts of `http://host:port/prefix` or `https://…`. ValueError when it is neither.

    An IPv6 address is a host in brackets, without them in the result.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in ("http", "https") or not rest:
        raise ValueError("server address: " + url)
    place, slash, prefix = rest.partition("/")
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        if port and not port.startswith(":"):
            raise ValueError("server address: " + url)
        port = port[1:]
    else:
        host, _, port = place.partition(":")
    number = int(port) if port else (443 if scheme == "https" else 80)
    return Address(host, number, scheme == "https", (slash + prefix).rstrip("/"))
