"""Tokens and codes: how they are made, and their hashes."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from yaguts.services.runtime.context import Randomness, Site

TOKEN_BYTES = 32


def new_token(randomness: Randomness) -> str:
    """256 random bits, as 43 characters that fit a header or a cookie."""
    return urlsafe_b64encode(randomness(TOKEN_BYTES)).decode().rstrip("=")


def token_hash(token: str) -> str:
    """The hash of a token. A token is long enough to need neither salt nor key."""
    return sha256(token.encode()).hexdigest()


def keyed_hash(site: Site, text: str) -> str:
    """The hash of a text with the site's secret key, which nobody else can make.

    For what is short, such as a pairing code, and for signatures.
    """
    return hmac.new(site.settings.secret_key.encode(), text.encode(), sha256).hexdigest()
