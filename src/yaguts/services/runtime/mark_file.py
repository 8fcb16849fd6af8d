"""The high-water mark: a file beside the database that says how far the database had come."""

import json
import os
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from yaguts.domain.high_water_mark import Mark
from yaguts.services.runtime.server_files import beside


def mark_beside(database_url: str) -> Path | None:
    """The file of the mark of this database. None for a database in memory."""
    return beside(database_url, f".{sha256(database_url.encode()).hexdigest()[:8]}.mark")


class HighWaterMark:
    """Stores the mark in a file, or in memory without one."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._mark: Mark | None = None

    def read(self) -> Mark | None:
        """The stored mark. None when there is none, or none that can be read."""
        if self._file is None or not self._file.exists():
            return self._mark
        try:
            return Mark(**json.loads(self._file.read_text("ascii")))
        except (ValueError, TypeError):
            return None

    def keep(self, mark: Mark) -> None:
        """Store a mark. The file is never half written."""
        if mark == self.read():
            return
        self._mark = mark
        if self._file is not None:
            half = self._file.with_name(f"{self._file.name}.{os.getpid()}")
            half.write_text(json.dumps(asdict(mark)), "ascii")
            half.replace(self._file)

    def forget(self) -> None:
        """Forget the mark in memory: another database is to be watched."""
        self._mark = None
