"""The manifest of a release: the bytes that are signed, and what is wrong with them.

The board checks the same before it takes a release. Here it is said before any board is asked.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast

from yaguts.domain.firmware.release import Release, UpdateReason
from yaguts.services.firmware.chips import CHIPS
from yaguts_wire.update_words import MAX_FILES, MAX_MANIFEST_BYTES, MAX_RELEASE_BYTES
from yaguts_wire.values import MAX_ID

PATH = re.compile(r"yaguts_(device|wire)(/[A-Za-z0-9_]+)+\.(mpy|html)", re.ASCII)
"""A path in a slot, of a module or a page; nothing outside it."""
_LATEST = 1 << 33
"""The latest expiry, in unix seconds: in 2242."""
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}", re.ASCII)
_KEY_ID = re.compile(r"[0-9a-f]{16}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MODULUS = re.compile(r"[0-9a-f]{768}")


class BadRelease(Exception):
    """A release that no board must take. `reason` is the one that a board would tell."""

    def __init__(self, reason: UpdateReason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as the manifest lists it."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read. `add_key` (a modulus in hex) and `retire_key` (the id of a key)
    announce other keys to the boards that run the release.
    """

    release: Release
    files: tuple[ListedFile, ...]
    add_key: str | None = None
    retire_key: str | None = None


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest. Raises `BadRelease`."""
    if len(content) > MAX_MANIFEST_BYTES:
        raise BadRelease(UpdateReason.TOO_LARGE, f"The manifest has {len(content)} bytes.")
    try:
        told = json.loads(content)
        return _manifest(told)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadRelease(UpdateReason.MALFORMED, f"The manifest cannot be read: {error}") from None


def check_files(manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Insist that the files are those of the manifest. Raises `BadRelease`."""
    if set(files) != {file.path for file in manifest.files}:
        raise BadRelease(UpdateReason.MALFORMED, "The files are not those of the manifest.")
    for file in manifest.files:
        content = files[file.path]
        if len(content) != file.size:
            raise BadRelease(UpdateReason.SIZE, f"{file.path} has {len(content)} bytes.")
        if sha256(content).hexdigest() != file.sha256:
            raise BadRelease(UpdateReason.HASH, f"{file.path} is not the file that was signed.")


def _manifest(told: dict[str, Any]) -> Manifest:
    server, files = told["server"], told["files"]
    if len(files) > MAX_FILES:
        raise BadRelease(UpdateReason.TOO_MANY, f"{len(files)} files; {MAX_FILES} at most.")
    found = tuple(_listed_file(each) for each in files)
    paths = [file.path for file in found]
    if paths != sorted(set(paths)) or not paths:
        raise ValueError("files")
    total = sum(file.size for file in found)
    if total > MAX_RELEASE_BYTES:
        raise BadRelease(UpdateReason.TOO_LARGE, f"{total} bytes; {MAX_RELEASE_BYTES} at most.")
    release = Release(
        number=_whole(told["release"], 1),
        version=_matching(_VERSION, told["version"]),
        hardware=_one_of(CHIPS, told["hardware"]),
        bytecode=_matching(_VERSION, told["bytecode"]),
        micropython=_perhaps(_VERSION, told.get("micropython")),
        server_from=_matching(_VERSION, server["from"]),
        server_to=_perhaps(_VERSION, server.get("to")),
        expires_at=datetime.fromtimestamp(_whole(told["expires"], 1, _LATEST), UTC),
        key_id=_matching(_KEY_ID, told["key"]),
    )
    return Manifest(
        release,
        found,
        _perhaps(_MODULUS, told.get("add_key")),
        _perhaps(_KEY_ID, told.get("retire_key")),
    )


def _listed_file(told: dict[str, Any]) -> ListedFile:
    path = told["path"]
    if not isinstance(path, str) or not PATH.fullmatch(path):
        raise BadRelease(UpdateReason.PATH, f"{path!r} is not a path in a slot.")
    return ListedFile(path, _whole(told["size"], 1), _matching(_DIGEST, told["sha256"]))


def _whole(value: object, least: int, most: int = MAX_ID) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(value)
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(value)
    return value


def _perhaps(pattern: re.Pattern[str], value: object) -> str | None:
    return None if value is None else _matching(pattern, value)


def _one_of(known: Mapping[str, Any], value: object) -> str:
    if value not in known:
        raise ValueError(value)
    return cast("str", value)
