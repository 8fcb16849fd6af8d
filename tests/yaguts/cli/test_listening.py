"""The socket on which `yaguts serve` listens, and who may hold many connections to it."""

import socket
from contextlib import closing

import pytest
import uvicorn

from yaguts.cli.serve import is_proxy, listening


def test_a_connection_sends_at_once_what_it_has() -> None:
    config = uvicorn.Config("yaguts.app:from_environment", port=0, log_level="critical")

    with (
        closing(listening(config)) as listener,
        closing(socket.create_connection(listener.getsockname())),
        closing(listener.accept()[0]) as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.3.4", True),
        ("::ffff:10.0.3.4", True),
        ("192.168.0.7", False),
        ("::ffff:192.168.0.7", False),
        ("fe80::1%eth0", False),
    ],
)
def test_the_connections_of_a_proxy_are_many_peoples(address: str, expected: bool) -> None:
    assert is_proxy(["10.0.0.0/8"], address) == expected


def test_a_server_that_trusts_nobody_still_knows_this_computer() -> None:
    assert is_proxy([], "127.0.0.1")
