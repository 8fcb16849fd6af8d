"""Signposts: files beside a database that keep servers away from it.

One says that the kitchen has moved, the other that a restore was not finished.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yaguts.services.runtime.files.server_files import beside, write_privately
from yaguts.settings import BadSetting, Settings
from yaguts.storage.db.copying.copies import sqlite_file
from yaguts.storage.db.database import place_of_postgresql

_OF = "database"


class Signpost:
    """One of the files. `of` says which database of PostgreSQL's it is about."""

    def __init__(self, file: Path | None, of: str) -> None:
        self.file, self._of = file, of

    def read(self) -> Mapping[str, Any] | None:
        """What it says; None when there is none, or it is about another database."""
        if self.file is None or not self.file.exists():
            return None
        try:
            said = dict(json.loads(self.file.read_bytes()))
        except (ValueError, TypeError):
            return {}
        return said if said.get(_OF, self._of) == self._of else None

    def put(self, **said: str | bool) -> None:
        """Put it there, so that it outlives a power cut."""
        if self.file is not None:
            text = json.dumps(said | ({_OF: self._of} if self._of else {}))
            write_privately(self.file, text.encode("utf-8"), durably=True)

    def take_away(self) -> None:
        """Remove it."""
        if self.read() is not None and self.file is not None:
            self.file.unlink()


def moved(settings: Settings) -> Signpost:
    """Says where the kitchen has moved `to`, and whether it is `whole` there."""
    return Signpost(beside(settings, ".moved"), _of(settings))


def restoring(settings: Settings) -> Signpost:
    """Says that a backup is being laid here."""
    return Signpost(beside(settings, ".restoring"), _of(settings))


def place(settings: Settings) -> str:
    """Where a database is, without who signs in there and how."""
    file = sqlite_file(settings.database_url)
    return place_of_postgresql(settings.database_url) if file is None else str(file.absolute())


def insist_on_none(settings: Settings) -> None:
    """Raise `BadSetting` if a signpost stands there."""
    if restoring(settings).read() is not None:
        raise BadSetting(
            "A restore of this database was not finished: say `yaguts db restore FILE` again"
        )
    sign = moved(settings)
    said = sign.read()
    if said is not None:
        whole = said.get("whole", False)
        raise BadSetting(
            f"This kitchen {'has moved' if whole else 'was about to move'} to {said.get('to')}:"
            f" {'name' if whole else 'say `yaguts db copy` again, then name'} that database in"
            f" YAGUTS_DATABASE_URL. To stay here all the same, remove {sign.file}"
        )


def _of(settings: Settings) -> str:
    sqlite = settings.database_url.startswith("sqlite:")
    return "" if sqlite else place_of_postgresql(settings.database_url)
