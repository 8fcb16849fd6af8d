"""The keys with which releases are signed: RSA-3072, PKCS#1 v1.5 with SHA-256.

That is what a board can verify with the integers of its interpreter. The private key stays in a
file of the maker's, encrypted; boards and server have the public one.
"""

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from yaguts_wire.update_words import PUBLIC_EXPONENT, SIGNATURE_BYTES

_BITS = SIGNATURE_BYTES * 8
_ID_DIGITS = 16
PUBLIC_SUFFIX = ".pub"


class BadKey(Exception):
    """A file that holds no key of the kind that is needed. The text says what to do."""


class PublicKey:
    """With which a release is verified."""

    def __init__(self, key: rsa.RSAPublicKey) -> None:
        self._key = key
        der = key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.id = sha256(der).hexdigest()[:_ID_DIGITS]

    @property
    def modulus(self) -> bytes:
        """The key as a board holds it: 384 bytes, big endian."""
        return self._key.public_numbers().n.to_bytes(SIGNATURE_BYTES, "big")

    def has_signed(self, content: bytes, signature: bytes) -> bool:
        """Whether the signature is one of this content by this key."""
        try:
            self._key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def as_pem(self) -> bytes:
        """The key as it is kept in a file."""
        return self._key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


class PrivateKey:
    """With which a release is signed."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> PublicKey:
        """The key that goes with it."""
        return PublicKey(self._key.public_key())

    def signature_of(self, content: bytes) -> bytes:
        """384 bytes."""
        return self._key.sign(content, padding.PKCS1v15(), hashes.SHA256())

    def as_pem(self, password: str) -> bytes:
        """The key as it is kept in a file, encrypted."""
        return self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password.encode()),
        )


def new_key() -> PrivateKey:
    """A key that nobody else has."""
    return PrivateKey(rsa.generate_private_key(PUBLIC_EXPONENT, _BITS))


def write_pair(file: Path, key: PrivateKey, password: str) -> Path:
    """Write the private key into a file that only its owner may read, and the public key beside it.

    Returns the public key's file. Raises `FileExistsError`: a key is never overwritten.
    """
    public = file.with_name(file.name + PUBLIC_SUFFIX)
    if public.exists():
        raise FileExistsError(public)
    _create(file, key.as_pem(password), 0o600)
    _create(public, key.public.as_pem(), 0o644)
    return public


def read_private(file: Path, password: str) -> PrivateKey:
    """Read a private key. Raises `BadKey`, also for a wrong password."""
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password.encode())
    except ValueError:
        raise BadKey(f"{file}: not a private key, or the password is wrong.") from None
    except TypeError:
        raise BadKey(
            f"{file} is not encrypted: make a key with `yaguts firmware keygen`."
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size != _BITS:
        raise BadKey(f"{file}: not an RSA key of {_BITS} bits.")
    return PrivateKey(key)


def read_public(file: Path) -> PublicKey:
    """Read a public key. Raises `BadKey`."""
    try:
        key = serialization.load_pem_public_key(file.read_bytes())
    except ValueError:
        raise BadKey(f"{file}: not a public key. Its file ends in {PUBLIC_SUFFIX}.") from None
    if not isinstance(key, rsa.RSAPublicKey) or not _fits(key):
        raise BadKey(f"{file}: not an RSA key of {_BITS} bits with exponent {PUBLIC_EXPONENT}.")
    return PublicKey(key)


def _fits(key: rsa.RSAPublicKey) -> bool:
    return key.key_size == _BITS and key.public_numbers().e == PUBLIC_EXPONENT


def _create(file: Path, content: bytes, mode: int) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
