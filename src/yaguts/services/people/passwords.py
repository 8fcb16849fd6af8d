"""Passwords: which are refused, how they are hashed, how one is checked.

Accounts that come from version 0.1 keep its bcrypt hash until their person signs in.
"""

import os
import threading
from base64 import b64encode
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from precis_i18n import get_profile

from yaguts.domain.errors import Overloaded, WeakPassword
from yaguts.services.runtime.context import Randomness

# OWASP's parameters for Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32)
_SALT_BYTES = 16
_OPAQUE_STRING = get_profile("OpaqueString")
_ARGON2, _BCRYPT = "$argon2", "$2"
_BCRYPT_BYTES = 72
"""bcrypt looks at no more of a password."""
_COMMONEST = 3000
_SHORTEST = 8


def _give_way() -> None:
    """Let every other thread go before this one, where the system has priorities of threads."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _PRIORITY)


# A flood of sign-ins may use two cores and 38 MiB, and eight of the server's threads. Hashing has
# threads of its own, because each thread that has hashed keeps its 19 MiB.
_HASHING = ThreadPoolExecutor(2, "hashing", initializer=_give_way)
_PLACES = BoundedSemaphore(8)
_WAIT_S = 2
_PRIORITY = 10

_NOBODY = (
    f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    f"${b64encode(bytes(_SALT_BYTES)).decode().rstrip('=')}"
    f"${b64encode(bytes(_HASHER.hash_len)).decode().rstrip('=')}"
)
"""The hash that is checked for an unknown name, so that the answer takes as long."""
_NOBODY_OLD = f"$2b$12${'.' * 53}"
"""The same among accounts of version 0.1."""


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
    """The hash of a password, however it is typed: of its form after RFC 8265."""
    prepared, salt = _prepared(password), randomness(_SALT_BYTES)
    return _HASHING.submit(_HASHER.hash, prepared, salt=salt).result()


def is_password(password: str, kept: str | None, *, some_are_old: bool = False) -> bool:
    """Whether the hash is that of the password. None: false, after the same time.

    It may be the hash of the password as it is typed: earlier versions kept that. `some_are_old`:
    while there are hashes of version 0.1, every check takes as long as both kinds.
    """
    old = kept if kept is not None and kept.startswith(_BCRYPT) else None
    new = kept if kept is not None and kept.startswith(_ARGON2) else None
    matches = _matches(password, new) or (
        _prepared(password) != password and _matches(_prepared(password), new)
    )
    if some_are_old or old is not None:
        matches = _HASHING.submit(_is_old, password, old).result() or matches
    return matches


def is_outdated(password: str, kept: str) -> bool:
    """Whether the password is right, and would be hashed otherwise now.

    Of one that is longer than bcrypt sees nobody knows whether the rest is right.
    """
    if kept.startswith(_BCRYPT):
        return len(password.encode()) <= _BCRYPT_BYTES
    return _prepared(password) != password and _matches(password, kept)


def _matches(form: str, kept: str | None) -> bool:
    try:
        _HASHING.submit(_HASHER.verify, kept or _NOBODY, form).result()
    except VerifyMismatchError:
        return False
    return kept is not None


def _is_old(password: str, kept: str | None) -> bool:
    import bcrypt  # noqa: PLC0415 - most servers never need it

    seen = password.encode()[:_BCRYPT_BYTES]
    try:
        return bcrypt.checkpw(seen, (kept or _NOBODY_OLD).encode()) and kept is not None
    except ValueError:  # It is no hash.
        return False


def _prepared(password: str) -> str:
    """The same for every way in which keyboards send a password; as it is if there is none."""
    try:
        return _OPAQUE_STRING.enforce(password)
    except UnicodeEncodeError:
        return password


def insist_on_uncommon(password: str) -> None:
    """Refuse the 3,000 most common passwords. Raises `WeakPassword`."""
    if _prepared(password).casefold() in _common():
        raise WeakPassword


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    # Imported on first use: the lists are large, and most servers see one registration.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    long_enough = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= _SHORTEST]
    return frozenset(long_enough[:_COMMONEST])
