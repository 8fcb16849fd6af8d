"""Whether a release is signed by a key that the board holds: RSA-3072, PKCS#1 v1.5, SHA-256. Pure.

A key is the modulus, 384 bytes, big endian; its exponent is 65537.
"""

from binascii import hexlify
from hashlib import sha256

from yaguts_wire.update_words import PUBLIC_EXPONENT, SIGNATURE_BYTES

_SHA256_INFO = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
"""Stands before the digest: DER for "SHA-256, 32 bytes"."""
_KEY_HEAD = (
    b"\x30\x82\x01\xa2\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"
    b"\x03\x82\x01\x8f\x00\x30\x82\x01\x8a\x02\x82\x01\x81\x00"
)
_KEY_END = b"\x02\x03\x01\x00\x01"
"""A modulus between these two is a public key in DER (SubjectPublicKeyInfo)."""
_ID_DIGITS = 16


def is_signed(digest: bytes, signature: bytes, modulus: bytes) -> bool:
    """Whether the holder of the key has signed what has this SHA-256."""
    if len(signature) != SIGNATURE_BYTES or len(modulus) != SIGNATURE_BYTES:
        return False
    number, n = int.from_bytes(signature, "big"), int.from_bytes(modulus, "big")
    if number >= n:
        return False
    return pow(number, PUBLIC_EXPONENT, n).to_bytes(SIGNATURE_BYTES, "big") == _padded(digest)


def _padded(digest: bytes) -> bytes:
    end = b"\x00" + _SHA256_INFO + digest
    return b"\x00\x01" + b"\xff" * (SIGNATURE_BYTES - 2 - len(end)) + end


def key_id(modulus: bytes) -> str:
    """The key's name: the first 16 digits of the SHA-256 of the public key's DER."""
    return hexlify(sha256(_KEY_HEAD + modulus + _KEY_END).digest()).decode()[:_ID_DIGITS]
