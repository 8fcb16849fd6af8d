"""A release in one file: manifest, signature, modules. The same release gives the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from yaguts.domain.firmware.release import UpdateReason
from yaguts.services.firmware.board_tree import BoardTree, as_bytes
from yaguts.services.firmware.release.keys import PrivateKey, PublicKey
from yaguts.services.firmware.release.manifest import (
    BadRelease,
    Manifest,
    check_files,
    read_manifest,
)
from yaguts_wire.update_words import MAX_FILES, MAX_RELEASE_BYTES

SUFFIX = ".yaguts"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_NO_KEY = "0" * 16
"""Stands in a release that is not signed yet."""
_DATE = (1980, 1, 1, 0, 0, 0)
MOST_BYTES = 2 * MAX_RELEASE_BYTES
"""Of a release's file. What is longer is none."""
_UNREADABLE = (BadZipFile, ValueError, RuntimeError, EOFError)
"""What `zipfile` raises for damaged bytes."""


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A release as it is kept in a file. `signature` is empty until it is signed."""

    manifest: bytes
    signature: bytes
    files: Mapping[str, bytes]

    def read(self) -> Manifest:
        """What the manifest says. Raises `BadRelease`, also when the files are not those."""
        manifest = read_manifest(self.manifest)
        check_files(manifest, self.files)
        return manifest

    def as_zip(self) -> bytes:
        """The file's content."""
        written = BytesIO()
        with ZipFile(written, "w", ZIP_STORED) as archive:
            signed = {SIGNATURE: self.signature} if self.signature else {}
            for name, content in {MANIFEST: self.manifest, **signed, **self.files}.items():
                entry = ZipInfo(name, _DATE)
                entry.create_system = 3  # the same on every system
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content)
        return written.getvalue()


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What a maker says of a release. Versions such as "1.28"; None: any."""

    number: int
    hardware: str
    expires_at: datetime
    micropython: str | None
    server_from: str
    server_to: str | None


def new_release(tree: BoardTree, facts: ReleaseFacts) -> ReleaseFile:
    """A release of this tree, not signed yet. Raises `BadRelease`."""
    told = {
        **tree.facts(),
        "release": facts.number,
        "hardware": facts.hardware,
        "micropython": facts.micropython,
        "server": {"from": facts.server_from, "to": facts.server_to},
        "expires": int(facts.expires_at.timestamp()),
        "key": _NO_KEY,
    }
    release = ReleaseFile(as_bytes(told), b"", dict(sorted(tree.files.items())))
    release.read()
    return release


def signed(
    release: ReleaseFile, key: PrivateKey, add: PublicKey | None = None, retire: str | None = None
) -> ReleaseFile:
    """The release with a signature. `add` and `retire` announce other keys to the boards.

    Raises `BadRelease`.
    """
    release.read()
    told = json.loads(release.manifest)
    told["key"] = key.public.id
    told |= {} if add is None else {"add_key": add.modulus.hex()}
    told |= {} if retire is None else {"retire_key": retire}
    manifest = as_bytes(told)
    read_manifest(manifest)
    return replace(release, manifest=manifest, signature=key.signature_of(manifest))


def verified(release: ReleaseFile, key: PublicKey) -> Manifest:
    """What the release is, if this key has signed it. Raises `BadRelease`."""
    if not release.signature:
        raise BadRelease(UpdateReason.BAD_SIGNATURE, "It is not signed.")
    if not key.has_signed(release.manifest, release.signature):
        raise BadRelease(UpdateReason.BAD_SIGNATURE, f"It is not signed by the key {key.id}.")
    manifest = release.read()
    if manifest.release.key_id != key.id:
        raise BadRelease(UpdateReason.BAD_SIGNATURE, "It names another key than it is signed by.")
    return manifest


def read_release(content: bytes) -> ReleaseFile:
    """A release from a file's content. Raises `BadRelease`."""
    if len(content) > MOST_BYTES:
        raise BadRelease(UpdateReason.TOO_LARGE, f"More than {MOST_BYTES} bytes.")
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = _parts(archive)
    except _UNREADABLE as error:
        raise BadRelease(UpdateReason.MALFORMED, f"This is no release: {error}.") from None
    if MANIFEST not in parts:
        raise BadRelease(UpdateReason.MALFORMED, f"This is no release: {MANIFEST} is missing.")
    manifest, signature = parts.pop(MANIFEST), parts.pop(SIGNATURE, b"")
    return ReleaseFile(manifest, signature, parts)


def _parts(archive: ZipFile) -> dict[str, bytes]:
    """The entries by name, none of them compressed, so that a small file stays one."""
    entries = archive.infolist()
    if len(entries) > MAX_FILES + 2:
        raise BadRelease(UpdateReason.TOO_MANY, f"{len(entries)} entries.")
    if any(entry.compress_type != ZIP_STORED for entry in entries):
        raise BadRelease(UpdateReason.MALFORMED, "This is no release: it is compressed.")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise BadRelease(UpdateReason.TOO_LARGE, f"More than {MOST_BYTES} bytes.")
    if len({entry.filename for entry in entries}) != len(entries):
        raise BadRelease(UpdateReason.MALFORMED, "A file is in it twice.")
    return {entry.filename: archive.read(entry) for entry in entries}
