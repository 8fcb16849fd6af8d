"""The authority by which a board shall trust a server: the root of the server's chain."""

import socket
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from yaguts.services.firmware.usb.errors import UsbError

_TIMEOUT_S = 15
_DER = 2
"""How `_ssl` of Python before 3.13 is asked for a certificate's bytes."""


def root_of(url: str, authority: Path | None = None) -> bytes:
    """The root (DER) of the chain of the server at this address.

    This computer has to trust the server, or the authority (PEM) that is given. Raises `UsbError`.
    """
    host, port = _place(url)
    if authority is None:
        context = ssl.create_default_context()
    else:
        context = _trusting(authority.read_text("utf-8", "replace"), str(authority))
    root = _handshake(host, port, context)[-1]
    _handshake(host, port, _trusting(root, "the root"))
    return root


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise UsbError(f"{url}: only an address with https:// has certificates.")
    try:
        return parts.hostname, parts.port or 443
    except ValueError:
        raise UsbError(f"{url}: the port is no number from 0 to 65535.") from None


def _trusting(authority: str | bytes, named: str) -> ssl.SSLContext:
    """Trusts this authority and no other: as the board will."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=authority)
    except (ssl.SSLError, ValueError, TypeError) as error:
        raise UsbError(f"{named} holds no certificate in PEM: {error}") from None
    return context


def _handshake(host: str, port: int, context: ssl.SSLContext) -> list[bytes]:
    """The verified chain, from the server's own certificate to the root."""
    try:
        with (
            socket.create_connection((host, port), _TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=host) as tls,
        ):
            return _chain(tls)
    except ssl.SSLCertVerificationError as error:
        raise UsbError(
            f"{host} is not to be trusted: {error.verify_message}. If it has an authority of your "
            "own, name its certificate with --authority."
        ) from None
    except OSError as error:
        raise UsbError(f"{host}:{port} does not answer with TLS: {error}") from None


def _chain(tls: ssl.SSLSocket) -> list[bytes]:
    found: Any = getattr(tls, "get_verified_chain", None)
    if found is not None:
        return found()
    # Before 3.13 only the object inside has it.
    return [each.public_bytes(_DER) for each in getattr(tls, "_sslobj").get_verified_chain()]  # noqa: B009
