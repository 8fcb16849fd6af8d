"""What helps against what a board says of its server."""

import pytest

from yaguts.services.firmware.usb.log import remedy
from yaguts_device.net.certificates import explained


def said_after(error: str) -> str:
    return f"not answered: no answer: {explained(error)[0]}"


@pytest.mark.parametrize(
    ("error", "helps"),
    [
        ("OSError('no authority',)", "device trust URL"),
        ("ValueError('The certificate is not correctly signed by the trusted CA',)", "trust URL"),
        ("ValueError('The certificate validity has expired',)", "clock"),
        ("ValueError('The certificate validity starts in the future',)", "clock"),
        ("ValueError('Common Name does not match with the expected CN',)", "device config"),
        ("OSError(-29184, 'MBEDTLS_ERR_SSL_INVALID_RECORD')", "http://"),
        ("OSError(113,)", "--host 0.0.0.0"),
    ],
)
def test_each_bad_server_has_its_remedy(error: str, helps: str) -> None:
    assert helps in remedy([said_after(error)])


def test_what_was_mended_meanwhile_has_none() -> None:
    heard = [
        "not answered: no connection: OSError('no Wi-Fi',)",
        "Wi-Fi ok, 192.168.1.20",
        said_after("OSError('no authority',)"),
        "portal: closed",
    ]

    assert "device trust URL" in remedy(heard)
    assert "2.4 GHz" in remedy(heard[:1])
