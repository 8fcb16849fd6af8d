"""The file of a backup: a tar archive with a manifest that holds a checksum of each file."""

import os
import re
import shutil
import tarfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

MANIFEST, DATABASE, KEY, BOARDS = "manifest.json", "database", "secret.key", "boards/"
TOKEN_FILES = ("config.token_a", "config.token_b", "config.beat_s")
"""What a virtual board keeps of its token: see `yaguts_device.journal.identity`."""
_OURS = re.compile(rf"{MANIFEST}|{DATABASE}|{KEY}|{BOARDS}[\w.-]+/({'|'.join(TOKEN_FILES)})")


def files_in(folder: Path) -> Iterable[str]:
    """The files of an unpacked backup, by their names in the archive."""
    return sorted(
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
    )


def pack(folder: Path, packed: Path) -> None:
    """Write the files into a new archive that only its owner may read."""
    names = files_in(folder)
    handle = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as output:
        with tarfile.open(fileobj=output, mode="w") as archive:
            for name in names:
                archive.add(folder / name, name)
        output.flush()
        os.fsync(output.fileno())


def unpack(file: Path, folder: Path) -> None:
    """Take out what a backup holds. Raises `ValueError` for anything else in it."""
    with tarfile.open(file, "r:") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is None or not _OURS.fullmatch(member.name):
                raise ValueError(f"{member.name} does not belong there")
            target = folder / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as output:
                shutil.copyfileobj(content, output)


def check_sums(folder: Path, sums: Mapping[str, str]) -> None:
    """Hold the files against the manifest. Raises `ValueError`."""
    for name, expected in sums.items():
        if checksum(folder / name) != expected:
            raise ValueError(f"{name} is not what it was")
    if set(files_in(folder)) != {*sums, MANIFEST}:
        raise ValueError("there are other files in it")


def checksum(file: Path) -> str:
    """SHA-256 of the file, in hexadecimal."""
    with file.open("rb") as opened_file:
        digest = sha256()
        while piece := opened_file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
