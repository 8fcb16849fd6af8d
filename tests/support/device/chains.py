"""Chains of certificates such as servers show, made for "localhost", and their authorities."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
HOST = "localhost"
FROM, TO = dt.datetime(2025, 1, 1, tzinfo=dt.UTC), dt.datetime(2125, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Chain:
    """Files: what a server shows with its key (PEM), and the authority for the board (DER)."""

    shown: Path
    authority: Path


def make_chain(name: str, folder: Path) -> Chain:
    """One of `CHAINS`, from the authority down to the server's certificate."""
    keys = [_key(kind) for kind in CHAINS[name]]
    names = ["authority", *["intermediate"] * (len(keys) - 2), HOST]
    signers = [(keys[0], names[0]), *zip(keys, names, strict=True)]
    certificates = [
        _signed(key, name, *by) for key, name, by in zip(keys, names, signers, strict=False)
    ]
    shown, authority = folder / "server.pem", folder / "authority.der"
    key = keys[-1].private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    sent = [each.public_bytes(Encoding.PEM) for each in reversed(certificates[1:])]
    shown.write_bytes(b"".join([key, *sent]))
    authority.write_bytes(certificates[0].public_bytes(Encoding.DER))
    return Chain(shown, authority)


CHAINS = {
    "EC leaf": ("EC", "EC"),
    "RSA-2048 leaf and intermediate": ("RSA-2048", "RSA-2048", "RSA-2048"),
    "EC chain under RSA-4096": ("RSA-4096", "EC", "EC"),
}
"""The kinds of their keys, from the authority to the server."""


def _key(kind: str) -> Key:
    if kind == "EC":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, int(kind.removeprefix("RSA-")))


def _signed(key: Key, name: str, by: Key, issuer: str) -> x509.Certificate:
    is_authority = name != HOST
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(TO)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
    )
    if not is_authority:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False
        )
    return builder.sign(by, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
