"""A note in the data folder of the last good backup, for whoever watches its age."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from yaguts.services.runtime.files.server_files import beside, write_privately
from yaguts.settings import Settings

NAME = "last-backup.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When it was made, its path, and its size. It was verified."""

    at: datetime
    file: str
    bytes: int


def note(settings: Settings, file: Path, made_at: datetime) -> None:
    """Write down that this backup is the last."""
    target = note_file(settings)
    if target is not None:
        said = {
            "at": made_at.astimezone(UTC).isoformat(timespec="seconds"),
            "file": str(file.absolute()),
            "bytes": file.stat().st_size,
            "verified": True,
        }
        write_privately(target, json.dumps(said).encode("utf-8"))


def last_backup(settings: Settings) -> LastBackup | None:
    """What the note says; None when there is none, or none that can be read."""
    file = note_file(settings)
    try:
        return None if file is None else _read(json.loads(file.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _read(said: dict[str, Any]) -> LastBackup | None:
    at, size = datetime.fromisoformat(said["at"]), said["bytes"]
    known = at.tzinfo is not None and isinstance(size, int) and said["verified"] is True
    return LastBackup(at, str(said["file"]), size) if known else None


def note_file(settings: Settings) -> Path | None:
    """Where the note is. None for a database in memory."""
    database = beside(settings, "")
    return None if database is None else database.absolute().with_name(NAME)
