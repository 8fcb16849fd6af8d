"""Releases that are signed in the simulator, with keys that protect nothing.

Their primes are written down here, so that a history is always the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

from yaguts_wire.update_words import PUBLIC_EXPONENT, SIGNATURE_BYTES

_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


class SigningKey:
    """An RSA key of 3,072 bits."""

    def __init__(self, p: int, q: int) -> None:
        self._n = p * q
        self._d = pow(PUBLIC_EXPONENT, -1, (p - 1) * (q - 1))

    @property
    def modulus(self) -> bytes:
        """The public part, as a board holds it."""
        return self._n.to_bytes(SIGNATURE_BYTES, "big")

    def sign(self, data: bytes) -> bytes:
        """A signature of the data: PKCS#1 v1.5 with SHA-256."""
        end = b"\0" + _SHA256_INFO + sha256(data).digest()
        padded = b"\0\1" + b"\xff" * (SIGNATURE_BYTES - 2 - len(end)) + end
        return pow(int.from_bytes(padded, "big"), self._d, self._n).to_bytes(SIGNATURE_BYTES, "big")


@dataclass(frozen=True)
class SignedRelease:
    """A release as a server holds it."""

    number: int
    manifest: bytes
    signature: bytes
    files: Mapping[str, bytes] = field(hash=False)

    def in_slot(self, slot: str) -> dict[str, bytes]:
        """What a board has in a slot that holds this release."""
        found = {f"/{slot}/{path}": content for path, content in self.files.items()}
        return {**found, f"/{slot}/manifest.json": self.manifest}


def make_release(
    number: int, contents: Mapping[str, bytes], key: SigningKey, **facts: Any
) -> SignedRelease:
    """A signed release of these files. `facts` stand in the place of the usual ones."""
    told: dict[str, Any] = {
        "version": "0.2.0",
        "release": number,
        "hardware": "esp32",
        "bytecode": "6.3",
        "micropython": "1.28",
        "server": {"from": "0.2.0", "to": None},
        "expires": 4_000_000_000,
        "key": "",
        "files": [
            {"path": path, "size": len(content), "sha256": sha256(content).hexdigest()}
            for path, content in sorted(contents.items())
        ],
        **facts,
    }
    manifest = json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    return SignedRelease(number, manifest, key.sign(manifest), dict(sorted(contents.items())))


def small_files(seed: int, count: int = 3, size: int = 200) -> dict[str, bytes]:
    """So many files of so many bytes."""
    random = Random(seed)
    return {f"yaguts_device/part_{place}.mpy": random.randbytes(size) for place in range(count)}


OWNER = SigningKey(
    int(
        "f4ce47e98efc122cc258399f4a2b6d17c03b54c4c223c372d61e87e612d004ba05329d8764e2b3a8"
        "3b2307a8e09fe7b28b3ccb3d4c40b4c48d281d21595e0647e373b69e8eee1fadaf9d5e1b0738741f"
        "37ab6268a07f5ad8a9edeeeed419d76d83c078a890971a83fbfd02119ab079971a5824603d4ac13c"
        "b3a8d7cd4d1adff5f93cca02b0d59d79d4c4ab25aa899b6346c4d8a926701b6586def2d443d6bc18"
        "7fe2c8457244872f69ee48a61ed8016874e8b2a76a11f30751adc160122c8533",
        16,
    ),
    int(
        "c3400d4e47c0875286f82fc337973545edec9dba7a706e11ac91867de1dfcf009dfcd820ae320163"
        "4222d09b4b9007937241342017c5e12163aee92f17ded1f9280589500cd18467c4af576b492a340a"
        "b39a0eb3ed2b3cf983570537ddf9e57f959693b73df46ddee063cf340b9b19808228a0f536d79d74"
        "3a8a204dfea28fa0139d149ecf7e93430a7f2808bea01bb1a9342fc9118b06ce2cc653e1fdfdd1aa"
        "6548bc6411ab7e239b4f587e33781c358975d9b88535c170bd7b2e497ba68253",
        16,
    ),
)
"""Whose modulus the boards hold."""
STRANGER = SigningKey(
    int(
        "e1df17253529b74b6b1f9c282ae70cea5c578bdbb1f5defca2a5c3316e4b4344abace2f3bf9769d4"
        "7ad244f794e198fbed78b95fe6b071bfe89e480705a31ee66551061c3b6fdbbd2c12d9173cd62f7e"
        "1245b5e83d79ca63bb1697d10220e90592069c9d94342b12c6cd362a1e1e8bcbb9bd34b2e26169e8"
        "4b73553f03d381ea127015c328c44600976f919bd9eac1dbb5d5431fc6b46e633f86dcff57584383"
        "ddb8f30b81c47c259f1db554e2077cca47e11bae72be8365e132a55de9287865",
        16,
    ),
    int(
        "bd574121826e484cd0007167de53df17d6a08998d9bab35d392dc9b9e533ed6d1b0302b36b5ebee2"
        "3ee7bb09d9db702f38a78812d3cce5ecff0ceac2721f0ee03700e7213578b36d11c02493166c3a9b"
        "54b66224508ef9979bc2e83a97718c6d37c2f470cf633e1d65f968a5c5dbdc5b6304afe0117b8c3d"
        "0dcaee1f9c98281bd59338c1471034a5e7620ab94fd6b005a73bc964c7eac633851fd486b08ea502"
        "4abf64afdab6d6ac3b712879b03ac25c5c2227d578c9bdb3f0e5ff3d085c1029",
        16,
    ),
)
"""Whom no board knows."""
