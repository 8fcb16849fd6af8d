"""The address that rate limits count and the audit log names."""

import pytest

from yaguts.http.access import UNKNOWN, counted_address


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("64:ff9b::203.0.113.7", "203.0.113.7"),
        ("2a00:1450:4009:81a::200e", "2a00:1450:4009:81a::/64"),
        ("2a00:1450:4009:81a:1:2:3:4", "2a00:1450:4009:81a::/64"),
        ("fe80::1", "fe80::1"),
        ("fe80::2%wlan0", "fe80::2"),
        ("fd00::1", "fd00::1"),
        ("::1", "::1"),
        ("a" * 200, UNKNOWN),
        ("somewhere", UNKNOWN),
    ],
)
def test_the_address_that_is_counted(host: str, counted: str) -> None:
    assert counted_address(host) == counted
