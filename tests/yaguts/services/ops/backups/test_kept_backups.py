"""Kept backups: which are made, which stay, and what a folder that cannot be used says."""

import fcntl
import json
import stat
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect

import pytest

from tests.support.builders import NOW
from tests.support.databases import SQLITE, Databases
from yaguts.domain.retention import Retention
from yaguts.services.ops.backups.backup import back_up, unchecked
from yaguts.services.ops.backups.copy_before import copy_before_restore, copy_before_upgrade
from yaguts.services.ops.backups.drill import Unbalanced, balanced, verify
from yaguts.services.ops.backups.kept_backups import UNBALANCED, due, keep, kept_in, name_of
from yaguts.services.ops.backups.working_folder import AtWork
from yaguts.services.runtime.files.last_backup import last_backup
from yaguts.settings import Settings
from yaguts.storage.db.copying.copies import CopyError

DAY = timedelta(days=1)


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Settings:
    folder = tmp_path / "backups"
    folder.mkdir()
    return Settings(databases.migrated(SQLITE, tmp_path), backup_folder=folder)


def folder_of(settings: Settings) -> Path:
    assert settings.backup_folder is not None
    return settings.backup_folder


def names(settings: Settings) -> set[str]:
    return {path.name for path in folder_of(settings).iterdir()}


def change(settings: Settings, statement: str) -> None:
    with closing(connect(settings.database_url.removeprefix("sqlite:///"))) as database, database:
        database.execute(statement)


def unbalance(settings: Settings) -> None:
    change(
        settings,
        "INSERT INTO people (id, name, name_key, password_hash, created_at)"
        " VALUES (1, 'Ana', 'ana', 'x', '2026-01-01 00:00:00')",
    )
    change(settings, "PRAGMA foreign_keys=OFF")
    change(
        settings,
        "INSERT INTO jars (dispenser_id, number, stock_known, stock_mg, held_mg)"
        " VALUES (1, 1, 1, 5, 0)",
    )


