"""A copy of the database before it is upgraded or replaced, so that there is a way back."""

from datetime import datetime
from pathlib import Path

from yaguts.services.ops.backups.backup import make, unchecked
from yaguts.services.ops.backups.kept_backups import kept_in, name_of
from yaguts.services.ops.backups.working_folder import working_folder
from yaguts.services.runtime.files.server_files import beside
from yaguts.settings import Settings
from yaguts.storage.db.ours import contents, newest_version


def copy_before_upgrade(settings: Settings, now: datetime) -> Path | None:
    """Make a copy if the database is of an older version. None: no copy is needed or wanted.

    Of several servers that are started together the first does it. Raises `CopyError`, `OSError`.
    """
    folder = _wanted_folder(settings)
    if folder is None or not _is_old(settings):
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    with working_folder(folder, patient=True) as work:
        return _copied(settings, folder, work, now) if _is_old(settings) else None


def copy_before_restore(settings: Settings, now: datetime) -> Path | None:
    """Make a copy of the database that is to be replaced, if there is one. Raises as above."""
    folder = _wanted_folder(settings)
    seen = contents(settings.database_url)
    if folder is None or seen is None or not seen.version:
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    with working_folder(folder, patient=True) as work:
        return _copied(settings, folder, work, now)


def _wanted_folder(settings: Settings) -> Path | None:
    return beside(settings, ".copies") if settings.upgrade_copies else None


def _is_old(settings: Settings) -> bool:
    seen = contents(settings.database_url)
    return seen is not None and "" < seen.version < newest_version()


def _copied(settings: Settings, folder: Path, work: Path, now: datetime) -> Path:
    file = folder / name_of(now)
    make(settings, work, now, unchecked).replace(file)
    earlier = sorted(made for made in kept_in(folder).values() if made != file)
    for old in earlier[: max(0, len(earlier) + 1 - settings.upgrade_copies)]:
        old.unlink()
    return file
