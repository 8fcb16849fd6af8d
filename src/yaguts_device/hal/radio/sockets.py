"""Sockets for whoever comes to the board. They never wait."""

import socket

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

_WAITING = 5
"""So many connections wait to be accepted; others try again by themselves."""


def listening(host: str, port: int, datagrams: bool) -> "Any":
    """A socket at this address, for connections or for datagrams. OSError when there is none."""
    kind = socket.SOCK_DGRAM if datagrams else socket.SOCK_STREAM
    made = socket.socket(socket.AF_INET, kind)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(socket.getaddrinfo(host, port)[0][-1])
        if not datagrams:
            made.listen(_WAITING)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made
