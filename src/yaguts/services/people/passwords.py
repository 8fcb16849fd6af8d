"""Passwords: which are refused, how they are hashed, how one is checked."""

from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from yaguts.domain.errors import Overloaded, WeakPassword
from yaguts.services.runtime.context import Randomness

# OWASP's parameters for Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32)
_SALT_BYTES = 16
_COMMONEST = 3000
_SHORTEST = 8

# A flood of sign-ins may use two cores and 38 MiB, and eight of the server's threads.
_AT_ONCE = BoundedSemaphore(2)
_PLACES = BoundedSemaphore(8)
_WAIT_S = 2

_NOBODY = (
    f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    f"${b64encode(bytes(_SALT_BYTES)).decode().rstrip('=')}"
    f"${b64encode(bytes(_HASHER.hash_len)).decode().rstrip('=')}"
)
"""The hash that is checked for an unknown name, so that the answer takes as long."""


@contextmanager
def a_place() -> Generator[None]:
    """A place among those who hash or wait to. Raises `Overloaded` when there is none.

    Whoever waits holds a thread. All other calls need threads, too.
    """
    if not _PLACES.acquire(blocking=False):
        raise Overloaded(wait_s=_WAIT_S)
    try:
        yield
    finally:
        _PLACES.release()


def hash_password(password: str, randomness: Randomness) -> str:
    """The hash of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password, salt=randomness(_SALT_BYTES))


def is_password(password: str, kept: str | None) -> bool:
    """Whether the hash is that of the password. None: false, after the same time."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODY, password) and kept is not None
        except VerifyMismatchError:
            return False


def insist_on_uncommon(password: str) -> None:
    """Refuse the 3,000 most common passwords. Raises `WeakPassword`."""
    if password.casefold() in _common():
        raise WeakPassword


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    # Imported on first use: the lists are large, and most servers see one registration.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    long_enough = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= _SHORTEST]
    return frozenset(long_enough[:_COMMONEST])
