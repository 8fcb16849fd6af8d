"""Which addresses others can use, and how they are written."""

import socket
import time

import pytest

from yaguts.http import lan_addresses
from yaguts.http.lan_addresses import addresses_of, bracketed, is_for_others, seen_by_others

LAN = ("192.168.1.20", "fd00::20")


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with an address of each kind."""
    monkeypatch.setattr(lan_addresses, "lan_addresses", lambda: LAN)


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("0.0.0.0", LAN[:1]),
        ("::", LAN),
        ("127.0.0.1", ()),
        ("::1", ()),
        ("localhost", ()),
        ("192.168.1.20", ("192.168.1.20",)),
        ("fe80::1", ()),
        ("pi.local", ("pi.local",)),
    ],
)
@pytest.mark.usefixtures("at_home")
def test_what_a_server_listens_on_says_how_others_reach_it(
    host: str, addresses: tuple[str, ...]
) -> None:
    assert addresses_of(host) == addresses


def test_none_of_this_machines_own_addresses_is_only_its_own() -> None:
    assert all(is_for_others(one) for one in lan_addresses.lan_addresses())


@pytest.mark.parametrize(
    ("host", "written"),
    [("fd00::2", "[fd00::2]"), ("::ffff:127.0.0.1", "127.0.0.1"), ("10.0.0.1", "10.0.0.1"),
     ("pi.local", "pi.local"), ("fe80::1%eth0", "[fe80::1%eth0]")],
)  # fmt: skip
def test_an_address_of_ipv6_is_in_brackets(host: str, written: str) -> None:
    assert bracketed(host) == written


def test_an_address_of_this_computer_alone_gives_way_to_one_that_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lan_addresses, "lan_addresses", lambda: ("127.0.0.3", "::1"))
    with socket.socket(socket.AF_INET6) as listener:
        listener.bind(("::1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        assert seen_by_others(f"http://localhost:{port}/sub") == f"http://[::1]:{port}/sub"
    assert seen_by_others(f"http://localhost:{port}") == f"http://localhost:{port}"
    assert seen_by_others("https://kitchen.example") == "https://kitchen.example"


def test_addresses_that_never_answer_cost_little_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_address: tuple[str, int], timeout_s: float) -> socket.socket:
        time.sleep(timeout_s)
        raise TimeoutError

    monkeypatch.setattr(lan_addresses, "lan_addresses", lambda: (*LAN, "10.0.0.1", "10.0.0.2"))
    monkeypatch.setattr(socket, "create_connection", never)
    began = time.monotonic()

    assert seen_by_others("http://localhost:8000/") == "http://localhost:8000/"
    assert time.monotonic() - began < 0.5
