"""Secrets that people and dispensers hold: how they are made, and what is kept of them."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from yaguts.services.runtime.context import Randomness, Site

TOKEN_BYTES = 32


def new_token(randomness: Randomness) -> str:
    """256 bits that nobody guesses, as 43 characters fit for a header or a cookie."""
    return urlsafe_b64encode(randomness(TOKEN_BYTES)).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What is kept of a token. A token is long enough to need neither salt nor key."""
    return sha256(token.encode()).hexdigest()


def code_hash(site: Site, code: str) -> str:
    """What is kept of a claim code: short, so it is hashed with the site's secret key."""
    return hmac.new(site.settings.secret_key.encode(), code.encode(), sha256).hexdigest()
