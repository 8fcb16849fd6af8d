"""What lies in the slots: the firmware that runs, the keys, and a release on its way.

/key_a, /key_b                   the keys that sign releases: see `signature`
/update.json, /update.sig        the manifest of the release on its way, and its signature
/update.part                     the beginning of the file that is fetched
/a, /b                           in each: modules, manifest.json, manifest.sig if it was signed
"""

from hashlib import sha256

from yaguts_device.net.errors import ReleaseRefused
from yaguts_device.update.manifest import read_facts, release_number
from yaguts_wire.update_words import SIGNATURE_BYTES

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import BoardFiles

SLOTS = "ab"
KEYS = ("/key_a", "/key_b")
MANIFEST, SIGNATURE = "/manifest.json", "/manifest.sig"
COMING, COMING_SIGNATURE, PART = "/update.json", "/update.sig", "/update.part"


def digest_of(files: "BoardFiles", path: str) -> bytes:
    """The SHA-256 of a file, read back from the flash."""
    sha = sha256()
    for piece in files.pieces(path):
        sha.update(piece)
    return sha.digest()


def keys(files: "BoardFiles") -> "list[bytes]":
    """The keys that the board holds."""
    held = [b"".join(files.pieces(path)) for path in KEYS]
    return [key for key in held if len(key) == SIGNATURE_BYTES]


def key_ids(files: "BoardFiles") -> "list[str]":
    """Their names."""
    from yaguts_device.update.signature import key_id

    return [key_id(key) for key in keys(files)]


def is_signed_by_owner(files: "BoardFiles", manifest: str, signature: str) -> bool:
    """Whether one of the keys has signed the file `manifest`."""
    from yaguts_device.update.signature import is_signed

    signed = b"".join(files.pieces(signature)) if files.size(signature) == SIGNATURE_BYTES else b""
    digest = digest_of(files, manifest)
    return any([is_signed(digest, signed, key) for key in keys(files)])


def release_in(files: "BoardFiles", manifest: str) -> int:
    """The number of the release that the file describes; 0 when it is none."""
    try:
        return release_number(read_facts(files.pieces(manifest)))
    except ReleaseRefused:
        return 0
