"""What is wrong with a server's certificate, in a sentence for the log.

Needed only when a connection fails, so it is imported then.
"""

_SENTENCES = (
    ("no authority", "this board has no certificate to trust the server by"),
    ("validity has expired", "the server's certificate has expired, or the clock is ahead"),
    ("starts in the future", "the server's certificate is not valid yet, or the clock is behind"),
    ("does not match", "the certificate is that of another server"),
    ("not correctly signed", "the certificate is not signed by the authority on this board"),
    ("INVALID_RECORD", "what answers speaks no TLS"),
    ("BAD_CERTIFICATE", "the certificate cannot be read"),
    # CPython's words
    ("certificate has expired", "the server's certificate has expired, or the clock is ahead"),
    ("not yet valid", "the server's certificate is not valid yet, or the clock is behind"),
    ("mismatch", "the certificate is that of another server"),
    ("CERTIFICATE_VERIFY_FAILED", "the certificate is not signed by the authority on this board"),
    ("WRONG_VERSION_NUMBER", "what answers speaks no TLS"),
)
_OF_DATES = ("expired", "not valid yet")


def explained(error: str) -> "tuple[str, bool]":
    """(the error as a sentence, or as it is; whether it is about dates)."""
    for words, sentence in _SENTENCES:
        if words in error:
            return sentence, any([word in sentence for word in _OF_DATES])
    return error, False
