"""A TLS context that verifies the certificate chain, the host name and the dates, or nothing."""

import ssl


def client_context(authority_der: bytes) -> "ssl.SSLContext":
    """For connections to servers whose certificate this authority (DER) has signed.

    OSError without an authority.
    """
    if not authority_der:
        raise OSError("no authority")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=authority_der)
    return context


def unchecked_context() -> "ssl.SSLContext":
    """For connections over which nothing secret goes and nothing is believed but a date."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if hasattr(context, "check_hostname"):
        context.check_hostname = False  # type: ignore[attr-defined]  # CPython
    context.verify_mode = ssl.CERT_NONE
    return context
