"""Backups that are kept: a folder with one of each of the last days, weeks and months."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from yaguts.domain.retention import is_due, last, to_keep
from yaguts.services.ops.backups.backup import PACKED, Check, make
from yaguts.services.ops.backups.drill import Unbalanced
from yaguts.services.ops.backups.working_folder import working_folder
from yaguts.services.runtime.files.last_backup import last_backup, note, note_file
from yaguts.settings import Settings
from yaguts.storage.db.copying.copies import CopyError, write_out

_NAMES = "yaguts-%Y-%m-%dT%H-%M-%SZ.backup"
"""Without colons, which a USB stick's file system may refuse."""
UNBALANCED = "yaguts-unbalanced.backup"


def keep(settings: Settings, now: datetime, check: Check) -> Path:
    """Make a backup in the backup folder, and remove what is no longer to be kept.

    One whose books don't balance is put there as `UNBALANCED`, and nothing is removed for it.
    Raises `CopyError`, `OSError`; `AtWork` while another process is at it.
    """
    folder = backup_folder(settings)
    with working_folder(folder) as work:
        file = folder / name_of(now)
        try:
            make(settings, work, now, check).replace(file)
        except Unbalanced:
            (work / PACKED).replace(folder / UNBALANCED)
            raise
        write_out(folder)  # before an earlier one goes
        note(settings, file, now)
        _thin_out(folder, settings, now)
    return file


def due(settings: Settings, now: datetime) -> bool:
    """Whether it is time for a backup. Raises `CopyError`, `OSError`.

    Where another server has made the last one, that is noted here too.
    """
    folder = backup_folder(settings)
    made = kept_in(folder)
    latest = last(made, now)
    if latest is None or is_due(latest, settings.backup_every, now):
        return True
    noted = last_backup(settings)
    if noted is None or noted.file != str(made[latest].absolute()):
        note(settings, made[latest], latest)
    return False


def backup_folder(settings: Settings) -> Path:
    """The folder for backups, which must be there. Raises `CopyError`."""
    folder = settings.backup_folder
    if folder is None:
        raise CopyError("YAGUTS_BACKUP_FOLDER: name the folder in which backups are kept")
    if not folder.is_dir():
        raise CopyError(
            f"YAGUTS_BACKUP_FOLDER: there is no folder {folder.absolute()}. If a disk belongs"
            " there, mount it"
        )
    last = last_backup(settings)
    was_there = last is not None and Path(last.file).parent == folder.absolute()
    if was_there and not kept_in(folder):
        raise CopyError(
            f"YAGUTS_BACKUP_FOLDER: there is no backup in {folder.absolute()}, and there was one."
            " If a disk belongs there, mount it; if the folder is a new one, remove"
            f" {note_file(settings)}"
        )
    return folder


def kept_in(folder: Path) -> Mapping[datetime, Path]:
    """The backups in the folder, by the time in their names."""
    found: dict[datetime, Path] = {}
    for file in folder.glob("yaguts-*.backup"):
        with suppress(ValueError):  # Somebody else's, or `UNBALANCED`.
            found[datetime.strptime(file.name, _NAMES).replace(tzinfo=UTC)] = file
    return found


def name_of(made_at: datetime) -> str:
    """The name of a backup."""
    return made_at.astimezone(UTC).strftime(_NAMES)


def _thin_out(folder: Path, settings: Settings, now: datetime) -> None:
    made = kept_in(folder)
    for moment in made.keys() - to_keep(made, settings.backups_kept, now):
        made[moment].unlink(missing_ok=True)
