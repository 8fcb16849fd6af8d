"""A backup: the database, the secret key, the mark and the tokens of virtual boards in one file.

The journals of virtual boards are left out: a journal that went back would pour again.
"""

import json
import os
import tarfile
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from yaguts.domain.high_water_mark import Mark
from yaguts.services.ops.backup_file import (
    BOARDS,
    DATABASE,
    KEY,
    MANIFEST,
    TOKEN_FILES,
    check_sums,
    checksum,
    files_in,
    pack,
    unpack,
)
from yaguts.services.runtime.mark_file import HighWaterMark, mark_beside
from yaguts.services.runtime.server_files import beside
from yaguts.storage.db import copies
from yaguts.storage.db.copies import CopyError
from yaguts.storage.db.migrate import newest_version

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Backup:
    """An unpacked and verified backup. `folder` holds its files."""

    folder: Path
    made_at: datetime
    mark: Mark | None
    kind: str
    schema: str

    @property
    def database(self) -> Path:
        """The copy of the database."""
        return self.folder / DATABASE


def back_up(url: str, file: Path, now: datetime) -> None:
    """Write the backup of a database while servers run on it. Raises `CopyError`, `OSError`.

    The file is readable by its owner alone, verified, and never half there.
    """
    if not copies.is_there(url):
        raise CopyError(f"there is no database at {url}")
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".yaguts-") as made:
        folder = Path(made)
        copies.copy(url, folder / DATABASE)
        _gather(url, folder)
        _describe(url, folder, now)
        packed = folder / "backup.tar"
        pack(folder, packed)
        with opened(packed):
            pass  # Every file is there, with its checksum.
        packed.replace(file)


@contextmanager
def opened(file: Path) -> Generator[Backup]:
    """Unpack a backup into a folder of its own, and verify it. Raises `CopyError`, `OSError`."""
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".yaguts-") as unpacked:
        folder = Path(unpacked)
        try:
            unpack(file, folder)
            manifest = json.loads((folder / MANIFEST).read_bytes())
            check_sums(folder, manifest["files"])
            backup = _read(folder, manifest)
        except (tarfile.TarError, ValueError, LookupError, TypeError) as error:
            raise CopyError(f"{file} is no backup of Yaguts, or is damaged ({error})") from None
        if manifest["format"] > FORMAT or backup.schema > newest_version():
            raise CopyError(f"{file} was made by a newer version of Yaguts")
        if backup.kind == "sqlite":
            copies.verify(backup.database)
        yield backup


def lay_back(backup: Backup, url: str) -> None:
    """Put a backup in the place of the database, and its key and tokens beside it.

    Nobody may have the database open: see `storage.db.in_use`. Raises `CopyError`, `OSError`.
    """
    if backup.kind != _kind(url):
        raise CopyError(f"the backup is of {backup.kind}, the database is of {_kind(url)}")
    copies.lay(backup.database, url)
    key, boards = beside(url, ".key"), beside(url, ".virtual")
    if key is not None and (backup.folder / KEY).exists():
        _replace(backup.folder / KEY, key)
    if boards is not None:
        for token in sorted((backup.folder / BOARDS).glob("*/*")):
            _replace(token, boards / token.parent.name / token.name)


def latest_mark(backup: Backup, url: str) -> Mark | None:
    """The mark of whichever had come further: the backup, or the database that it replaces."""
    file = mark_beside(url)
    marks = [backup.mark, None if file is None else HighWaterMark(file).read()]
    return max((mark for mark in marks if mark), key=lambda mark: mark.epoch, default=None)


def _kind(url: str) -> str:
    return "postgresql" if copies.sqlite_file(url) is None else "sqlite"


def _gather(url: str, folder: Path) -> None:
    key, boards = beside(url, ".key"), beside(url, ".virtual")
    if key is not None and key.exists():
        (folder / KEY).write_bytes(key.read_bytes())
    for board in () if boards is None or not boards.exists() else sorted(boards.iterdir()):
        for name in TOKEN_FILES:
            if (board / name).exists():
                (folder / BOARDS / board.name).mkdir(parents=True, exist_ok=True)
                (folder / BOARDS / board.name / name).write_bytes((board / name).read_bytes())


def _describe(url: str, folder: Path, now: datetime) -> None:
    file = mark_beside(url)
    mark = None if file is None else HighWaterMark(file).read()
    manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "kind": _kind(url),
        "schema": newest_version(),
        "mark": None if mark is None else asdict(mark),
        "files": {name: checksum(folder / name) for name in files_in(folder)},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")


def _read(folder: Path, manifest: Mapping[str, Any]) -> Backup:
    mark = None if manifest["mark"] is None else Mark(**manifest["mark"])
    made_at = datetime.fromisoformat(manifest["made_at"])
    return Backup(folder, made_at, mark, manifest["kind"], manifest["schema"])


def _replace(source: Path, target: Path) -> None:
    """Put the file there, readable by its owner alone, and never half."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.{os.getpid()}~")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as output:
        output.write(source.read_bytes())
        output.flush()
        os.fsync(output.fileno())
    half.replace(target)
