"""A push service on this computer, and a browser that decrypts what is sent to it.

Both are written after RFC 8030, 8291 and 8292 with `cryptography` alone, so that they share no code
with what they test.
"""

import json
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.device.chains import HOST, make_chain


def b64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@dataclass
class Browser:
    """A browser with keys of its own."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = b"sixteen of them."

    @property
    def form(self) -> dict[str, str]:
        """What it gives to a site."""
        return {
            "endpoint": self.endpoint,
            "p256dh": b64(point(self.key)),
            "auth": b64(self.secret),
        }

    def decrypted(self, body: bytes) -> Any:
        """The message (RFC 8291 in one record, RFC 8188)."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), other)
        info = b"WebPush: info\0" + point(self.key) + sender
        secret = derived(shared, self.secret, info, 32)
        key = derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert plain[-1] == 2  # the last record
        return json.loads(plain[:-1])


@dataclass(frozen=True)
class Pushed:
    """One request to the push service."""

    path: str
    headers: dict[str, str]
    body: bytes

    def claims(self, public_key: str) -> dict[str, Any]:
        """What the token says, after its signature was checked (RFC 8292)."""
        scheme, _, rest = self.headers["Authorization"].partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert (scheme, given["k"]) == ("vapid", public_key)
        signed, _, signature = given["t"].rpartition(".")
        header, claims = (json.loads(raw(part)) for part in signed.split("."))
        assert header == {"typ": "JWT", "alg": "ES256"}
        r, s = raw(signature)[:32], raw(signature)[32:]
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(public_key))
        key.verify(
            utils.encode_dss_signature(int.from_bytes(r), int.from_bytes(s)),
            signed.encode(),
            ec.ECDSA(hashes.SHA256()),
        )
        return claims


@dataclass
class PushService:
    """What a push service was sent, and what it answers."""

    authority: Path
    port: int = 0
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict[str, str])
    pushed: list[Pushed] = field(default_factory=list[Pushed])

    @property
    def origin(self) -> str:
        return f"https://{HOST}:{self.port}"

    def browser(self, name: str = "one") -> Browser:
        return Browser(f"{self.origin}/push/{name}")


@contextmanager
def push_service(folder: Path) -> Generator[PushService]:
    """A push service over HTTPS, with the certificate of an authority of its own."""
    chain = make_chain("EC leaf", folder)
    authority = folder / "authority.pem"
    certificate = x509.load_der_x509_certificate(chain.authority.read_bytes())
    authority.write_bytes(certificate.public_bytes(Encoding.PEM))
    service = PushService(authority)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            service.pushed.append(Pushed(self.path, dict(self.headers), body))
            self.send_response(service.status)
            for name, value in service.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain.shown)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
