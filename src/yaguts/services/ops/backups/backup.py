"""A backup: the database, the secret key, the mark and the tokens of virtual boards in one file.

The journals of virtual boards are left out: a journal that went back would pour again.
"""

import json
import shutil
import tarfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from yaguts.domain.high_water_mark import Mark
from yaguts.services.ops.backups.backup_file import (
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
from yaguts.services.ops.backups.working_folder import working_folder
from yaguts.services.runtime.files.last_backup import note
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.services.runtime.files.server_files import beside, write_privately
from yaguts.services.runtime.files.signposts import restoring
from yaguts.settings import Settings
from yaguts.storage.db.copying import copies
from yaguts.storage.db.copying.copies import CopyError, HalfLaid
from yaguts.storage.db.ours import contents, newest_version

FORMAT = 1
PACKED = "backup.tar"


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


Check = Callable[[Backup], None]
"""Raises an error for a backup that is not good enough."""


def unchecked(_backup: Backup) -> None:
    """Ask no more of a backup than that it is whole."""


def back_up(settings: Settings, file: Path, now: datetime, check: Check = unchecked) -> None:
    """Write the backup of a database while servers run on it. Raises `CopyError`, `OSError`.

    The file is readable by its owner alone, verified, and never half there. Whatever `check` raises
    leaves an earlier file in its place.
    """
    with working_folder(file.absolute().parent) as folder:
        make(settings, folder, now, check).replace(file)
    note(settings, file, now)


def make(settings: Settings, folder: Path, now: datetime, check: Check) -> Path:
    """Make a backup in a working folder, as `PACKED`, and verify it. Raises as `back_up` does."""
    url = settings.database_url
    if not copies.is_there(url):
        raise CopyError(f"there is no database at {url}")
    content, packed = folder / "content", folder / PACKED
    content.mkdir()
    copies.copy(url, content / DATABASE)
    _gather(settings, content)
    _describe(settings, content, now)
    pack(content, packed)
    shutil.rmtree(content)
    check(unpacked(packed, folder / "verified"))
    return packed


@contextmanager
def opened(file: Path, at: Path) -> Generator[Backup]:
    """Unpack a backup into a working folder in `at`, and verify it. Raises as `unpacked` does."""
    with working_folder(at) as folder:
        yield unpacked(file, folder / "unpacked")


def unpacked(file: Path, folder: Path) -> Backup:
    """Unpack a backup into a new folder, and verify it. Raises `CopyError`, `OSError`."""
    folder.mkdir()
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
    return backup


def lay_back(backup: Backup, settings: Settings) -> None:
    """Put a backup in the place of the database, and its key and tokens beside it.

    Nobody may have the database open: see `storage.db.in_use`. A signpost keeps servers away from
    the beginning on; the caller takes it away at the end. Raises `CopyError`, `OSError`.
    """
    url, sign = settings.database_url, restoring(settings)
    if backup.kind != _kind(url):
        raise CopyError(f"the backup is of {backup.kind}, the database is of {_kind(url)}")
    seen = contents(url)
    has_others = seen is not None and seen.version not in ("", backup.schema)
    sign.put(made_at=backup.made_at.isoformat())
    try:
        copies.lay(backup.database, url, cleared=has_others)
    except HalfLaid:
        raise
    except CopyError:
        sign.take_away()
        raise
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


def _schema(url: str) -> str:
    seen = contents(url)
    return newest_version() if seen is None else seen.version


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
        "schema": _schema(settings.database_url),
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
