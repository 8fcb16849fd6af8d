"""The high-water mark: a file beside the database that says how far the database had come."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from yaguts.domain.high_water_mark import Mark
from yaguts.services.runtime.files.server_files import beside, write_privately
from yaguts.settings import Settings
from yaguts.storage.db.database import place_of_postgresql

_OF = "database"


class HighWaterMark:
    """Stores the mark in a file, or in memory without one.

    `of` says which database of PostgreSQL's the mark is of, for such a file lies beside none.
    `former` are files of an earlier version, read until there is one of this version.
    """

    def __init__(self, file: Path | None = None, of: str = "", former: Sequence[Path] = ()) -> None:
        self.file, self.of = file, of
        self._former = former
        self._mark: Mark | None = None
        self.told_of_lost_tail = False

    def read(self) -> Mark | None:
        """The stored mark. None when there is none of this database, or none that can be read."""
        if self.file is None:
            return self._mark
        if self.file.exists():
            return None if self.of_another() else _mark(self.file)
        marks = [mark for mark in map(_mark, self._former) if mark]
        return max(marks, key=lambda mark: (mark.epoch, mark.movement), default=None)

    def of_another(self) -> str:
        """Which other database the stored mark is of; "" when it is of ours, or there is none."""
        stored = {} if self.file is None else _content(self.file)
        named = str(stored.get(_OF, self.of))
        return "" if named == self.of else named

    def keep(self, mark: Mark) -> None:
        """Store a mark. The file is never half written."""
        self._mark = mark
        if self.file is None or (self.file.exists() and mark == self.read()):
            return
        named = {_OF: self.of} if self.of else {}
        write_privately(self.file, json.dumps(asdict(mark) | named).encode("ascii"))
        for file in self._former:
            file.unlink(missing_ok=True)

    def forget(self) -> None:
        """Forget the mark in memory: another database is to be watched."""
        self._mark = None


def mark_of(settings: Settings) -> HighWaterMark:
    """The mark of the database. Earlier versions named its file by a hash of the address too."""
    file = beside(settings, ".mark")
    if file is None:
        return HighWaterMark()
    url = settings.database_url
    if url.startswith("sqlite:"):  # A folder that was moved has another address.
        return HighWaterMark(file, former=sorted(file.parent.glob(f"{file.stem}.????????.mark")))
    former = file.with_suffix(f".{sha256(url.encode()).hexdigest()[:8]}.mark")
    return HighWaterMark(file, of=place_of_postgresql(url), former=(former,))


def _mark(file: Path) -> Mark | None:
    stored = _content(file)
    stored.pop(_OF, None)
    try:
        return Mark(**stored) if stored else None
    except TypeError:
        return None


def _content(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text("ascii")))
    except (FileNotFoundError, ValueError, TypeError):
        return {}
