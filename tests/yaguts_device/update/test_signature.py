"""What a key of the owner's has signed is believed: `cryptography` signs, the board checks."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from yaguts_device.update.signature import is_signed, key_id

MANIFEST = b'{"release":7}\n'
DIGEST = sha256(MANIFEST).digest()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 3072)


def modulus(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_numbers().n.to_bytes(384, "big")


def signed(key: rsa.RSAPrivateKey, data: bytes = MANIFEST) -> bytes:
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def test_what_the_owner_signed_is_believed(key: rsa.RSAPrivateKey) -> None:
    assert is_signed(DIGEST, signed(key), modulus(key))


@pytest.mark.parametrize(
    "change",
    [
        lambda signature: bytes([signature[0] ^ 0x40]) + signature[1:],
        lambda signature: signature[:-1] + bytes([signature[-1] ^ 1]),
        lambda signature: signature[:-1],
        lambda signature: signature + b"\0",
        lambda _signature: b"",
        lambda _signature: bytes(384),
        lambda _signature: b"\xff" * 384,
    ],
    ids=["first byte", "last bit", "shorter", "longer", "nothing", "zeros", "above the modulus"],
)
def test_any_other_signature_is_not(
    key: rsa.RSAPrivateKey, change: Callable[[bytes], bytes]
) -> None:
    assert not is_signed(DIGEST, change(signed(key)), modulus(key))


def test_other_bytes_are_not_what_was_signed(key: rsa.RSAPrivateKey) -> None:
    assert not is_signed(sha256(MANIFEST + b" ").digest(), signed(key), modulus(key))


def test_another_padding_is_no_signature(key: rsa.RSAPrivateKey) -> None:
    of_length = padding.PSS.DIGEST_LENGTH
    pss = key.sign(MANIFEST, padding.PSS(padding.MGF1(hashes.SHA256()), of_length), hashes.SHA256())

    assert not is_signed(DIGEST, pss, modulus(key))


def test_another_hash_is_no_signature(key: rsa.RSAPrivateKey) -> None:
    assert not is_signed(
        DIGEST, key.sign(MANIFEST, padding.PKCS1v15(), hashes.SHA512()), modulus(key)
    )


def test_a_key_has_the_name_that_its_der_gives_it(key: rsa.RSAPrivateKey) -> None:
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    assert key_id(modulus(key)) == sha256(der).hexdigest()[:16]
