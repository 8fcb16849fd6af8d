"""A TLS context that verifies the certificate chain, the host name and the dates."""

import ssl


def client_context(authority_der: bytes) -> "ssl.SSLContext":
    """For connections to servers whose certificate this authority (DER) has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=authority_der)
    return context