@contextmanager
def locked(folder: Path) -> Generator[None]:
    with (folder / ".yaguts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_a_kept_backup_is_private_noted_and_can_be_restored(settings: Settings) -> None:
    file = keep(settings, NOW, balanced(settings))

    assert file.name == "yaguts-2026-01-31T18-00-00Z.backup" == name_of(NOW)
    assert names(settings) == {file.name}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert verify(file, settings).made_at == NOW
    noted = folder_of(settings).parent / "last-backup.json"
    assert stat.S_IMODE(noted.stat().st_mode) == 0o600
    assert json.loads(noted.read_text()) == {
        "at": "2026-01-31T18:00:00+00:00",
        "file": str(file),
        "bytes": file.stat().st_size,
        "verified": True,
    }


def test_the_oldest_go_when_a_new_one_is_there(settings: Settings) -> None:
    settings = replace(settings, backups_kept=Retention(2, 0, 0))
    other = folder_of(settings) / "yaguts-of-mine.backup"
    other.touch()
    for day in range(4):
        keep(settings, NOW + day * DAY, unchecked)

    assert names(settings) == {name_of(NOW + 2 * DAY), name_of(NOW + 3 * DAY), other.name}


def test_one_is_due_after_its_time(settings: Settings) -> None:
    assert due(settings, NOW)
    keep(settings, NOW, unchecked)
    assert not due(settings, NOW + DAY / 2)
    assert due(settings, NOW + DAY)


def test_the_backup_that_another_server_made_is_noted_too(settings: Settings) -> None:
    other = folder_of(settings) / name_of(NOW)
    other.write_bytes(b"a backup")
    assert not due(settings, NOW)
    noted = last_backup(settings)
    assert noted is not None
    assert (noted.file, noted.bytes) == (str(other), 8)


def test_unbalanced_books_replace_no_backup(settings: Settings) -> None:
    settings = replace(settings, backups_kept=Retention(1, 0, 0))
    good = keep(settings, NOW, balanced(settings))
    noted = last_backup(settings)
    unbalance(settings)

    for day in (1, 2):
        with pytest.raises(Unbalanced, match="stock: dispenser 1, jar 1"):
            keep(settings, NOW + day * DAY, balanced(settings))

    assert names(settings) == {good.name, UNBALANCED}
    assert last_backup(settings) == noted
    with pytest.raises(Unbalanced):
        verify(folder_of(settings) / UNBALANCED, settings)


def test_a_file_is_replaced_only_by_one_whose_books_balance(settings: Settings) -> None:
    file = folder_of(settings) / "my.backup"
    back_up(settings, file, NOW, balanced(settings))
    before = file.read_bytes()
    unbalance(settings)

    with pytest.raises(Unbalanced):
        back_up(settings, file, NOW + DAY, balanced(settings))

    assert file.read_bytes() == before
    assert names(settings) == {file.name}


def test_what_a_killed_backup_left_goes_with_the_next(settings: Settings) -> None:
    left = folder_of(settings) / ".yaguts-killed"
    left.mkdir()
    (left / "database").touch()
    (folder_of(settings) / ".yaguts.lock").touch()

    file = keep(settings, NOW, unchecked)

    assert names(settings) == {file.name}


def test_one_process_at_a_time_is_at_work_in_a_folder(settings: Settings) -> None:
    left = folder_of(settings) / ".yaguts-working"
    left.mkdir()
    with locked(folder_of(settings)), pytest.raises(AtWork, match="another backup or restore"):
        keep(settings, NOW, unchecked)
    assert left.exists()


def test_a_missing_folder_is_not_made(settings: Settings) -> None:
    nowhere = folder_of(settings) / "stick"
    missing = replace(settings, backup_folder=nowhere)
    with pytest.raises(CopyError, match=r"there is no folder .*/stick\. If a disk belongs"):
        keep(missing, NOW, unchecked)
    with pytest.raises(CopyError, match="there is no folder"):
        due(missing, NOW)
    assert not nowhere.exists()


def test_a_folder_whose_disk_is_not_mounted_is_left_empty(settings: Settings) -> None:
    keep(settings, NOW, unchecked).unlink()

    with pytest.raises(CopyError, match=r"there was one.* remove .*last-backup\.json"):
        keep(settings, NOW + DAY, unchecked)
    assert names(settings) == set()

    (folder_of(settings).parent / "last-backup.json").unlink()
    assert keep(settings, NOW + DAY, unchecked).exists()


def test_a_database_of_this_version_needs_no_copy(settings: Settings) -> None:
    assert copy_before_upgrade(settings, NOW) is None
    assert [path.name for path in folder_of(settings).parent.glob("*.copies")] == []


def test_the_last_copies_are_kept_and_no_more(settings: Settings) -> None:
    change(settings, "UPDATE alembic_version SET version_num = '0002'")
    settings = replace(settings, upgrade_copies=2)
    made = [copy_before_upgrade(settings, NOW - day * DAY) for day in (0, 3, 1)]

    # A clock that went back does not remove the copy that was made just now.
    assert None not in made
    assert set(kept_in(folder_of(settings).parent / "yaguts.db.copies").values()) == {
        made[0],
        made[2],
    }


def test_fewer_copies_than_may_be_kept_all_stay(settings: Settings) -> None:
    change(settings, "UPDATE alembic_version SET version_num = '0002'")
    settings = replace(settings, upgrade_copies=4)
    made = {copy_before_upgrade(settings, NOW + day * DAY) for day in range(3)}
    assert set(kept_in(folder_of(settings).parent / "yaguts.db.copies").values()) == made


def test_no_copy_is_made_for_whoever_wants_none(settings: Settings) -> None:
    none = replace(settings, upgrade_copies=0)
    change(settings, "UPDATE alembic_version SET version_num = '0002'")
    assert copy_before_upgrade(none, NOW) is None
    assert copy_before_restore(none, NOW) is None
    made = copy_before_restore(settings, NOW)
    assert made is not None
    assert made.exists()


def test_a_backup_says_of_which_version_its_database_is(settings: Settings, tmp_path: Path) -> None:
    """An earlier Yaguts can restore the copy that was made before it was upgraded."""
    change(settings, "UPDATE alembic_version SET version_num = '0002'")
    file = tmp_path / "old.backup"
    seen: list[str] = []
    back_up(settings, file, NOW, lambda backup: seen.append(backup.schema))
    assert seen == ["0002"]
