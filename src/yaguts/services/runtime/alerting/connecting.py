"""A connection to an address that was checked."""

import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPSConnection

TIMEOUT_S = 10


def connected(
    scheme: str, host: str, port: int | None, insist: Callable[[object], None]
) -> HTTPConnection:
    """A connection to the first address of the host. `Host` and certificate are by its name.

    The name is resolved once: what `insist` has seen is connected to. It raises `PrivateAddress`.
    """
    https = scheme == "https"
    found = socket.getaddrinfo(host, port or (443 if https else 80), type=socket.SOCK_STREAM)
    family, kind, protocol, _, where = found[0]
    insist(where[0])
    made = HTTPSConnection(host, port) if https else HTTPConnection(host, port)
    made.auto_open = 0  # It would resolve the name once more.
    with ExitStack() as unless_it_works:
        made.sock = unless_it_works.enter_context(socket.socket(family, kind, protocol))
        made.sock.settimeout(TIMEOUT_S)
        made.sock.connect(where)
        if https:
            context = ssl.create_default_context()
            made.sock = context.wrap_socket(made.sock, server_hostname=host)
        unless_it_works.pop_all()
    return made
