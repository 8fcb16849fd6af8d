"""The socket on which `yaguts serve` listens."""

import socket
from contextlib import closing

import uvicorn

from yaguts.cli.serve import listening


def test_a_connection_sends_at_once_what_it_has() -> None:
    config = uvicorn.Config("yaguts.app:from_environment", port=0, log_level="critical")

    with (
        closing(listening(config)) as listener,
        closing(socket.create_connection(listener.getsockname())),
        closing(listener.accept()[0]) as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
