"""A backup: the database, the secret key, the mark and the tokens of virtual boards in one file.

The journals of virtual boards are left out: a journal that went back would pour again.
"""

import json
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
from yaguts.services.runtime.mark_file import mark_of
from yaguts.services.runtime.server_files import beside, write_privately
from yaguts.settings import Settings
from yaguts.storage.db import copies
from yaguts.storage.db.copies import CopyError
from yaguts.storage.db.ours import newest_version

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


def back_up(settings: Settings, file: Path, now: datetime) -> None:
    """Write the backup of a database while servers run on it. Raises `CopyError`, `OSError`.

    The file is readable by its owner alone, verified, and never half there.
    """
    url = settings.database_url
    if not copies.is_there(url):
        raise CopyError(f"there is no database at {url}")
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".yaguts-") as made:
        folder = Path(made)
        copies.copy(url, folder / DATABASE)
        _gather(settings, folder)
        _describe(settings, folder, now)
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


def lay_back(backup: Backup, settings: Settings) -> None:
    """Put a backup in the place of the database, and its key and tokens beside it.

    Nobody may have the database open: see `storage.db.in_use`. Raises `CopyError`, `OSError`.
    """
    url = settings.database_url
    if backup.kind != _kind(url):
        raise CopyError(f"the backup is of {backup.kind}, the database is of {_kind(url)}")
    copies.lay(backup.database, url)
    key, boards = beside(settings, ".key"), beside(settings, ".virtual")
    if key is not None and (backup.folder / KEY).exists():
        _replace(backup.folder / KEY, key)
    if boards is not None:
        for token in sorted((backup.folder / BOARDS).glob("*/*")):
            _replace(token, boards / token.parent.name / token.name)


def latest_mark(backup: Backup, settings: Settings) -> Mark | None:
    """The mark of whichever had come further: the backup, or the database that it replaces."""
    marks = [backup.mark, mark_of(settings).read()]
    return max((mark for mark in marks if mark), key=lambda mark: mark.epoch, default=None)


def _kind(url: str) -> str:
    return "postgresql" if copies.sqlite_file(url) is None else "sqlite"


def _gather(settings: Settings, folder: Path) -> None:
    key, boards = beside(settings, ".key"), beside(settings, ".virtual")
    if key is not None and key.exists():
        (folder / KEY).write_bytes(key.read_bytes())
    for board in () if boards is None or not boards.exists() else sorted(boards.iterdir()):
        for name in TOKEN_FILES:
            if (board / name).exists():
                (folder / BOARDS / board.name).mkdir(parents=True, exist_ok=True)
                (folder / BOARDS / board.name / name).write_bytes((board / name).read_bytes())


def _describe(settings: Settings, folder: Path, now: datetime) -> None:
    mark = mark_of(settings).read()
    manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "kind": _kind(settings.database_url),
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
    target.parent.mkdir(parents=True, exist_ok=True)
    write_privately(target, source.read_bytes(), durably=True)
